// One container of a pod, translated. Private to the podman target.
#pragma once

#include <string>
#include <vector>

#include "fields.h"
#include "target/podman/workload.h"

namespace skerry::cd::podman {

// What the translation of one pod shares.
struct PodContext {
  const TargetApp& app;
  std::string namespace_name;
  const std::vector<Json>& desired;
  const Policy& policy;
  Json template_metadata;  // labels and annotations, for fieldRef
  Workload& workload;
  std::map<std::string, Json> volumes;  // by name: the translated volume
  bool non_root = false;                // the pod's runAsNonRoot
  Json run_as_user, run_as_group;       // the pod's, or null

  // A ConfigMap or Secret of the application as decoded text by key; null
  // when it is not among the manifests.
  std::optional<std::map<std::string, std::string>> data_of(
      std::string_view kind, const std::string& name) const;
};

// Throws invalid naming the field.
Json translate_container(Fields& fields, PodContext& context, bool init);
// Fills context.volumes and context.workload.folders.
void translate_volume(Fields& fields, PodContext& context);
// Adds the ports and names that Services give the pod.
void apply_services(PodContext& context, Json& containers);

}  // namespace skerry::cd::podman
