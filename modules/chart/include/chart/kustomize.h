// Kustomizations for the GitOps side: what `kustomize build` gives, with the
// overrides that an Argo CD Application may have. A pure function.
#pragma once

#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "core/tree/tree.h"

namespace skerry::chart {

// The manifests of the kustomization at `path`. `overrides` is an
// Application's spec.source.kustomize: namePrefix, nameSuffix, namespace,
// images ("name=new:tag"), replicas, commonLabels with forceCommonLabels and
// labelWithoutSelector, commonAnnotations with forceCommonAnnotations,
// components. Throws invalid naming a member that is not supported, and with
// Kustomize's own sentences. Thread-safe.
std::vector<Json> build_kustomization(const Tree& tree, std::string_view path,
                                      const Json& overrides);

}  // namespace skerry::chart
