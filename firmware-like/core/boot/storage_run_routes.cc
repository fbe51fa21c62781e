#include <algorithm>

#include "core/boot/storage_runs.h"
#include "core/error.h"
#include "core/http/numbers.h"

namespace skerry::boot {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr std::int64_t kPage = 1'000;

Json to_json(const StorageRun& run) {
  return {{"id", run.id},
          {"dry_run", run.dry_run},
          {"started", run.started},
          {"finished", run.finished ? Json(*run.finished) : Json()},
          {"error", run.error},
          {"step", run.step},
          {"items", run.items},
          {"bytes", run.bytes}};
}

StorageRun asked(StorageRuns& runs, const Request& request) {
  const auto id = http::path_number(request, "id");
  auto run = runs.find(id);
  if (!run) fail(ErrorCode::not_found, "there is no {} {}", runs.name(), id);
  return *run;
}

void get_items(StorageRuns& runs, const Request& request, Response& response) {
  const auto run = asked(runs, request);
  const auto limit =
      std::min(http::query_number(request, "limit", kPage), kPage);
  Json list = Json::array();
  for (const auto& [number, item] :
       runs.items(run.id, http::query_number(request, "after", 0),
                  static_cast<std::size_t>(limit))) {
    list.push_back({{"number", number},
                    {"kind", item.kind},
                    {"name", item.name},
                    {"reason", item.reason},
                    {"bytes", item.bytes}});
  }
  response.send_json({{"items", std::move(list)}});
}

}  // namespace

std::vector<http::Route> storage_run_routes(
    StorageRuns& runs, const std::string& path,
    std::function<std::int64_t(Request&)> start) {
  const std::string all = "/api/v1/" + path, one = all + "/{id}";
  return {
      {"POST", all, Access::server_admin,
       [&runs, start = std::move(start)](Request& req, Response& res) {
         const auto id = start(req);
         res.status = 202;
         res.send_json(to_json(*runs.find(id)));
       },
       "Start a " + runs.name()},
      {"GET", all, Access::server_admin,
       [&runs](Request&, Response& res) {
         Json list = Json::array();
         for (const auto& run : runs.list()) list.push_back(to_json(run));
         res.send_json({{"runs", std::move(list)}});
       },
       "The last runs of " + runs.name() + ", newest first"},
      {"GET", one, Access::server_admin,
       [&runs](Request& req, Response& res) {
         res.send_json(to_json(asked(runs, req)));
       },
       "A " + runs.name() + " and how far it is"},
      {"GET", one + "/items", Access::server_admin,
       [&runs](Request& req, Response& res) { get_items(runs, req, res); },
       "What it found; ?after=&limit="},
      {"DELETE", one, Access::server_admin,
       [&runs](Request& req, Response& res) {
         if (!runs.cancel(asked(runs, req).id)) {
           fail(ErrorCode::conflict, "that {} is over", runs.name());
         }
         res.status = 204;
       },
       "Cancel a " + runs.name()},
  };
}

}  // namespace skerry::boot
