#include "git_tree.h"

#include <algorithm>

#include "core/error.h"
#include "objects.h"

namespace skerry::git {
namespace {

EntryKind kind_of(unsigned mode) {
  switch (mode & kModeTypeMask) {
    case kModeTree:
      return EntryKind::folder;
    case kModeLink:
      return EntryKind::symlink;
    case kModeSubmodule:
      return EntryKind::submodule;
    default:
      return mode & 0100 ? EntryKind::executable : EntryKind::file;
  }
}

// Names that would leave the tree when written out. Pushes with them are
// refused, but a repository may have come here another way.
void check_entry_name(std::string_view name) {
  if (name == "." || name == ".." || name.find('/') != std::string_view::npos) {
    fail(ErrorCode::invalid, "the repository has a file named '{}'", name);
  }
}

// Thread-safe: each call has its own handle.
class GitTree : public Tree {
 public:
  GitTree(Context& context, const Repository& repository, const Oid& root)
      : context_(context), repository_(repository), root_(root) {}

  std::string id() const override { return "git:" + root_.hex(); }

  std::optional<TreeEntry> find(std::string_view path) const override {
    auto lease = context_.repositories.open(repository_);
    auto found = locate(lease.objects(), path);
    if (!found) return std::nullopt;
    return describe(lease.objects(), *found);
  }

  std::vector<TreeEntry> list(std::string_view folder) const override {
    auto lease = context_.repositories.open(repository_);
    auto found = locate(lease.objects(), folder);
    if (!found) fail(ErrorCode::not_found, "{} does not exist", folder);
    if (kind_of(found->mode) != EntryKind::folder) {
      fail(ErrorCode::invalid, "{} is no folder", folder);
    }
    RawObject object = lease.objects().read(found->id);
    std::string_view data = object.data();
    std::vector<TreeEntry> entries;
    TreeItem item;
    while (next_tree_item(&data, &item)) {
      check_entry_name(item.name);
      entries.push_back(describe(lease.objects(),
                                 {std::string(item.name), item.mode, item.id}));
    }
    // Git sorts folders as if their names ended in '/'.
    std::sort(
        entries.begin(), entries.end(),
        [](const TreeEntry& a, const TreeEntry& b) { return a.name < b.name; });
    return entries;
  }

  std::string read(std::string_view path, std::uint64_t limit) const override {
    auto lease = context_.repositories.open(repository_);
    auto found = locate(lease.objects(), path);
    if (!found) fail(ErrorCode::not_found, "{} does not exist", path);
    EntryKind kind = kind_of(found->mode);
    if (kind == EntryKind::folder || kind == EntryKind::submodule) {
      fail(ErrorCode::invalid, "{} is no file", path);
    }
    auto header = lease.objects().header(found->id);
    if (header && header->size > limit) {
      fail(ErrorCode::too_large, "{} has {} bytes, more than {}", path,
           header->size, limit);
    }
    return std::string(lease.objects().read(found->id).data());
  }

 private:
  struct Found {
    std::string name;
    unsigned mode;
    Oid id;
  };

  std::optional<Found> locate(const ObjectReader& objects,
                              std::string_view path) const {
    Found at{"", kModeTree, root_};
    while (!path.empty()) {
      std::size_t slash = path.find('/');
      std::string_view part = path.substr(0, slash);
      path = slash == std::string_view::npos ? std::string_view()
                                             : path.substr(slash + 1);
      if ((at.mode & kModeTypeMask) != kModeTree) return std::nullopt;
      RawObject object = objects.read(at.id);
      std::string_view data = object.data();
      TreeItem item;
      bool found = false;
      while (!found && next_tree_item(&data, &item)) {
        found = item.name == part;
      }
      if (!found) return std::nullopt;
      check_entry_name(item.name);
      at = {std::string(item.name), item.mode, item.id};
    }
    return at;
  }

  TreeEntry describe(const ObjectReader& objects, const Found& found) const {
    TreeEntry entry;
    entry.name = found.name;
    entry.kind = kind_of(found.mode);
    if (entry.kind != EntryKind::folder && entry.kind != EntryKind::submodule) {
      auto header = objects.header(found.id);
      if (!header) {
        fail(ErrorCode::not_found, "object {} is missing", found.id.hex());
      }
      entry.size = header->size;
    }
    return entry;
  }

  Context& context_;
  const Repository repository_;
  const Oid root_;
};

}  // namespace

std::shared_ptr<const Tree> open_git_tree(Context& context,
                                          const Repository& repository,
                                          const Oid& commit) {
  auto lease = context.repositories.open(repository);
  auto object = lease.objects().find(commit);
  if (!object || object->type() != ObjectType::commit) {
    fail(ErrorCode::not_found, "there is no commit {} in {}", commit.hex(),
         repository.full_name());
  }
  return std::make_shared<GitTree>(context, repository,
                                   parse_commit(object->data()).tree);
}

}  // namespace skerry::git
