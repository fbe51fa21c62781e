#include "compare/compare.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "compare/text_diff.h"
#include "core/text/yaml.h"
#include "order.h"

namespace skerry::cd {
namespace {

bool applies_to(const IgnoreDifference& ignore, const ResourceKey& key) {
  const auto fits = [](const std::string& wanted, const std::string& got) {
    return wanted.empty() || wanted == "*" || wanted == got;
  };
  return fits(ignore.group, key.group) && fits(ignore.kind, key.kind) &&
         fits(ignore.name, key.name) &&
         fits(ignore.namespace_name, key.namespace_name) &&
         // An empty group means the core group, as in Argo CD.
         (!ignore.group.empty() || key.group.empty());
}

std::vector<Json::json_pointer> ignored_pointers(const Application& app,
                                                 const ResourceKey& key) {
  std::vector<Json::json_pointer> result;
  for (const IgnoreDifference& ignore : app.ignore_differences) {
    if (!applies_to(ignore, key)) continue;
    for (const std::string& text : ignore.json_pointers) {
      try {
        result.emplace_back(text);
      } catch (const Json::exception&) {
        continue;  // a bad escape matches nothing
      }
    }
  }
  return result;
}

// The member a pointer names, or null when its way ends early.
Json* find(Json& object, const Json::json_pointer& pointer) {
  try {
    return object.contains(pointer) ? &object.at(pointer) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
}

void erase_at(Json& object, const Json::json_pointer& pointer) {
  if (pointer.empty() || !find(object, pointer)) return;
  Json* parent = find(object, pointer.parent_pointer());
  if (!parent) return;
  if (parent->is_object()) {
    parent->erase(pointer.back());
  } else if (parent->is_array()) {
    parent->erase(static_cast<std::size_t>(std::stoul(pointer.back())));
  }
}

// Absent, null and empty metadata mean the same.
void drop_nulls(Json& value) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      if (it->is_null()) {
        it = value.erase(it);
      } else {
        drop_nulls(*it);
        ++it;
      }
    }
  } else if (value.is_array()) {
    for (Json& item : value) drop_nulls(item);
  }
}

bool is_secret(const Json& object) {
  const auto kind = object.find("kind");
  return kind != object.end() && *kind == "Secret";
}

void mask(Json& object, const Json* other, const char* plus,
          const char* changed) {
  for (const char* key : {"data", "stringData"}) {
    const auto data = object.find(key);
    if (data == object.end() || !data->is_object()) continue;
    for (auto& [name, value] : data->items()) {
      const bool same = !other || !other->contains(key) ||
                        !(*other)[key].contains(name) ||
                        (*other)[key][name] == value;
      value = same ? plus : changed;
    }
  }
}

Health worse(Health a, Health b) {
  return static_cast<int>(b.status) > static_cast<int>(a.status) ? b : a;
}

ResourceState desired_state(const Application& app, const Json& object,
                            const LiveResource* live) {
  ResourceState state;
  state.key = key_of(object);
  state.wave = wave_of(object);
  state.recreate = is_recreated(app, object);
  if (!live) {
    state.missing = true;
    state.sync = SyncStatus::out_of_sync;
    state.health = Health{HealthStatus::missing, "is not there yet"};
    return state;
  }
  state.health = health_of(live->object);
  const Json wanted = normalise(app, object), found = normalise(app, live->object);
  // Equal text is equal: 1 and 1.0 must not be OutOfSync with an empty diff.
  if (wanted != found && to_yaml(wanted) != to_yaml(found)) {
    state.sync = SyncStatus::out_of_sync;
  }
  return state;
}

ResourceState extra_state(const Application& app, const LiveResource& live,
                          bool helm_hooks) {
  ResourceState state;
  state.key = live.key;
  state.wave = wave_of(live.object);
  state.health = health_of(live.object);
  const auto hook = hook_of(live.object, helm_hooks);
  if (hook && !hook->skip) {
    state.hook = to_string(hook->phases.front());
    return state;
  }
  if (ignores_extraneous(live.object)) return state;
  state.requires_prune = true;
  state.sync = SyncStatus::out_of_sync;
  const ResourceOptions options = resource_options(live.object);
  state.may_prune = app.options.prune && options.prune;
  state.prune_last = app.options.prune_last || options.prune_last;
  if (!state.may_prune) state.message = "is kept: Prune=false";
  return state;
}

bool counts_for_health(const Json& object) {
  return annotation(object, "argocd.argoproj.io/ignore-healthcheck") != "true";
}

}  // namespace

std::string_view to_string(SyncStatus status) {
  switch (status) {
    case SyncStatus::synced: return "Synced";
    case SyncStatus::out_of_sync: return "OutOfSync";
    case SyncStatus::unknown: return "Unknown";
  }
  return "Unknown";
}

Json normalise(const Application& app, Json object) {
  const ResourceKey key = key_of(object);
  for (const auto& pointer : ignored_pointers(app, key)) {
    erase_at(object, pointer);
  }
  object.erase("status");
  Json& metadata = object["metadata"];
  for (const char* name : {"creationTimestamp", "deletionGracePeriodSeconds",
                           "deletionTimestamp", "generation", "managedFields",
                           "resourceVersion", "selfLink", "uid"}) {
    metadata.erase(name);
  }
  if (metadata.contains("annotations") && metadata["annotations"].is_object()) {
    metadata["annotations"].erase(
        "kubectl.kubernetes.io/last-applied-configuration");
  }
  drop_nulls(object);
  for (const char* name : {"annotations", "labels"}) {
    if (metadata.contains(name) && metadata[name].empty()) metadata.erase(name);
  }
  return object;
}

