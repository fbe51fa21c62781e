// Built-in plugins that are configured by resources of their own, named under
// `generators`, `transformers` and `validators`. Others run programs or
// containers and are refused by name.
#pragma once

#include <functional>
#include <vector>

#include "kustomize/build.h"
#include "kustomize/loader.h"
#include "kustomize/resource.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {

using Generator = std::function<std::vector<Resource>()>;

// Both throw in Kustomize's words. `loader` outlives what they make.
Generator make_plugin_generator(const Resource& config, const Loader& loader,
                                const BuildOptions& options);
TransformerPointer make_plugin_transformer(const Resource& config,
                                           const TransformerContext& context,
                                           const BuildOptions& options);

}  // namespace skerry::chart::kustomize
