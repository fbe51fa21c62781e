#include <algorithm>

#include "core/error.h"
#include "core/tree/tree.h"

namespace skerry {
namespace {

constexpr int kMaxLinks = 40;

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view()
                                         : path.substr(0, slash);
}

}  // namespace

std::string clean_path(std::string_view path) {
  if (!path.empty() && path[0] == '/') {
    fail(ErrorCode::invalid, "'{}' is an absolute path", path);
  }
  std::vector<std::string_view> parts;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      fail(ErrorCode::invalid, "'{}' leaves its folder", path);
    } else {
      parts.pop_back();
    }
  }
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

std::string join_path(std::string_view base, std::string_view relative) {
  if (!relative.empty() && relative[0] == '/') {
    fail(ErrorCode::invalid, "'{}' is an absolute path", relative);
  }
  return clean_path(fmt::format("{}/{}", base.empty() ? "." : base, relative));
}

std::string resolve_path(const Tree& tree, std::string_view path) {
  std::string todo = clean_path(path);
  std::string done;
  int links = 0;
  while (!todo.empty()) {
    const std::size_t slash = todo.find('/');
    const std::string part = todo.substr(0, slash);
    todo = slash == std::string::npos ? "" : todo.substr(slash + 1);
    const std::string next = done.empty() ? part : done + "/" + part;
    const auto entry = tree.find(next);
    if (!entry) fail(ErrorCode::not_found, "'{}' does not exist", path);
    if (entry->kind != EntryKind::symlink) {
      done = next;
      continue;
    }
    if (++links > kMaxLinks) {
      fail(ErrorCode::invalid, "'{}' has too many symbolic links", path);
    }
    const std::string target =
        join_path(parent_of(next), tree.read(next, 4096));
    todo = todo.empty() ? target : target + "/" + todo;
    done.clear();
  }
  return done;
}

void walk(const Tree& tree, std::string_view folder,
          const std::function<void(const std::string&, const TreeEntry&)>&
              visit) {
  for (const TreeEntry& entry : tree.list(folder)) {
    const std::string path =
        folder.empty() ? entry.name : fmt::format("{}/{}", folder, entry.name);
    visit(path, entry);
    if (entry.kind == EntryKind::folder) walk(tree, path, visit);
  }
}

}  // namespace skerry
