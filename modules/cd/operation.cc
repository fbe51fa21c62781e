#include "operation.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/store/digest.h"

namespace skerry::cd {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"pending", "running",
                                                     "done", "failed"};
constexpr std::array<std::string_view, 3> kActions = {"apply", "prune", "hook"};
constexpr std::array<std::string_view, 4> kPhases = {"PreSync", "Sync",
                                                     "PostSync", "SyncFail"};

template <std::size_t N>
int index_of(const std::array<std::string_view, N>& names,
             const std::string& name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) {
    fail(ErrorCode::internal, "stored operation: unknown word \"{}\"", name);
  }
  return static_cast<int>(it - names.begin());
}

Json key_json(const ResourceKey& key) {
  return {{"group", key.group},
          {"kind", key.kind},
          {"namespace", key.namespace_name},
          {"name", key.name}};
}

ResourceKey key_from(const Json& value) {
  return {optional_string(value, "group"), optional_string(value, "kind"),
          optional_string(value, "namespace"), optional_string(value, "name")};
}

Json step_json(const Step& step) {
  Json value = key_json(step.task.key);
  value["action"] = to_string(step.task.action);
  value["phase"] = to_string(step.task.phase);
  value["wave"] = step.task.wave;
  value["state"] = to_string(step.state);
  value["message"] = step.message;
  return value;
}

Step step_from(const Json& value) {
  Step step;
  step.task.key = key_from(value);
  step.task.action =
      static_cast<Action>(index_of(kActions, optional_string(value, "action")));
  step.task.phase =
      static_cast<Phase>(index_of(kPhases, optional_string(value, "phase")));
  step.task.wave = static_cast<int>(optional_int(value, "wave", 0));
  step.state =
      static_cast<TaskState>(index_of(kStates, optional_string(value, "state")));
  step.message = optional_string(value, "message");
  return step;
}

}  // namespace

std::string_view to_string(TaskState state) {
  return kStates[static_cast<std::size_t>(state)];
}

Json operation_view(const Operation& op) {
  Json steps = Json::array();
  for (const Step& step : op.steps) steps.push_back(step_json(step));
  Json view = {{"phase", op.phase},
               {"message", op.message},
               {"started", op.started},
               {"finished", op.finished ? Json(op.finished) : Json()},
               {"initiated_by", op.initiated_by},
               {"automated", op.automated},
               {"revision", revision_text(op.resolved)},
               {"attempt", op.attempt},
               {"steps", std::move(steps)}};
  if (op.rollback_to) view["rollback_to"] = *op.rollback_to;
  return view;
}

Json to_json(const Operation& op) {
  Json value = operation_view(op);
  value["prune"] = op.prune;
  value["manifest"] = op.manifest;
  value["resolved"] = to_json(op.resolved);
  value["input"] = op.input;
  value["retry"] = {{"limit", op.retry.limit},
                    {"duration_ms", op.retry.duration_ms},
                    {"max_duration_ms", op.retry.max_duration_ms},
                    {"factor", op.retry.factor}};
  value["retry_at"] = op.retry_at;
  value["planned"] = op.planned;
  value["failing"] = op.failing;
  value["hopeless"] = op.hopeless;
  value["wave_started"] = op.wave_started;
  value["only"] = Json::array();
  for (const ResourceKey& key : op.only) value["only"].push_back(key_json(key));
  return value;
}

Operation operation_from_json(const Json& value) {
  Operation op;
  op.phase = required_string(value, "phase");
  op.message = optional_string(value, "message");
  op.started = optional_int(value, "started", 0);
  op.finished = optional_int(value, "finished", 0);
  op.initiated_by = optional_string(value, "initiated_by");
  op.automated = optional_bool(value, "automated", false);
  op.prune = optional_bool(value, "prune", false);
  for (const Json& key : value.at("only")) op.only.push_back(key_from(key));
  if (value.contains("rollback_to")) {
    op.rollback_to = optional_int(value, "rollback_to", 0);
  }
  op.manifest = value.at("manifest");
  op.resolved = resolved_from_json(value.at("resolved"));
  op.input = optional_string(value, "input");
  const Json& retry = value.at("retry");
  op.retry.limit = optional_int(retry, "limit", 0);
  op.retry.duration_ms = optional_int(retry, "duration_ms", 5'000);
  op.retry.max_duration_ms = optional_int(retry, "max_duration_ms", 180'000);
  op.retry.factor = optional_int(retry, "factor", 2);
  op.attempt = optional_int(value, "attempt", 1);
  op.retry_at = optional_int(value, "retry_at", 0);
  op.planned = optional_bool(value, "planned", false);
  op.failing = optional_bool(value, "failing", false);
  op.hopeless = optional_bool(value, "hopeless", false);
  op.wave_started = optional_int(value, "wave_started", 0);
  for (const Json& step : value.at("steps")) op.steps.push_back(step_from(step));
  return op;
}

std::string operation_input(const Application& app,
                            const std::vector<Resolved>& resolved) {
  std::string text = app.spec_digest;
  for (const Resolved& one : resolved) text += "\n" + one.digest;
  return digest_of(text).hex;
}

std::int64_t retry_delay_ms(const Retry& retry, std::int64_t attempt) {
  std::int64_t delay = std::max<std::int64_t>(retry.duration_ms, 100);
  for (std::int64_t i = 1; i < attempt && delay < retry.max_duration_ms; ++i) {
    delay *= retry.factor;
    if (retry.factor == 1) break;
  }
  return std::min(delay, std::max<std::int64_t>(retry.max_duration_ms, 100));
}

}  // namespace skerry::cd
