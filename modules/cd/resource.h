// Kubernetes manifests as the syncer looks at them: identity, Argo's
// annotations, hooks. Pure functions.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"

namespace skerry::cd {

struct ResourceKey {
  std::string group, kind, namespace_name, name;
  auto operator<=>(const ResourceKey&) const = default;
  // "apps/Deployment:default/hello", the tail of a tracking id.
  std::string to_string() const;
  // "Deployment default/hello", for people.
  std::string describe() const;
};

// Throws invalid for an object without apiVersion, kind or name.
ResourceKey key_of(const Json& object);
std::optional<ResourceKey> parse_key(std::string_view tail);

// "" when absent.
std::string annotation(const Json& object, std::string_view name);
void set_annotation(Json& object, const std::string& name,
                    const std::string& value);

inline constexpr const char* kTrackingId = "argocd.argoproj.io/tracking-id";

// "<application>:<group>/<Kind>:<namespace>/<name>".
std::string tracking_id(std::string_view application, const ResourceKey& key);
// True when the object carries the tracking id of `application` for itself; a
// copy under another name does not.
bool is_tracked_by(const Json& object, std::string_view application);

// Kinds that have no namespace; others get the destination's.
bool is_cluster_scoped(std::string_view group, std::string_view kind);

enum class Phase { pre_sync, sync, post_sync, sync_fail };
std::string_view to_string(Phase phase);

struct Hook {
  std::vector<Phase> phases;
  bool skip = false;     // Argo's Skip, Helm's test and rollback hooks
  bool before_creation = true, on_success = false, on_failure = false;
};

// The hook that an object is, if it is one. Helm's hooks count when
// `helm_hooks`: Argo's switch them off. Throws invalid for hooks that are not
// supported (PreDelete, PostDelete and Helm's equals).
std::optional<Hook> hook_of(const Json& object, bool helm_hooks);
bool has_argo_hook(const Json& object);

// argocd.argoproj.io/sync-wave, or Helm's hook weight. Throws invalid when it
// is no integer.
int wave_of(const Json& object);

// argocd.argoproj.io/sync-options of one resource.
struct ResourceOptions {
  bool prune = true, delete_ = true, prune_last = false;
  bool replace = false, force = false;
  // What is accepted and changes nothing here, as sentences.
  std::vector<std::string> notices;
};
// Throws invalid for an option that is not supported, naming it.
ResourceOptions resource_options(const Json& object);
// Why a sync option changes nothing here, as a sentence; "" for one that is
// not known to be so.
std::string option_without_effect(std::string_view option);

// The images that an object's pods run.
void collect_images(const Json& object, std::set<std::string>& images);

// argocd.argoproj.io/compare-options: IgnoreExtraneous.
bool ignores_extraneous(const Json& object);

}  // namespace skerry::cd
