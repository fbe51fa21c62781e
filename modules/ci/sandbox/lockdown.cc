#include "sandbox/lockdown.h"

#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "core/error.h"

namespace skerry::ci::sandbox {
namespace {

void bound(int resource, std::uint64_t value) {
  if (value == 0) return;
  rlimit limit{value, value};
  rlimit now{};
  // Lowering is always allowed; what the daemon itself has stays the roof.
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &now) == 0 &&
      now.rlim_max < value) {
    limit = {now.rlim_max, now.rlim_max};
  }
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) {
    fail_errno("setrlimit");
  }
}

void empty_capabilities() {
  for (int capability = 0; capability <= 63; ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability) != 0 && errno != EINVAL) {
      fail_errno("dropping capabilities");
    }
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2]{};
  if (::syscall(SYS_capset, &header, none) != 0) fail_errno("capset");
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter
#endif

std::vector<long> refused_calls() {
  return {SYS_mount,           SYS_umount2,       SYS_pivot_root,
          SYS_move_mount,      SYS_open_tree,     SYS_fsopen,
          SYS_fsmount,         SYS_fsconfig,      SYS_fspick,
          SYS_mount_setattr,   SYS_setns,         SYS_keyctl,
          SYS_add_key,         SYS_request_key,   SYS_bpf,
          SYS_perf_event_open, SYS_init_module,   SYS_finit_module,
          SYS_delete_module,   SYS_kexec_load,    SYS_reboot,
          SYS_swapon,          SYS_swapoff,       SYS_syslog,
          SYS_userfaultfd,     SYS_io_uring_setup, SYS_io_uring_enter,
          SYS_io_uring_register, SYS_open_by_handle_at, SYS_acct,
          SYS_settimeofday,    SYS_clock_settime, SYS_quotactl};
}

constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;

void statement(std::vector<sock_filter>& code, std::uint16_t what,
               std::uint32_t value) {
  code.push_back(BPF_STMT(what, value));
}

// "if the call is `number`, refuse"
void refuse(std::vector<sock_filter>& code, long number) {
  code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                          static_cast<std::uint32_t>(number), 0, 1));
  statement(code, BPF_RET | BPF_K, kRefuse);
}

// "if the call is `number` and its first argument has CLONE_NEWUSER, refuse"
void refuse_new_user(std::vector<sock_filter>& code, long number) {
  code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                          static_cast<std::uint32_t>(number), 0, 4));
  statement(code, BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args));
  code.push_back(
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1));
  statement(code, BPF_RET | BPF_K, kRefuse);
  statement(code, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}

std::vector<sock_filter> program() {
  std::vector<sock_filter> code;
  statement(code, BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
  // Calls of another architecture (32 bit) have other numbers: refused whole.
  code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  statement(code, BPF_RET | BPF_K, kRefuse);
  statement(code, BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  // So are those of the x32 interface.
  code.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
  statement(code, BPF_RET | BPF_K, kRefuse);
#endif
  for (const long call : refused_calls()) refuse(code, call);
  refuse_new_user(code, SYS_unshare);
  refuse_new_user(code, SYS_clone);
  // clone3 hides its flags behind a pointer; "not implemented" makes the C
  // library fall back to clone.
  code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1));
  statement(code, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
  statement(code, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  return code;
}

}  // namespace

void apply_bounds(const Bounds& bounds) {
  bound(RLIMIT_CPU, bounds.cpu_seconds);
  bound(RLIMIT_AS, bounds.address_space);
  bound(RLIMIT_NPROC, bounds.processes);
  bound(RLIMIT_FSIZE, bounds.file_size);
  bound(RLIMIT_NOFILE, bounds.open_files);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

void drop_privileges(const Spec& spec) {
  if (!spec.user_namespace) {
    if (::setgroups(0, nullptr) != 0) fail_errno("setgroups");
    if (::setresgid(spec.gid, spec.gid, spec.gid) != 0) fail_errno("setresgid");
  }
  // The bounding set needs a capability that becoming another user takes.
  if (::prctl(PR_SET_KEEPCAPS, 1) != 0) fail_errno("keepcaps");
  if (!spec.user_namespace &&
      ::setresuid(spec.uid, spec.uid, spec.uid) != 0) {
    fail_errno("setresuid");
  }
  // After setresuid only the permitted set is left; take it up once more.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (::syscall(SYS_capget, &header, sets) != 0) fail_errno("capget");
  for (auto& set : sets) set.effective = set.permitted;
  if (::syscall(SYS_capset, &header, sets) != 0) fail_errno("capset");
  empty_capabilities();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail_errno("no_new_privs");
  // Nothing inside may trace the first process or read its memory.
  ::prctl(PR_SET_DUMPABLE, 0);
}

void filter_system_calls() {
  if (kArchitecture == 0) return;
  std::vector<sock_filter> code = program();
  sock_fprog filter{static_cast<unsigned short>(code.size()), code.data()};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0 &&
      errno != EINVAL) {
    fail_errno("seccomp");
  }
}

}  // namespace skerry::ci::sandbox
