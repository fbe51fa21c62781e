// The sandbox, step by step. Two processes live here:
//
//   outer  started by the daemon; enters the cgroups, makes the namespaces,
//          waits, passes the exit code on
//   first  process 1 of the new pid namespace; builds the view, drops its
//          powers, starts the command and reaps orphans; when it ends, the
//          kernel kills whatever else runs in the namespace
//
// Each is killed when its parent dies, so nothing outlives the daemon.
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "ci/sandbox_init.h"
#include "core/error.h"
#include "core/os/fd.h"
#include "core/os/file.h"
#include "sandbox/lockdown.h"
#include "sandbox/spec.h"
#include "sandbox/view.h"

namespace skerry::ci {
namespace sandbox {
namespace {

constexpr int kSetUpFailed = 125;

std::string read_standard_input() {
  std::string text;
  char buffer[16 << 10];
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("reading the sandbox spec");
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

void put(const std::string& path, std::string_view text) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) fail_errno(path);
  if (::write(fd.get(), text.data(), text.size()) < 0) fail_errno(path);
}

// --- outer -------------------------------------------------------------------

void enter_cgroups(const Spec& spec) {
  for (const std::string& folder : spec.cgroups) {
    put(folder + "/cgroup.procs", "0");
  }
}

void make_namespaces(const Spec& spec) {
  const auto outer_uid = ::getuid();
  const auto outer_gid = ::getgid();
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
  if (!spec.host_network) flags |= CLONE_NEWNET;
  if (spec.user_namespace) flags |= CLONE_NEWUSER;
  if (::unshare(flags) != 0) fail_errno("making namespaces");
  if (!spec.user_namespace) return;
  put("/proc/self/setgroups", "deny");
  put("/proc/self/uid_map", fmt::format("{} {} 1", spec.uid, outer_uid));
  put("/proc/self/gid_map", fmt::format("{} {} 1", spec.gid, outer_gid));
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return kSetUpFailed;
  }
  return exit_code_of(status);
}

// --- first -------------------------------------------------------------------

void raise_loopback() {
  const Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  if (!fd || ::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) {
    fail_errno("loopback");
  }
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (::ioctl(fd.get(), SIOCSIFFLAGS, &request) != 0) fail_errno("loopback");
}

// Changing the user cleared the wish to die with the parent; express it again
// and see whether the parent (who holds the other end) died in between.
void die_with_parent(int parent_lives) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail_errno("pdeathsig");
  pollfd fd{parent_lives, POLLIN, 0};
  if (::poll(&fd, 1, 0) != 0) ::_exit(kSetUpFailed);
}

// The polite end: everybody inside gets SIGTERM. SIGKILL for this process,
// which is the impolite one, takes all with it.
void pass_on_termination(int) { ::kill(-1, SIGTERM); }

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const std::string& text : strings) {
    out.push_back(const_cast<char*>(text.c_str()));
  }
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void run_command(const Spec& spec, int status) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : spec.environment) {
    variables.push_back(name + "=" + value);
  }
  ::setsid();
  ::signal(SIGTERM, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  if (spec.merge_output) ::dup2(STDOUT_FILENO, STDERR_FILENO);
  std::string problem = spec.folder;
  if (::chdir(spec.folder.c_str()) == 0) {
    ::close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    ::execve(spec.argv.at(0).c_str(), pointers(spec.argv).data(),
             pointers(variables).data());
    problem = "starting " + spec.argv.at(0);
  }
  problem += std::string(": ") + std::strerror(errno);
  [[maybe_unused]] const auto written =
      ::write(status, problem.data(), problem.size());
  ::_exit(kSetUpFailed);
}

int reap_until(pid_t command) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, 0);
    if (ended == command) return exit_code_of(status);
    if (ended < 0 && errno != EINTR) return kSetUpFailed;
  }
}

int first_process(const Spec& spec, int status, int parent_lives) {
  die_with_parent(parent_lives);
  if (!spec.host_network) raise_loopback();
  if (::sethostname("skerry-ci", 9) != 0) fail_errno("sethostname");
  enter_view(spec);
  apply_bounds(spec.bounds);
  drop_privileges(spec);
  die_with_parent(parent_lives);
  filter_system_calls();
  ::signal(SIGTERM, pass_on_termination);
  const pid_t command = ::fork();
  if (command < 0) fail_errno("fork");
  if (command == 0) run_command(spec, status);
  return reap_until(command);
}

int run(const Spec& spec, int status) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGTERM, SIG_IGN);  // the first process decides how it ends
  ::umask(022);
  enter_cgroups(spec);
  make_namespaces(spec);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_errno("pipe");
  const pid_t first = ::fork();
  if (first < 0) fail_errno("fork");
  if (first == 0) {
    ::close(ends[1]);
    return first_process(spec, status, ends[0]);
  }
  ::close(ends[0]);
  return wait_for(first);
}

}  // namespace
}  // namespace sandbox

int sandbox_init_main(int, char**) {
  ::close_range(STDERR_FILENO + 1, ~0u, 0);
  Fd status;
  std::string problem;
  try {
    const sandbox::Spec spec =
        sandbox::spec_from_json(sandbox::read_standard_input());
    status = Fd(::open(spec.status_file.c_str(),
                       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!status) fail_errno(spec.status_file);
    return sandbox::run(spec, status.get());
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!status || ::write(status.get(), problem.data(), problem.size()) < 0) {
    ::dprintf(STDERR_FILENO, "sandbox: %s\n", problem.c_str());
  }
  return sandbox::kSetUpFailed;
}

}  // namespace skerry::ci
