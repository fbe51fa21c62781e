#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/tree/memory_tree.h"

namespace skerry {
namespace {

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Files by path; folders exist through what they hold.
class MemoryTree : public Tree {
 public:
  MemoryTree(std::string id, std::map<std::string, MemoryFile> files)
      : id_(std::move(id)), files_(std::move(files)) {}

  std::string id() const override { return id_; }

  std::optional<TreeEntry> find(std::string_view path) const override {
    const std::string clean = clean_path(path);
    if (const auto it = files_.find(clean); it != files_.end()) {
      return TreeEntry{std::string(name_of(clean)), it->second.kind,
                       it->second.content.size()};
    }
    const std::string prefix = clean.empty() ? "" : clean + "/";
    const auto below = files_.lower_bound(prefix);
    const bool exists = clean.empty() ||
                        (below != files_.end() &&
                         below->first.compare(0, prefix.size(), prefix) == 0);
    if (!exists) return std::nullopt;
    return TreeEntry{std::string(name_of(clean)), EntryKind::folder, 0};
  }

  std::vector<TreeEntry> list(std::string_view folder) const override {
    const std::string clean = clean_path(folder);
    const auto self = find(clean);
    if (!self) fail(ErrorCode::not_found, "'{}' does not exist", folder);
    if (self->kind != EntryKind::folder) {
      fail(ErrorCode::invalid, "'{}' is not a folder", folder);
    }
    const std::string prefix = clean.empty() ? "" : clean + "/";
    std::map<std::string, TreeEntry> entries;
    for (auto it = files_.lower_bound(prefix);
         it != files_.end() && it->first.compare(0, prefix.size(), prefix) == 0;
         ++it) {
      const std::string rest = it->first.substr(prefix.size());
      const std::string name = rest.substr(0, rest.find('/'));
      if (name.size() == rest.size()) {
        entries[name] = {name, it->second.kind, it->second.content.size()};
      } else {
        entries[name] = {name, EntryKind::folder, 0};
      }
    }
    std::vector<TreeEntry> out;
    for (auto& [name, entry] : entries) out.push_back(std::move(entry));
    return out;
  }

  std::string read(std::string_view path, std::uint64_t limit) const override {
    const auto it = files_.find(clean_path(path));
    if (it == files_.end()) {
      if (find(path)) fail(ErrorCode::invalid, "'{}' is a folder", path);
      fail(ErrorCode::not_found, "'{}' does not exist", path);
    }
    if (it->second.content.size() > limit) {
      fail(ErrorCode::too_large, "'{}' is larger than {} bytes", path, limit);
    }
    return it->second.content;
  }

 private:
  const std::string id_;
  const std::map<std::string, MemoryFile> files_;
};

// Adds `prefix` to every path asked for.
class Subtree : public Tree {
 public:
  Subtree(std::shared_ptr<const Tree> tree, std::string prefix)
      : tree_(std::move(tree)), prefix_(std::move(prefix)) {}

  std::string id() const override {
    const std::string whole = tree_->id();
    return whole.empty() ? whole : whole + "/" + prefix_;
  }
  std::optional<TreeEntry> find(std::string_view path) const override {
    return tree_->find(inside(path));
  }
  std::vector<TreeEntry> list(std::string_view folder) const override {
    return tree_->list(inside(folder));
  }
  std::string read(std::string_view path, std::uint64_t limit) const override {
    return tree_->read(inside(path), limit);
  }

 private:
  // Cleaned first, so that ".." cannot reach what lies beside the prefix.
  std::string inside(std::string_view path) const {
    return join_path(prefix_, clean_path(path));
  }

  const std::shared_ptr<const Tree> tree_;
  const std::string prefix_;
};

}  // namespace

std::unique_ptr<Tree> make_memory_tree_with_id(
    std::string id, std::map<std::string, MemoryFile> files) {
  return std::make_unique<MemoryTree>(std::move(id), std::move(files));
}

std::unique_ptr<Tree> make_memory_tree(
    std::vector<std::pair<std::string, MemoryFile>> files) {
  std::map<std::string, MemoryFile> by_path;
  for (auto& [path, file] : files) by_path[clean_path(path)] = std::move(file);
  return make_memory_tree_with_id({}, std::move(by_path));
}

std::unique_ptr<Tree> make_subtree(std::shared_ptr<const Tree> tree,
                                   std::string_view folder) {
  std::string prefix = clean_path(folder);
  return std::make_unique<Subtree>(std::move(tree), std::move(prefix));
}

}  // namespace skerry
