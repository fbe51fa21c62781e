#include <map>

#include "core/error.h"
#include "core/http/numbers.h"
#include "runs/reports.h"
#include "runs/routes.h"
#include "runs/trigger.h"

namespace skerry::ci::routes {
namespace {

constexpr std::int64_t kMaxListed = 200;

std::size_t wanted_limit(const Request& request) {
  const auto limit = http::query_number(request, "limit", 50);
  return static_cast<std::size_t>(std::min(limit, kMaxListed));
}

Json as_json(Context& context, const Run& run) {
  return run_to_json(run, context.store.stages(run.id));
}

Parameters read_parameters(const Json& body) {
  Parameters out;
  const auto it = body.find("parameters");
  if (it == body.end() || it->is_null()) return out;
  if (!it->is_object()) {
    fail(ErrorCode::invalid, "parameters must be an object");
  }
  for (const auto& [name, value] : it->items()) {
    if (value.is_string()) {
      out[name] = value.get<std::string>();
      // What we hide in the database is ours alone to write.
      if (Credentials::is_hidden(out[name])) {
        fail(ErrorCode::invalid, "parameter '{}' begins with a control "
             "character", name);
      }
    } else if (value.is_boolean() || value.is_number()) {
      out[name] = value.dump();
    } else {
      fail(ErrorCode::invalid,
           "parameter '{}' must be a string, a number or a boolean", name);
    }
  }
  return out;
}

void audit(Context& context, const Request& request, std::string_view action,
           const Run& run) {
  context.services.db.write([&](Transaction& tx) {
    context.services.accounts.audit(tx, request.identity, action,
                                    run.subject());
  });
}

void send_run(Context& context, Response& response, int status,
              const Run& run) {
  response.status = status;
  response.header("Location",
                  fmt::format("/api/v1/projects/{}/repos/{}/runs/{}",
                              run.project, run.repo, run.number));
  response.send_json(as_json(context, run));
}

}  // namespace

Run wanted_run(Context& context, const Request& request) {
  const std::string& project = request.param("project");
  const std::string& repo = request.param("repo");
  const auto number = http::path_number(request, "number");
  const auto run = context.store.find(project, repo, number);
  if (!run) {
    fail(ErrorCode::not_found, "{}/{} has no run #{}", project, repo, number);
  }
  return *run;
}

void list_visible(Context& context, Request& request, Response& response) {
  const std::size_t limit = wanted_limit(request);
  RunFilter filter;
  filter.before = http::query_number(request, "before", 0);
  filter.limit = kMaxListed;
  std::map<std::string, bool> visible;
  Json out = Json::array();
  for (;;) {
    const auto page = context.store.list(filter);
    for (const Run& run : page) {
      const auto [it, first] = visible.try_emplace(run.project);
      if (first) {
        it->second = context.services.accounts.allows(
            request.identity, http::Access::project_viewer, run.project);
      }
      if (it->second && out.size() < limit) out.push_back(as_json(context, run));
      filter.before = run.id;
    }
    if (out.size() >= limit || page.size() < filter.limit) break;
  }
  response.send_json({{"runs", out}});
}

void list(Context& context, Request& request, Response& response) {
  Json out = Json::array();
  for (const Run& run : context.store.list(
           {request.param("project"), request.param("repo"),
            http::query_number(request, "before", 0), wanted_limit(request)})) {
    out.push_back(as_json(context, run));
  }
  response.send_json({{"runs", out}});
}

void start(Context& context, Request& request, Response& response) {
  const Json body = request.read_json();
  refuse_unknown_members(body, {"ref", "parameters"}, "run");
  const Run run =
      start_run(context, request.param("project"), request.param("repo"),
                required_string(body, "ref"), read_parameters(body),
                request.identity.name);
  audit(context, request, "run.start", run);
  send_run(context, response, 201, context.store.find(run.id).value_or(run));
}

void show(Context& context, Request& request, Response& response) {
  response.send_json(as_json(context, wanted_run(context, request)));
}

void cancel(Context& context, Request& request, Response& response) {
  const Run run = wanted_run(context, request);
  if (!cancel_run(context, run, request.identity.name)) {
    fail(ErrorCode::conflict, "run #{} has ended already", run.number);
  }
  audit(context, request, "run.cancel", run);
  send_run(context, response, 202, context.store.find(run.id).value_or(run));
}

void repeat(Context& context, Request& request, Response& response) {
  const Run old = wanted_run(context, request);
  const Run run =
      rerun(context, old,
            fmt::format("rerun of #{} by {}", old.number,
                        request.identity.name));
  audit(context, request, "run.rerun", run);
  send_run(context, response, 201, context.store.find(run.id).value_or(run));
}

}  // namespace skerry::ci::routes
