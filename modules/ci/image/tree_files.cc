#include "image/tree_files.h"

#include "core/error.h"

namespace skerry::ci {

// A hidden folder is seen when something below it is taken back ("!").
bool TreeFiles::is_visible(const std::string& path, EntryKind kind) const {
  if (kind == EntryKind::submodule) return false;
  if (!rules_.ignores(path)) return true;
  if (kind != EntryKind::folder) return false;
  for (const TreeEntry& entry : tree_.list(path)) {
    if (is_visible(path + '/' + entry.name, entry.kind)) return true;
  }
  return false;
}

std::optional<FileNode> TreeFiles::find(std::string_view path) const {
  FileNode node;
  if (path.empty()) {
    node.kind = FileNode::Kind::folder;
    node.mode = 0755;
    return node;
  }
  const std::string name(path);
  const auto entry = tree_.find(name);
  if (!entry || !is_visible(name, entry->kind)) return std::nullopt;
  switch (entry->kind) {
    case EntryKind::folder:
      node.kind = FileNode::Kind::folder;
      node.mode = 0755;
      break;
    case EntryKind::symlink:
      node.kind = FileNode::Kind::symlink;
      node.mode = 0777;
      node.target = tree_.read(name);
      break;
    default:
      if (entry->size > max_file_bytes_) {
        fail(ErrorCode::too_large, "'{}' is larger than {} bytes", path,
             max_file_bytes_);
      }
      node.mode = entry->kind == EntryKind::executable ? 0755 : 0644;
      node.content.size = entry->size;
      node.content.tree = &tree_;
      node.content.tree_path = name;
  }
  return node;
}

std::vector<std::string> TreeFiles::list(std::string_view folder) const {
  std::vector<std::string> out;
  const std::string prefix =
      folder.empty() ? std::string() : std::string(folder) + '/';
  for (const TreeEntry& entry : tree_.list(folder)) {
    if (is_visible(prefix + entry.name, entry.kind)) out.push_back(entry.name);
  }
  return out;
}

std::string TreeFiles::resolve(std::string_view path) const {
  // A missing path is reported by who looks for it, with better words.
  if (!tree_.find(path)) {
    const std::string_view parent = parent_of(path);
    if (parent.empty()) return std::string(path);
    const std::string above = resolve(parent);
    if (above == parent) return std::string(path);
    return resolve(join_path(above, base_of(path)));
  }
  return resolve_path(tree_, path);
}

}  // namespace skerry::ci
