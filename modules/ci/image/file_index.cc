#include "image/file_index.h"

#include "core/error.h"

namespace skerry::ci {
namespace {

constexpr int kMaxSymlinks = 40;

// Everything below `folder` stands from "folder/" to before "folder0".
std::string end_of(std::string_view folder) {
  return std::string(folder) + '0';
}

}  // namespace

std::string clean_rooted(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part == "..") {
      const std::size_t last = out.rfind('/');
      out.resize(last == std::string::npos ? 0 : last);
    } else if (!part.empty() && part != ".") {
      if (!out.empty()) out += '/';
      out += part;
    }
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return out;
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : path.substr(0, slash);
}

std::string_view base_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::optional<FileNode> FileIndex::find(std::string_view path) const {
  if (path.empty()) {
    return FileNode{.kind = FileNode::Kind::folder, .mode = 0755};
  }
  const auto found = nodes_.find(path);
  if (found == nodes_.end()) return std::nullopt;
  if (found->second.kind != FileNode::Kind::hardlink) return found->second;
  const auto linked = nodes_.find(found->second.target);
  if (linked == nodes_.end() ||
      linked->second.kind == FileNode::Kind::hardlink) {
    return std::nullopt;
  }
  return linked->second;
}

std::vector<std::string> FileIndex::list(std::string_view folder) const {
  std::vector<std::string> out;
  const std::string prefix =
      folder.empty() ? std::string() : std::string(folder) + '/';
  auto at = nodes_.lower_bound(prefix);
  while (at != nodes_.end() && at->first.starts_with(prefix)) {
    const std::string_view rest =
        std::string_view(at->first).substr(prefix.size());
    const std::string_view name = rest.substr(0, rest.find('/'));
    if (name.size() == rest.size()) {
      out.emplace_back(name);
      // "name-x" sorts before "name/x": step, do not jump.
      ++at;
    } else {
      at = nodes_.lower_bound(end_of(prefix + std::string(name)));
    }
  }
  return out;
}

std::string FileIndex::resolve(std::string_view path) const {
  std::string done, rest(path);
  int followed = 0;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string part = rest.substr(0, slash);
    rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      done = parent_of(done);
      continue;
    }
    const std::string next = done.empty() ? part : done + '/' + part;
    const auto found = nodes_.find(next);
    if (found == nodes_.end() ||
        found->second.kind != FileNode::Kind::symlink) {
      done = next;
      continue;
    }
    if (++followed > kMaxSymlinks) {
      fail(ErrorCode::invalid, "'/{}' has too many symbolic links", path);
    }
    const std::string& target = found->second.target;
    if (target.starts_with('/')) done.clear();
    rest = rest.empty() ? target : target + '/' + rest;
  }
  return done;
}

void FileIndex::put(const std::string& path, FileNode node) {
  if (path.empty()) return;
  if (node.kind != FileNode::Kind::folder) remove_below(path);
  nodes_.insert_or_assign(path, std::move(node));
  if (nodes_.size() > max_entries_) {
    fail(ErrorCode::too_large, "the image has more than {} files",
         max_entries_);
  }
}

void FileIndex::remove(const std::string& path) {
  remove_below(path);
  nodes_.erase(path);
}

void FileIndex::remove_below(const std::string& folder) {
  if (folder.empty()) {
    nodes_.clear();
    return;
  }
  nodes_.erase(nodes_.lower_bound(folder + '/'),
               nodes_.lower_bound(end_of(folder)));
}

}  // namespace skerry::ci
