// What should be against what is. Pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "application.h"
#include "health.h"
#include "target/target.h"

namespace skerry::cd {

enum class SyncStatus { synced, out_of_sync, unknown };
std::string_view to_string(SyncStatus status);  // "OutOfSync"

// The manifests of an application at its resolved revisions, tracked, with
// namespaces filled in.
struct Desired {
  std::vector<Json> objects;
  std::vector<Json> hooks;
  bool helm_hooks = true;  // no Argo hook among them
};

struct ResourceState {
  ResourceKey key;
  SyncStatus sync = SyncStatus::synced;
  std::optional<Health> health;
  std::string message;  // why it cannot be, or why it is kept
  int wave = 0;
  std::string hook;            // "PreSync" for a hook
  bool missing = false;        // not there yet
  bool requires_prune = false; // there, and should not be
  bool may_prune = true;
  bool prune_last = false;
  bool recreate = false;  // Force with Replace: made anew at each sync
};

struct Comparison {
  std::vector<ResourceState> resources;  // in apply order
  SyncStatus sync = SyncStatus::synced;
  Health health;
  std::size_t to_apply = 0, to_prune = 0;
  // What the application asks for and does not get here, as sentences; at
  // most kMostNotices.
  std::vector<std::string> notices;
};
inline constexpr std::size_t kMostNotices = 50;

// Whether each sync deletes the object and makes it anew, as Argo CD does with
// Force and Replace together. What holds data, or other objects, is spared.
bool is_recreated(const Application& app, const Json& object);

Comparison compare(const Application& app, const Desired& desired,
                   const std::vector<LiveResource>& live,
                   const Review& review = {});

// The object without what a server adds and without what the application
// ignores, as it is compared.
Json normalise(const Application& app, Json object);
// Both sides as YAML and their unified diff, the values of Secrets masked.
// `diff` is not empty exactly when compare() says OutOfSync.
struct ShownDiff {
  std::string live, desired, diff;
};
ShownDiff show_diff(const Application& app, const Json* live,
                    const Json* desired);
// `object` as YAML with the values of a Secret masked.
std::string show(const Json& object);

// For RespectIgnoreDifferences: `desired` with the ignored fields as they are
// in `live`.
Json keep_ignored(const Application& app, Json desired, const Json& live);

}  // namespace skerry::cd
