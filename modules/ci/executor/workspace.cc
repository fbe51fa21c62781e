#include "executor/workspace.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {
namespace {

constexpr std::uint64_t kInside = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
constexpr std::uint64_t kNoLinks = kInside | RESOLVE_NO_SYMLINKS;
constexpr int kMaxDepth = 256;

[[noreturn]] void fail_at(std::string_view path) {
  if (errno == EXDEV) {
    fail(ErrorCode::denied, "{} leads out of the workspace", path);
  }
  if (errno == ELOOP) {
    fail(ErrorCode::denied,
         "{} goes through a symbolic link, which is not followed here", path);
  }
  fail_errno(path);
}

EntryKind kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return EntryKind::folder;
  if (S_ISLNK(mode)) return EntryKind::symlink;
  return (mode & 0111) != 0 ? EntryKind::executable : EntryKind::file;
}

std::string_view last_segment(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

struct FolderCloser {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderStream = std::unique_ptr<DIR, FolderCloser>;

// The names in an open folder; takes the descriptor.
std::vector<std::string> names_in(Fd fd) {
  FolderStream stream(::fdopendir(fd.get()));
  if (!stream) fail_errno("reading a folder");
  fd.release();
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Removes all below `fd`. Folders that forbid it are opened up first: their
// owner may have taken his own right to write.
void empty_folder(Fd fd, int depth) {
  if (depth > kMaxDepth) {
    fail(ErrorCode::too_large, "folders are nested deeper than {}", kMaxDepth);
  }
  ::fchmod(fd.get(), 0700);
  const Fd again(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  for (const std::string& name : names_in(std::move(fd))) {
    if (::unlinkat(again.get(), name.c_str(), 0) == 0) continue;
    if (errno != EISDIR && errno != EPERM) {
      if (errno == ENOENT) continue;
      fail_errno(name);
    }
    if (::fchmodat(again.get(), name.c_str(), 0700, 0) != 0) fail_errno(name);
    Fd below(::openat(again.get(), name.c_str(),
                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!below) fail_errno(name);
    empty_folder(std::move(below), depth + 1);
    if (::unlinkat(again.get(), name.c_str(), AT_REMOVEDIR) != 0 &&
        errno != ENOENT) {
      fail_errno(name);
    }
  }
}

}  // namespace

Workspace::Workspace(std::filesystem::path folder, std::optional<Owner> owner)
    : folder_(std::move(folder)),
      owner_(owner),
      root_(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!root_) fail_errno(folder_.native());
}

Fd Workspace::open_beneath(std::string_view path, int flags,
                           std::uint64_t resolve, mode_t mode) const {
  const std::string name(path.empty() ? "." : path);
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = resolve;
  for (;;) {
    const long fd = ::syscall(SYS_openat2, root_.get(), name.c_str(), &how,
                              sizeof how);
    if (fd >= 0) return Fd(static_cast<int>(fd));
    // A rename elsewhere made the walk uncertain: look again.
    if (errno != EAGAIN && errno != EINTR) return Fd();
  }
}

std::optional<TreeEntry> Workspace::find(std::string_view path) const {
  const Fd fd = open_beneath(path, O_PATH | O_NOFOLLOW, kInside);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail_at(path);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) fail_errno(path);
  return TreeEntry{std::string(last_segment(path)), kind_of(info.st_mode),
                   static_cast<std::uint64_t>(info.st_size)};
}

std::vector<TreeEntry> Workspace::list(std::string_view path) const {
  Fd fd = open_beneath(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, kInside);
  if (!fd) fail_at(path);
  const Fd again(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  std::vector<TreeEntry> entries;
  for (std::string& name : names_in(std::move(fd))) {
    struct stat info {};
    if (::fstatat(again.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;  // gone meanwhile
    }
    entries.push_back({std::move(name), kind_of(info.st_mode),
                       static_cast<std::uint64_t>(info.st_size)});
  }
  return entries;
}

Fd Workspace::open(std::string_view path) const {
  // Non-blocking, so that a pipe without a writer cannot hold us up.
  Fd fd = open_beneath(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, kInside);
  if (!fd) fail_at(path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) fail_errno(path);
  if (!S_ISREG(info.st_mode)) {
    fail(ErrorCode::invalid, "{} is not a regular file", path);
  }
  return fd;
}

std::string Workspace::read(std::string_view path, std::uint64_t limit) const {
  const Fd fd = open(path);
  std::string content;
  char buffer[64 << 10];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) {
      fail(ErrorCode::too_large, "{} is larger than {} bytes", path, limit);
    }
  }
}

std::string Workspace::read_link(std::string_view path) const {
  const Fd fd = open_beneath(path, O_PATH | O_NOFOLLOW, kInside);
  if (!fd) fail_at(path);
  char target[4096];
  const ssize_t got = ::readlinkat(fd.get(), "", target, sizeof target);
  if (got < 0) fail_errno(path);
  return std::string(target, static_cast<std::size_t>(got));
}

void Workspace::give_away(int fd) const {
  if (!owner_) return;
  if (::fchownat(fd, "", owner_->uid, owner_->gid, AT_EMPTY_PATH) != 0) {
    fail_errno("chown");
  }
}

void Workspace::make_folders(std::string_view path) {
  for (std::size_t end = 0; end != std::string_view::npos && !path.empty();) {
    end = path.find('/', end + 1);
    const std::string part(path.substr(0, end));
    if (open_beneath(part, O_PATH | O_DIRECTORY, kNoLinks)) continue;
    if (errno != ENOENT) fail_at(part);
    std::string name;
    const Fd above = open_beneath(
        std::string_view(part).substr(0, part.rfind('/') == std::string::npos
                                             ? 0
                                             : part.rfind('/')),
        O_PATH | O_DIRECTORY, kNoLinks);
    if (!above) fail_at(part);
    name = last_segment(part);
    if (::mkdirat(above.get(), name.c_str(), 0755) != 0 && errno != EEXIST) {
      fail_at(part);
    }
    const Fd made = open_beneath(part, O_PATH | O_DIRECTORY, kNoLinks);
    if (!made) fail_at(part);
    give_away(made.get());
  }
}

Fd Workspace::open_parent(std::string_view path, std::string& name) {
  const auto slash = path.rfind('/');
  const std::string_view above =
      slash == std::string_view::npos ? "" : path.substr(0, slash);
  name = last_segment(path);
  Fd fd = open_beneath(above, O_PATH | O_DIRECTORY, kNoLinks);
  if (!fd && errno == ENOENT) {
    make_folders(above);
    fd = open_beneath(above, O_PATH | O_DIRECTORY, kNoLinks);
  }
  if (!fd) fail_at(path);
  return fd;
}

Fd Workspace::create_file(std::string_view path, bool executable) {
  std::string name;
  const Fd above = open_parent(path, name);
  if (::unlinkat(above.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    fail_at(path);
  }
  Fd fd(::openat(above.get(), name.c_str(),
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) fail_at(path);
  ::fchmod(fd.get(), executable ? 0755 : 0644);
  give_away(fd.get());
  return fd;
}

void Workspace::write(std::string_view path, std::string_view content,
                      bool executable) {
  write_all(create_file(path, executable).get(), content);
}

void Workspace::copy_in(std::string_view path, int from, bool executable) {
  const Fd to = create_file(path, executable);
  char buffer[64 << 10];
  for (;;) {
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path);
    if (got == 0) return;
    write_all(to.get(), {buffer, static_cast<std::size_t>(got)});
  }
}

void Workspace::make_symlink(std::string_view path, std::string_view target) {
  std::string name;
  const Fd above = open_parent(path, name);
  if (::unlinkat(above.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    fail_at(path);
  }
  if (::symlinkat(std::string(target).c_str(), above.get(), name.c_str()) !=
      0) {
    fail_at(path);
  }
  if (owner_ && ::fchownat(above.get(), name.c_str(), owner_->uid, owner_->gid,
                           AT_SYMLINK_NOFOLLOW) != 0) {
    fail_at(path);
  }
}

void Workspace::remove(std::string_view path) {
  Fd fd = open_beneath(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, kInside);
  if (!fd && errno == ENOENT) return;
  const bool is_folder = static_cast<bool>(fd);
  if (!is_folder && errno != ENOTDIR && errno != ELOOP) fail_at(path);
  if (is_folder) empty_folder(std::move(fd), 0);
  if (path.empty()) {
    const Fd root(::openat(root_.get(), ".", O_RDONLY | O_CLOEXEC));
    ::fchmod(root.get(), 0755);
    return;
  }
  std::string name;
  const Fd above = open_parent(path, name);
  ::unlinkat(above.get(), name.c_str(), is_folder ? AT_REMOVEDIR : 0);
}

void Workspace::walk(
    std::string_view path,
    const std::function<void(const std::string&, const TreeEntry&)>& visit)
    const {
  struct Level {
    std::string folder;
    std::vector<TreeEntry> entries;
    std::size_t next = 0;
  };
  const auto below = [](std::string_view a, std::string_view b) {
    return a.empty() ? std::string(b) : fmt::format("{}/{}", a, b);
  };
  std::vector<Level> levels;
  levels.push_back({"", list(path)});
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next == level.entries.size()) {
      levels.pop_back();
      continue;
    }
    const TreeEntry entry = level.entries[level.next++];
    const std::string relative = below(level.folder, entry.name);
    visit(relative, entry);
    if (entry.kind != EntryKind::folder) continue;
    if (levels.size() >= kMaxDepth) {
      fail(ErrorCode::too_large, "{}: folders are nested deeper than {}",
           relative, kMaxDepth);
    }
    levels.push_back({relative, list(below(path, relative))});
  }
}

void check_out(const Tree& tree, Workspace& workspace, std::string_view folder,
               const std::function<void(std::string_view)>& note) {
  const std::string base(folder);
  const auto place = [&](const std::string& path) {
    return base.empty() ? path : base + "/" + path;
  };
  workspace.make_folders(base);
  skerry::walk(tree, "", [&](const std::string& path, const TreeEntry& entry) {
    switch (entry.kind) {
      case EntryKind::folder: {
        const auto there = workspace.find(place(path));
        if (there && there->kind != EntryKind::folder) {
          workspace.remove(place(path));
        }
        workspace.make_folders(place(path));
        return;
      }
      case EntryKind::symlink:
        workspace.make_symlink(place(path), tree.read(path, 4096));
        return;
      case EntryKind::submodule:
        note(fmt::format("submodule {} is not checked out", path));
        return;
      case EntryKind::file:
      case EntryKind::executable:
        workspace.write(place(path), tree.read(path),
                        entry.kind == EntryKind::executable);
    }
  });
}

namespace {

class WorkspaceTree : public Tree {
 public:
  WorkspaceTree(Workspace& workspace, std::string_view folder)
      : workspace_(workspace), folder_(folder) {}

  std::string id() const override { return {}; }
  std::optional<TreeEntry> find(std::string_view path) const override {
    return workspace_.find(place(path));
  }
  std::vector<TreeEntry> list(std::string_view path) const override {
    return workspace_.list(place(path));
  }
  std::string read(std::string_view path, std::uint64_t limit) const override {
    const auto entry = find(path);
    if (entry && entry->kind == EntryKind::symlink) {
      return workspace_.read_link(place(path));
    }
    return workspace_.read(place(path), limit);
  }

 private:
  std::string place(std::string_view path) const {
    if (folder_.empty()) return std::string(path);
    return path.empty() ? folder_ : fmt::format("{}/{}", folder_, path);
  }
  Workspace& workspace_;
  std::string folder_;
};

}  // namespace

std::unique_ptr<Tree> open_workspace_tree(Workspace& workspace,
                                          std::string_view folder) {
  return std::make_unique<WorkspaceTree>(workspace, folder);
}

}  // namespace skerry::ci
