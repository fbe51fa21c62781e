#include "api/policy_routes.h"

#include "api/api_routes.h"
#include "core/error.h"

namespace skerry::registry {
namespace {

void refuse_mirrored_demand(Parts& parts, std::int64_t project,
                            const Policy& policy) {
  if (policy.signatures.demand == SignaturePolicy::Demand::none) return;
  const auto upstream = parts.upstreams.of(project);
  if (!upstream) return;
  fail(ErrorCode::invalid,
       "signatures.demand must be none: signatures of what comes from {} are "
       "not fetched",
       upstream->config().url);
}

}  // namespace

void get_policy(Parts& parts, http::Request& request,
                http::Response& response) {
  response.send_json(
      to_json(*parts.policies.of(asked_project(parts, request))));
}

void put_policy(Parts& parts, http::Request& request,
                http::Response& response) {
  const auto policy = parse_policy(request.read_json());
  refuse_mirrored_demand(parts, asked_project(parts, request), policy);
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
