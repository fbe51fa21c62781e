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
  ResourceKey key;                      // of the workload

  // Tells the reader what will be different from a cluster.
  void notice(const ResourceKey& about, std::string sentence);
  void notice(std::string sentence) { notice(key, std::move(sentence)); }

  // A ConfigMap or Secret of the application as decoded text by key; null
  // when it is not among the manifests.
  std::optional<std::map<std::string, std::string>> data_of(
      std::string_view kind, const std::string& name) const;
};

inline constexpr const char* kUnknown = "is not supported by the podman target";

// The specification of a Deployment, Job and so on around its pods' template.
void read_controller(Fields& spec, const std::string& kind,
                     PodContext& context);
// `restart` is the restartPolicy that the kind demands; "" takes any.
Json translate_pod_spec(Fields& fields, PodContext& context,
                        const char* restart);
// Throws invalid naming the field.
Json translate_container(Fields& fields, PodContext& context, bool init);
// Fills context.volumes and context.workload.folders.
void translate_volume(Fields& fields, PodContext& context);
// Adds the ports and names that Services give the pod.
void apply_services(PodContext& context, Json& containers);

}  // namespace skerry::cd::podman
