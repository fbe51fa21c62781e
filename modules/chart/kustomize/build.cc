#include "kustomize/build.h"

#include <algorithm>

#include "core/error.h"
#include "kustomize/names.h"
#include "kustomize/resource_read.h"
#include "kustomize/sort_order.h"
#include "kustomize/target.h"

namespace skerry::chart::kustomize {

namespace {

constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";

bool has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void drop_local(ResourceMap& resources) {
  auto& list = resources.resources();
  std::erase_if(list, [](auto& one) { return is_local_config(*one); });
  resources.ids_changed();
}

void add_managed_by(ResourceMap& resources) {
  FieldSpecs fields = {{{}, "metadata/labels", true}};
  make_label_transformer({{std::string(kManagedBy), "kustomize-v5.7.1"}},
                         fields)
      ->transform(resources);
}

void clean(ResourceMap& resources, const std::vector<std::string>& metadata) {
  bool keeps_origins = has(metadata, "originAnnotations");
  bool keeps_transformations = has(metadata, "transformerAnnotations");
  for (auto& one : resources.resources()) {
    one->drop_annotations([&](std::string_view key) {
      return (key == kOriginAnnotation && !keeps_origins) ||
             (key == kTransformationsAnnotation && !keeps_transformations);
    });
  }
}

}  // namespace

BuildResult build(const Tree& tree, std::string_view folder,
                  const BuildOptions& options, RemoteSource& remote,
                  std::vector<std::string>& warnings) {
  Session session{options, warnings};
  const std::string& shown = options.shown_folder;
  Loader loader(tree, folder, shown.empty() ? "/" + std::string(folder) : shown,
                options.restricts_files, remote);
  Target target(loader, session);
  if (options.edit) target.edit(options.edit);
  target.use_schema(true);
  const Kustomization& kustomization = target.kustomization();
  if (!kustomization.build_metadata.empty()) target.track_origins(Origin());
  Accumulator gathered;
  target.accumulate(gathered);

  ResourceMap& resources = gathered.resources;
  make_hash_transformer()->transform(resources);
  fix_name_references(resources, gathered.config->name_reference);
  auto unused = gathered.variables.resolve(resources,
                                           gathered.config->var_reference);
  drop_local(resources);
  BuildResult result;
  if (!unused.empty()) {
    result.log.push_back(fmt::format(
        "well-defined vars that were never replaced: {}",
        fmt::join(unused, ",")));
  }
  if (kustomization.sort_options && options.reorder != Reorder::unspecified) {
    result.log.push_back(
        "Warning: Sorting order is set both in 'kustomization.yaml' "
        "('sortOptions') and in a CLI flag ('--reorder'). Using the "
        "kustomization file over the CLI flag.");
  }
  if (kustomization.sort_options || options.reorder != Reorder::none) {
    sort_resources(resources, kustomization.sort_options);
  }
  if (options.adds_managed_by_label ||
      has(kustomization.build_metadata, "managedByLabel")) {
    add_managed_by(resources);
  }
  clean(resources, kustomization.build_metadata);
  result.resources = std::move(resources);
  return result;
}

}  // namespace skerry::chart::kustomize
