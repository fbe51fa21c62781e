// An Argo CD Application's overrides of a kustomization. Pure.
#pragma once

#include "core/text/json.h"
#include "kustomize/kustomization.h"

namespace skerry::chart::kustomize {

// Changes the kustomization as `kustomize edit` would. Throws invalid naming a
// member that is not supported, or a label that is there already.
void apply_overrides(const Json& overrides, Kustomization& kustomization);

// "name=new:tag", "name:tag", "name@sha256:...": what `kustomize edit set
// image` takes.
Image parse_image_override(const std::string& text);

}  // namespace skerry::chart::kustomize
