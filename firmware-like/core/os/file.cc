#include "core/os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/error.h"
#include "core/os/random.h"

namespace skerry {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path, std::uint64_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail_errno(path.native());
  std::string data;
  struct stat info {};
  if (fstat(fd.get(), &info) == 0 && info.st_size > 0 &&
      static_cast<std::uint64_t>(info.st_size) <= limit) {
    data.reserve(static_cast<std::size_t>(info.st_size));
  }
  char buffer[16 << 10];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path.native());
    if (got == 0) return data;
    data.append(buffer, static_cast<std::size_t>(got));
    if (data.size() > limit) {
      fail(ErrorCode::too_large, "{} is larger than {} bytes", path.native(),
           limit);
    }
  }
}

void write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = ::write(fd, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_errno("write");
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

void fsync_file(int fd) {
  if (::fsync(fd) != 0) fail_errno("fsync");
}

void fsync_folder(const fs::path& folder) {
  const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) fail_errno(folder.native());
}

void write_file_atomically(const fs::path& path, std::string_view data,
                           unsigned mode) {
  const fs::path temporary =
      path.parent_path() /
      fmt::format(".{}.{}", path.filename().native(), random_name(8));
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
               mode));
  if (!fd) fail_errno(temporary.native());
  try {
    write_all(fd.get(), data);
    fsync_file(fd.get());
    fd.reset();
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
      fail_errno(path.native());
    }
  } catch (const Error& error) {
    ::unlink(temporary.c_str());
    throw error.in(fmt::format("writing {}", path.native()));
  }
  fsync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

TempFolder::TempFolder(const fs::path& parent, std::string_view prefix) {
  std::string name = (parent / fmt::format("{}XXXXXX", prefix)).native();
  if (::mkdtemp(name.data()) == nullptr) fail_errno(name);
  path_ = name;
}

TempFolder::~TempFolder() {
  if (path_.empty()) return;
  try {
    remove_tree(path_);
  } catch (const Error&) {
    // Left for the next start, which empties the work folder.
  }
}

TempFolder::TempFolder(TempFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

void remove_tree(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error || error == std::errc::no_such_file_or_directory) return;
  // A folder that its owner may not write keeps what it holds: open them all
  // once and try again.
  std::error_code ignored;
  for (auto it = fs::recursive_directory_iterator(
           folder, fs::directory_options::skip_permission_denied, ignored);
       it != fs::recursive_directory_iterator(); it.increment(ignored)) {
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) {
      fs::permissions(it->path(), fs::perms::owner_all,
                      fs::perm_options::add, ignored);
    }
  }
  fs::remove_all(folder, error);
  if (error) fail_errno(folder.native(), error.value());
}

DiskSpace disk_space(const fs::path& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) fail_errno(path.native());
  return {static_cast<std::uint64_t>(info.f_blocks) * info.f_frsize,
          static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize};
}

}  // namespace skerry
