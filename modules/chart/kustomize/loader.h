// Where a kustomization's files come from: one folder of a tree, and from it
// the folders that it names, with Kustomize's rules about what may be read.
// Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/tree/tree.h"
#include "kustomize/repo_spec.h"

namespace skerry::chart::kustomize {

// What lies in other repositories and on web servers. The engine itself
// reaches nothing; whoever runs it hands in what may be had.
class RemoteSource {
 public:
  virtual ~RemoteSource() = default;
  // The repository at the named ref; throws when there is none.
  virtual std::shared_ptr<const Tree> repository(const RepoSpec& spec) = 0;
  // The text at an "https://" address; throws when it is not to be had.
  virtual std::string file(const std::string& address) = 0;
};

// Has neither: every address is refused by name.
class NoRemoteSource : public RemoteSource {
 public:
  std::shared_ptr<const Tree> repository(const RepoSpec& spec) override;
  std::string file(const std::string& address) override;
};

class Loader {
 public:
  // `folder` is a path in `tree`, which outlives the loader, as does `remote`.
  // With `restricted`, files outside the folder cannot be read. Throws when
  // the folder is none; `shown` is its name there.
  Loader(const Tree& tree, std::string_view folder, const std::string& shown,
         bool restricted, RemoteSource& remote);

  // "/work/app": the folder with its links resolved.
  const std::string& root() const { return root_; }
  const Tree& tree() const { return *tree_; }
  // The file's text; `path` is relative to the root, absolute or an address.
  // Throws with Kustomize's sentences.
  std::string load(const std::string& path) const;
  // A loader for a folder or repository named in a kustomization here; this
  // one outlives it. Refuses what would go in circles.
  std::unique_ptr<Loader> descend(const std::string& path) const;
  // An absolute path of the tree in its folder and file (empty for a folder),
  // links resolved. Throws "evalsymlink failure on ...".
  struct Place {
    std::string folder, file;
  };
  Place resolve(const std::string& path, const std::string& shown) const;
  // The path seen from the root.
  std::string absolute(std::string_view path) const;

 private:
  Loader(const Loader* referrer, std::shared_ptr<const Tree> owned,
         const Tree& tree, bool restricted, RemoteSource& remote)
      : referrer_(referrer),
        owned_(std::move(owned)),
        tree_(&tree),
        restricted_(restricted),
        remote_(remote) {}
  std::string confirm_folder(const std::string& path,
                             const std::string& shown) const;
  void refuse_circle(const std::string& candidate) const;
  void refuse_repository_circle(const RepoSpec& spec) const;
  std::unique_ptr<Loader> enter_repository(RepoSpec spec) const;
  std::string read(const std::string& path) const;

  const Loader* referrer_ = nullptr;
  std::shared_ptr<const Tree> owned_;
  const Tree* tree_;
  const bool restricted_;
  RemoteSource& remote_;
  std::string root_;
  std::optional<RepoSpec> repo_;
};

}  // namespace skerry::chart::kustomize
