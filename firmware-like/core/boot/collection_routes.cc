#include <charconv>

#include "core/boot/collector.h"
#include "core/error.h"

namespace skerry::boot {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr std::int64_t kPage = 1'000;

std::int64_t number_in(std::string_view text, std::string_view what) {
  std::int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    fail(ErrorCode::invalid, "{} must be a number, not '{}'", what, text);
  }
  return number;
}

std::int64_t query_number(const Request& request, std::string_view name,
                          std::int64_t otherwise) {
  const auto text = request.query_param(name);
  return text ? number_in(*text, name) : otherwise;
}

CollectionOptions options_in(const Json& body) {
  CollectionOptions options;
  if (!body.is_object()) fail(ErrorCode::invalid, "the body must be an object");
  for (const auto& [name, value] : body.items()) {
    if (name == "dry_run" && value.is_boolean()) {
      options.dry_run = value.get<bool>();
    } else if (name == "age_ms" && value.is_number_unsigned()) {
      options.age = std::chrono::milliseconds(value.get<std::int64_t>());
    } else if (name == "dry_run" || name == "age_ms") {
      fail(ErrorCode::invalid, "{} must be {}", name,
           name == "dry_run" ? "true or false" : "a number of milliseconds");
    } else {
      fail(ErrorCode::invalid, "unknown field '{}'", name);
    }
  }
  return options;
}

Json to_json(const CollectionRecord& record) {
  return {{"id", record.id},
          {"dry_run", record.dry_run},
          {"started", record.started},
          {"finished", record.finished ? Json(*record.finished) : Json()},
          {"error", record.error},
          {"step", record.step},
          {"items", record.items},
          {"freed_bytes", record.freed_bytes}};
}

CollectionRecord asked(Collector& collector, const Request& request) {
  const auto id = number_in(request.param("id"), "the run");
  auto record = collector.find(id);
  if (!record) {
    fail(ErrorCode::not_found, "there is no garbage collection {}", id);
  }
  return *record;
}

void post_collection(Collector& collector, Services& services, Request& request,
                     Response& response) {
  const auto options = options_in(request.read_json());
  const auto id = collector.start(options);
  services.db.write([&](Transaction& tx) {
    services.accounts.audit(tx, request.identity, "storage.collect",
                            std::to_string(id),
                            options.dry_run ? "dry run" : "");
  });
  response.status = 202;
  response.send_json(to_json(*collector.find(id)));
}

void get_collections(Collector& collector, Response& response) {
  Json list = Json::array();
  for (const auto& record : collector.list()) list.push_back(to_json(record));
  response.send_json({{"collections", std::move(list)}});
}

void get_items(Collector& collector, const Request& request,
               Response& response) {
  const auto record = asked(collector, request);
  const auto limit = std::min(query_number(request, "limit", kPage), kPage);
  Json list = Json::array();
  for (const auto& [number, item] :
       collector.items(record.id, query_number(request, "after", 0),
                       static_cast<std::size_t>(limit))) {
    list.push_back({{"number", number},
                    {"kind", item.kind},
                    {"name", item.name},
                    {"reason", item.reason},
                    {"freed_bytes", item.freed_bytes}});
  }
  response.send_json({{"items", std::move(list)}});
}

}  // namespace

std::vector<http::Route> collection_routes(Collector& collector,
                                           Services& services) {
  return {
      {"POST", "/api/v1/collections", Access::server_admin,
       [&](Request& req, Response& res) {
         post_collection(collector, services, req, res);
       },
       "Collect garbage: {dry_run, age_ms: how old things must be to go}"},
      {"GET", "/api/v1/collections", Access::server_admin,
       [&collector](Request&, Response& res) {
         get_collections(collector, res);
       },
       "The last garbage collections, newest first"},
      {"GET", "/api/v1/collections/{id}", Access::server_admin,
       [&collector](Request& req, Response& res) {
         res.send_json(to_json(asked(collector, req)));
       },
       "A garbage collection and how far it is"},
      {"GET", "/api/v1/collections/{id}/items", Access::server_admin,
       [&collector](Request& req, Response& res) {
         get_items(collector, req, res);
       },
       "What it removed, or in a dry run would, and why; ?after=&limit="},
      {"DELETE", "/api/v1/collections/{id}", Access::server_admin,
       [&collector](Request& req, Response& res) {
         if (!collector.cancel(asked(collector, req).id)) {
           fail(ErrorCode::conflict, "that garbage collection is over");
         }
         res.status = 204;
       },
       "Cancel a garbage collection"},
  };
}

}  // namespace skerry::boot
