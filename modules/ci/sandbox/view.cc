#include "sandbox/view.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "core/error.h"
#include "core/os/fd.h"
#include "core/os/file.h"

namespace skerry::ci::sandbox {
namespace {
namespace fs = std::filesystem;

void do_mount(const char* source, const std::string& target, const char* type,
              unsigned long flags, const char* options = nullptr) {
  if (::mount(source, target.c_str(), type, flags, options) != 0) {
    fail_errno(fmt::format("mounting {} on {}", source, target));
  }
}

// Adds attributes to a whole mounted subtree; never takes any away, which an
// unprivileged user may not.
void restrict_mount(const std::string& target, std::uint64_t attributes,
                    unsigned flags) {
  mount_attr attr{};
  attr.attr_set = attributes;
  if (::syscall(SYS_mount_setattr, AT_FDCWD, target.c_str(), flags, &attr,
                sizeof attr) != 0) {
    fail_errno(fmt::format("restricting the mount {}", target));
  }
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail_errno(path.native(), error.value());
}

void make_file(const fs::path& path, std::string_view content, unsigned mode) {
  make_folder(path.parent_path());
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                     mode));
  if (!fd) fail_errno(path.native());
  write_all(fd.get(), content);
  ::fchmod(fd.get(), mode);
}

// Binds a file or a folder with what is mounted below it.
void bind(const Spec& spec, const Bind& wish) {
  struct stat info {};
  if (::stat(wish.source.c_str(), &info) != 0) {
    if (wish.optional && (errno == ENOENT || errno == EACCES ||
                          errno == ENOTDIR)) {
      return;
    }
    fail_errno(wish.source);
  }
  const std::string target = spec.root + wish.target;
  if (S_ISDIR(info.st_mode)) {
    make_folder(target);
  } else if (::access(target.c_str(), F_OK) != 0) {
    make_file(target, "", 0444);
  }
  do_mount(wish.source.c_str(), target, nullptr, MS_BIND | MS_REC);
  const bool device = S_ISCHR(info.st_mode);
  restrict_mount(target,
                 MOUNT_ATTR_NOSUID | (device ? 0u : MOUNT_ATTR_NODEV) |
                     (wish.writable ? 0u : MOUNT_ATTR_RDONLY),
                 AT_RECURSIVE);
}

void make_devices(const Spec& spec) {
  for (const char* name : {"null", "zero", "full", "random", "urandom"}) {
    const std::string path = fmt::format("/dev/{}", name);
    bind(spec, {path, path, true, false});
  }
  const fs::path dev = fs::path(spec.root) / "dev";
  fs::create_symlink("/proc/self/fd", dev / "fd");
  fs::create_symlink("/proc/self/fd/0", dev / "stdin");
  fs::create_symlink("/proc/self/fd/1", dev / "stdout");
  fs::create_symlink("/proc/self/fd/2", dev / "stderr");
  make_folder(dev / "shm");
  do_mount("tmpfs", (dev / "shm").native(), "tmpfs", MS_NOSUID | MS_NODEV,
           "mode=1777,size=64m");
}

void make_proc(const Spec& spec) {
  const std::string proc = spec.root + "/proc";
  make_folder(proc);
  do_mount("proc", proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC);
}

void change_root(const std::string& root) {
  if (::chdir(root.c_str()) != 0) fail_errno(root);
  if (::syscall(SYS_pivot_root, ".", ".") != 0) fail_errno("pivot_root");
  // The old root now lies over the new one; taking it away leaves ours.
  if (::umount2(".", MNT_DETACH) != 0) fail_errno("leaving the host's root");
  if (::chdir("/") != 0) fail_errno("/");
}

}  // namespace

void enter_view(const Spec& spec) {
  do_mount("none", "/", nullptr, MS_REC | MS_PRIVATE);
  do_mount("tmpfs", spec.root, "tmpfs", MS_NOSUID | MS_NODEV,
           "mode=0755,size=16m");
  for (const Bind& wish : spec.binds) bind(spec, wish);
  for (const Link& link : spec.links) {
    const fs::path path = spec.root + link.path;
    make_folder(path.parent_path());
    fs::create_symlink(link.target, path);
  }
  make_devices(spec);
  make_proc(spec);
  for (const SeedFile& file : spec.files) {
    make_file(spec.root + file.path, file.content, file.mode);
  }
  change_root(spec.root);
  restrict_mount("/", MOUNT_ATTR_RDONLY, 0);
}

}  // namespace skerry::ci::sandbox
