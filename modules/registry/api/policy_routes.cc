#include "api/policy_routes.h"

#include "api/api_routes.h"

namespace skerry::registry {

void get_policy(Parts& parts, http::Request& request,
                http::Response& response) {
  response.send_json(
      to_json(*parts.policies.of(asked_project(parts, request))));
}

void put_policy(Parts& parts, http::Request& request,
                http::Response& response) {
  const auto policy = parse_policy(request.read_json());
  const auto document = to_json(policy);
  auto& services = parts.services;
  services.db.write([&](Transaction& tx) {
    parts.policies.put(tx, asked_project(parts, request), policy);
    services.accounts.audit(tx, request.identity, "image.policy",
                            request.param("project"), document.dump());
  });
  response.send_json(document);
}

void get_usage(Parts& parts, http::Request& request,
               http::Response& response) {
  const auto id = asked_project(parts, request);
  Json list = Json::array();
  const auto used = parts.services.db.read([&](Connection& db) {
    for (const auto& one : list_repositories(db, id)) {
      list.push_back({{"name", one.name}, {"size_bytes", one.size_bytes}});
    }
    return used_bytes(db, id);
  });
  Json quota;
  if (const auto bytes = parts.policies.of(id)->quota_bytes) quota = *bytes;
  response.send_json({{"quota_bytes", std::move(quota)},
                      {"used_bytes", used},
                      {"repositories", std::move(list)}});
}

}  // namespace skerry::registry
