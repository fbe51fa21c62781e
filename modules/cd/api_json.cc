#include "api_json.h"

#include "compare/text_diff.h"

namespace skerry::cd {
namespace {

Json key_json(const ResourceKey& key) {
  return {{"group", key.group},
          {"kind", key.kind},
          {"namespace", key.namespace_name},
          {"name", key.name}};
}

const Json* find_desired(const Look& look, const ResourceKey& key) {
  for (const auto* list : {&look.desired.objects, &look.desired.hooks}) {
    for (const Json& object : *list) {
      if (key_of(object) == key) return &object;
    }
  }
  return nullptr;
}

const Json* find_live(const Look& look, const ResourceKey& key) {
  for (const LiveResource& live : look.live) {
    if (live.key == key) return &live.object;
  }
  return nullptr;
}

}  // namespace

Json application_json(const Record& record, UnixMillis last_look) {
  const Application& app = *record.app;
  Json status = {{"sync", record.status.sync},
                 {"health", record.status.health},
                 {"revision", revision_text(record.status.resolved)},
                 {"message", record.status.message},
                 {"notices", record.status.notices},
                 {"last_reconciled", last_look ? Json(last_look) : Json()},
                 {"operation", nullptr}};
  if (record.operation) status["operation"] = operation_view(*record.operation);
  if (record.pin) status["rolled_back_to"] = record.pin->history_id;
  if (record.deleting) status["deleting"] = true;
  return {{"name", app.name},
          {"project", app.project},
          {"metadata", app.manifest["metadata"]},
          {"spec", app.manifest["spec"]},
          {"generation", record.generation},
          {"created", record.created},
          {"created_by", record.created_by},
          {"status", std::move(status)}};
}

Json history_json(const std::vector<HistoryEntry>& history) {
  Json entries = Json::array();
  for (const HistoryEntry& entry : history) {
    const Json& spec = entry.manifest["spec"];
    entries.push_back(
        {{"id", entry.id},
         {"revision", entry.revision},
         {"deployed", entry.deployed},
         {"started", entry.started},
         {"initiated_by", entry.initiated_by},
         {"source", spec.contains("source") ? spec["source"]
                                            : spec.value("sources", Json())}});
  }
  return {{"history", std::move(entries)}};
}

Json resources_json(const Look& look) {
  Json resources = Json::array();
  for (const ResourceState& state : look.comparison.resources) {
    Json item = key_json(state.key);
    item["sync"] = to_string(state.sync);
    item["health"] =
        state.health ? Json(to_string(state.health->status)) : Json();
    item["message"] = !state.message.empty() ? state.message
                      : state.health         ? state.health->message
                                             : "";
    item["wave"] = state.wave;
    item["hook"] = state.hook.empty() ? Json() : Json(state.hook);
    item["requires_pruning"] = state.requires_prune;
    resources.push_back(std::move(item));
  }
  return {{"resources", std::move(resources)}};
}

Json diff_json(const Look& look) {
  Json resources = Json::array();
  for (const ResourceState& state : look.comparison.resources) {
    if (state.sync == SyncStatus::synced || !state.hook.empty()) continue;
    const ShownDiff shown = show_diff(look.app, find_live(look, state.key),
                                      find_desired(look, state.key));
    Json item = key_json(state.key);
    item["live"] = shown.live;
    item["desired"] = shown.desired;
    item["diff"] = shown.diff;
    resources.push_back(std::move(item));
  }
  return {{"resources", std::move(resources)}};
}

Json manifests_json(const Look& look) {
  Json manifests = Json::array();
  for (const auto* list : {&look.desired.objects, &look.desired.hooks}) {
    for (const Json& object : *list) {
      Json item = key_json(key_of(object));
      item["manifest"] = show(object);
      manifests.push_back(std::move(item));
    }
  }
  return {{"revision", revision_text(look.resolved)},
          {"manifests", std::move(manifests)}};
}

Json steps_json(const std::vector<Step>& steps) {
  Json result = Json::array();
  for (const Step& step : steps) {
    Json item = key_json(step.task.key);
    item["action"] = to_string(step.task.action);
    item["phase"] = to_string(step.task.phase);
    item["wave"] = step.task.wave;
    item["state"] = to_string(step.state);
    item["message"] = step.message;
    result.push_back(std::move(item));
  }
  return {{"steps", std::move(result)}};
}

}  // namespace skerry::cd
