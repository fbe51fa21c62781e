#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "core/os/fd.h"
#include "core/tree/tree.h"

namespace skerry {
namespace {

// The kernel keeps every look-up below the folder: RESOLVE_BENEATH refuses a
// symlink or ".." that leaves it, whoever changes the folder meanwhile.
Fd open_beneath(int root, const std::string& path, std::uint64_t flags,
                std::uint64_t resolve) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = resolve;
  const char* name = path.empty() ? "." : path.c_str();
  return Fd(static_cast<int>(
      ::syscall(SYS_openat2, root, name, &how, sizeof how)));
}

[[noreturn]] void fail_open(const std::string& path) {
  if (errno == EXDEV || errno == ELOOP) {
    fail(ErrorCode::invalid, "'{}' leads out of its folder through a symbolic "
         "link", path);
  }
  fail_errno(path);
}

TreeEntry describe(std::string name, const struct stat& info) {
  TreeEntry entry{std::move(name), EntryKind::file,
                  static_cast<std::uint64_t>(info.st_size)};
  if (S_ISDIR(info.st_mode)) {
    entry.kind = EntryKind::folder;
    entry.size = 0;
  } else if (S_ISLNK(info.st_mode)) {
    entry.kind = EntryKind::symlink;
  } else if ((info.st_mode & 0100) != 0) {
    entry.kind = EntryKind::executable;
  }
  return entry;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

class FolderTree : public Tree {
 public:
  explicit FolderTree(const std::string& folder)
      : name_(folder),
        root_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    if (!root_) fail_errno(folder);
  }

  std::string id() const override { return {}; }

  std::optional<TreeEntry> find(std::string_view path) const override {
    const std::string clean = clean_path(path);
    const Fd fd = open_beneath(root_.get(), clean, O_PATH | O_NOFOLLOW,
                               RESOLVE_BENEATH);
    struct stat info {};
    if (!fd || ::fstat(fd.get(), &info) != 0) return std::nullopt;
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode) &&
        !S_ISLNK(info.st_mode)) {
      return std::nullopt;  // sockets, devices: not content
    }
    const std::size_t slash = clean.rfind('/');
    return describe(
        slash == std::string::npos ? clean : clean.substr(slash + 1), info);
  }

  std::vector<TreeEntry> list(std::string_view folder) const override {
    const std::string clean = clean_path(folder);
    Fd fd = open_beneath(root_.get(), clean, O_RDONLY | O_DIRECTORY,
                         RESOLVE_BENEATH);
    if (!fd && errno == ENOTDIR) {
      fail(ErrorCode::invalid, "'{}' is not a folder", folder);
    }
    if (!fd) fail_open(clean);
    const std::unique_ptr<DIR, CloseFolder> stream(::fdopendir(fd.get()));
    if (!stream) fail_errno(clean);
    const int at = fd.release();
    std::vector<TreeEntry> entries;
    while (const dirent* item = ::readdir(stream.get())) {
      const std::string_view name = item->d_name;
      struct stat info {};
      if (name == "." || name == ".." ||
          ::fstatat(at, item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        continue;
      }
      if (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode) ||
          S_ISLNK(info.st_mode)) {
        entries.push_back(describe(std::string(name), info));
      }
    }
    std::sort(entries.begin(), entries.end(),
              [](const TreeEntry& a, const TreeEntry& b) {
                return a.name < b.name;
              });
    return entries;
  }

  std::string read(std::string_view path, std::uint64_t limit) const override {
    const std::string clean = clean_path(path);
    const auto entry = find(clean);
    if (!entry) fail(ErrorCode::not_found, "'{}' does not exist", path);
    if (entry->kind == EntryKind::symlink) return read_link(clean);
    // O_NONBLOCK: a pipe that took the file's place must not hang us.
    const Fd fd = open_beneath(root_.get(), clean, O_RDONLY | O_NONBLOCK,
                               RESOLVE_BENEATH);
    if (!fd) fail_open(clean);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) fail_errno(clean);
    if (!S_ISREG(info.st_mode)) {
      fail(ErrorCode::invalid, "'{}' is not a file", path);
    }
    return read_all(fd.get(), clean, limit);
  }

 private:
  static std::string read_all(int fd, const std::string& path,
                              std::uint64_t limit) {
    std::string data;
    char buffer[16 << 10];
    for (;;) {
      const ssize_t got = ::read(fd, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_errno(path);
      if (got == 0) return data;
      data.append(buffer, static_cast<std::size_t>(got));
      if (data.size() > limit) {
        fail(ErrorCode::too_large, "'{}' is larger than {} bytes", path, limit);
      }
    }
  }

  std::string read_link(const std::string& path) const {
    const Fd fd = open_beneath(root_.get(), path, O_PATH | O_NOFOLLOW,
                               RESOLVE_BENEATH);
    if (!fd) fail_open(path);
    char target[4096];
    const ssize_t size = ::readlinkat(fd.get(), "", target, sizeof target);
    if (size < 0) fail_errno(path);
    return {target, static_cast<std::size_t>(size)};
  }

  const std::string name_;
  const Fd root_;
};

}  // namespace

std::unique_ptr<Tree> open_folder_tree(const std::string& folder) {
  return std::make_unique<FolderTree>(folder);
}

}  // namespace skerry
