// Builds a kustomization: from a folder of a tree to the resources that
// `kustomize build` prints. Needs no database, network or process; what lies
// elsewhere is handed in.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tree/tree.h"
#include "kustomize/helm_generator.h"
#include "kustomize/loader.h"
#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

enum class Reorder { unspecified, legacy, none };

struct BuildOptions {
  // The folder's name in errors; "" is its path in the tree.
  std::string shown_folder;
  // Files outside a kustomization's folder are refused.
  bool restricts_files = true;
  // Plugins that are containers or programs are refused either way; with this,
  // by another sentence than Kustomize's "external plugins disabled".
  bool allows_external_plugins = false;
  bool adds_managed_by_label = false;
  // Used unless the kustomization says what order it wants.
  Reorder reorder = Reorder::unspecified;
  HelmSettings helm;
  // Changes what the folder's own kustomization file asks for.
  std::function<void(Kustomization&)> edit{};
};

struct BuildResult {
  ResourceMap resources;
  // What kubectl writes to its log.
  std::vector<std::string> log;
};

// Adds kubectl's warnings to `warnings` as they come up, also when it throws
// Kustomize's sentence for what is wrong.
BuildResult build(const Tree& tree, std::string_view folder,
                  const BuildOptions& options, RemoteSource& remote,
                  std::vector<std::string>& warnings);

}  // namespace skerry::chart::kustomize
