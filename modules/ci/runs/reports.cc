#include "runs/reports.h"

#include "runs/credentials.h"

namespace skerry::ci {
namespace {

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json result_json(const std::optional<Result>& result) {
  return result ? Json(to_string(*result)) : Json(nullptr);
}

Json stage_to_json(const StageRow& stage) {
  return {{"id", stage.id},
          {"parent", or_null(stage.parent)},
          {"name", stage.name},
          {"state", to_string(stage.state)},
          {"result", result_json(stage.result)},
          {"started", or_null(stage.started)},
          {"finished", or_null(stage.finished)},
          {"log_start", or_null(stage.log_start)},
          {"log_end", or_null(stage.log_end)}};
}

}  // namespace

Json run_to_json(const Run& run, const std::vector<StageRow>& stages) {
  Json parameters = Json::object();
  for (const auto& [name, value] : run.parameters) {
    parameters[name] = Credentials::is_hidden(value) ? "****" : value;
  }
  Json rows = Json::array();
  for (const StageRow& stage : stages) rows.push_back(stage_to_json(stage));
  const std::string tag = run.tag();
  return {{"project", run.project},
          {"repo", run.repo},
          {"number", run.number},
          {"id", run.id},
          {"ref", run.ref},
          {"branch", tag.empty() ? run.branch() : tag},
          {"commit", run.commit},
          {"message", run.message},
          {"author", run.author},
          {"cause", run.cause},
          {"state", to_string(run.state)},
          {"result", result_json(run.result)},
          {"error", run.error},
          {"attempt", run.attempt},
          {"queued", run.queued},
          {"started", or_null(run.started)},
          {"finished", or_null(run.finished)},
          {"parameters", parameters},
          {"stages", rows},
          {"tests",
           {{"total", run.tests_total},
            {"failed", run.tests_failed},
            {"skipped", run.tests_skipped}}}};
}

std::string suites_to_json(const std::vector<TestSuite>& suites) {
  Json out = Json::array();
  for (const TestSuite& suite : suites) {
    Json cases = Json::array();
    for (const TestCase& one : suite.cases) {
      cases.push_back({{"name", one.name},
                       {"class_name", one.class_name},
                       {"status", to_string(one.status)},
                       {"seconds", one.seconds},
                       {"message", one.message},
                       {"details", one.details}});
    }
    out.push_back({{"name", suite.name}, {"cases", std::move(cases)}});
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace skerry::ci