bool is_recreated(const Application& app, const Json& object) {
  const ResourceKey key = key_of(object);
  if (key.kind == "PersistentVolumeClaim" || key.kind == "Namespace" ||
      key.kind == "CustomResourceDefinition") {
    return false;
  }
  const ResourceOptions own = resource_options(object);
  return (own.replace || app.options.replace) &&
         (own.force || app.options.force);
}

namespace {

// Annotations of Argo CD that are read here, or that Argo CD writes.
bool is_known_annotation(std::string_view name) {
  static constexpr std::string_view kKnown[] = {
      "hook", "hook-delete-policy", "sync-wave", "sync-options",
      "compare-options", "ignore-healthcheck", "tracking-id"};
  return std::find(std::begin(kKnown), std::end(kKnown), name) !=
         std::end(kKnown);
}

Notices notices_of(const Desired& desired, const Review& review) {
  constexpr std::string_view kPrefix = "argocd.argoproj.io/";
  Notices notices = review.notices;
  for (const auto* list : {&desired.objects, &desired.hooks}) {
    for (const Json& object : *list) {
      std::vector<std::string> own = resource_options(object).notices;
      const Json::json_pointer annotations("/metadata/annotations");
      if (object.contains(annotations) && object[annotations].is_object()) {
        for (const auto& [name, value] : object[annotations].items()) {
          if (name.starts_with(kPrefix) &&
              !is_known_annotation(name.substr(kPrefix.size()))) {
            own.push_back(fmt::format("annotation {} changes nothing", name));
          }
        }
      }
      if (own.empty()) continue;
      auto& all = notices[key_of(object)];
      all.insert(all.end(), own.begin(), own.end());
    }
  }
  return notices;
}

std::string joined(const std::vector<std::string>& sentences) {
  return fmt::format("{}", fmt::join(sentences, "; "));
}

void list_notices(const Application& app, const Notices& notices,
                  std::vector<std::string>& result) {
  result = app.notices;
  for (const auto& [key, sentences] : notices) {
    for (const std::string& sentence : sentences) {
      if (result.size() >= kMostNotices) return;
      result.push_back(fmt::format("{}: {}", key.describe(), sentence));
    }
  }
}

}  // namespace

Comparison compare(const Application& app, const Desired& desired,
                   const std::vector<LiveResource>& live,
                   const Review& review) {
  const Notices notices = notices_of(desired, review);
  std::map<ResourceKey, const LiveResource*> by_key;
  for (const LiveResource& resource : live) by_key[resource.key] = &resource;
  Comparison result;
  list_notices(app, notices, result.notices);
  const auto add = [&](ResourceState state, bool counts) {
    if (const auto it = notices.find(state.key); it != notices.end()) {
      state.message = joined(it->second);
    }
    if (const auto it = review.problems.find(state.key);
        it != review.problems.end()) {
      state.message = it->second;
      state.health = Health{HealthStatus::degraded, it->second};
      state.sync = SyncStatus::out_of_sync;
      counts = true;
    }
    if (state.hook.empty() && state.health && counts &&
        !state.requires_prune) {
      result.health = worse(result.health, *state.health);
    }
    if (state.sync != SyncStatus::synced) {
      result.sync = SyncStatus::out_of_sync;
      (state.requires_prune ? result.to_prune : result.to_apply) += 1;
    }
    result.resources.push_back(std::move(state));
  };
  for (const Json& object : desired.objects) {
    const auto it = by_key.find(key_of(object));
    const LiveResource* found = it == by_key.end() ? nullptr : it->second;
    add(desired_state(app, object, found), counts_for_health(object));
    if (found) by_key.erase(it);
  }
  for (const Json& object : desired.hooks) {
    const ResourceKey key = key_of(object);
    if (review.problems.contains(key) && !by_key.contains(key)) {
      ResourceState state;
      state.key = key;
      add(std::move(state), true);
    }
  }
  for (const auto& [key, resource] : by_key) {
    add(extra_state(app, *resource, desired.helm_hooks),
        counts_for_health(resource->object));
  }
  std::stable_sort(result.resources.begin(), result.resources.end(),
                   [](const ResourceState& a, const ResourceState& b) {
                     const auto rank = [](const ResourceState& s) {
                       return std::make_tuple(s.wave, kind_rank(s.key.kind));
                     };
                     return rank(a) < rank(b);
                   });
  return result;
}

std::string show(const Json& object) {
  if (!is_secret(object)) return to_yaml(object);
  Json masked = object;
  mask(masked, nullptr, "++++++++", "++++++++");
  return to_yaml(masked);
}

ShownDiff show_diff(const Application& app, const Json* live,
                    const Json* desired) {
  ShownDiff shown;
  Json before, after;
  if (live) before = normalise(app, *live);
  if (desired) after = normalise(app, *desired);
  if (live && is_secret(before)) {
    mask(before, desired ? &after : nullptr, "++++++++", "++++++++");
  }
  if (desired && is_secret(after)) {
    const Json original = live ? normalise(app, *live) : Json();
    mask(after, live ? &original : nullptr, "++++++++", "+++++++++ (changed)");
  }
  if (live) shown.live = to_yaml(before);
  if (desired) shown.desired = to_yaml(after);
  shown.diff = unified_diff(shown.live, shown.desired);
  return shown;
}

Json keep_ignored(const Application& app, Json desired, const Json& live) {
  Json source = live;
  for (const auto& pointer : ignored_pointers(app, key_of(desired))) {
    const Json* kept = find(source, pointer);
    if (!kept) {
      erase_at(desired, pointer);
    } else if (find(desired, pointer.parent_pointer())) {
      desired[pointer] = *kept;
    }
  }
  return desired;
}

}  // namespace skerry::cd
