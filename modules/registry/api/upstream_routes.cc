#include "api/upstream_routes.h"

#include <algorithm>

#include "core/error.h"
#include "upstream/nodes.h"
#include "upstream/upstream_rows.h"

namespace skerry::registry {
namespace {

constexpr std::uint64_t kLargestBody = 512u << 10;

auth::Project project_of(Parts& parts, const http::Request& request) {
  const auto& name = request.param("project");
  auto project = parts.services.accounts.find_project(name);
  if (!project) fail(ErrorCode::not_found, "there is no project '{}'", name);
  return std::move(*project);
}

Upstreams::Ref upstream_of(Parts& parts, const auth::Project& project) {
  auto upstream = parts.upstreams.of(project.id);
  if (!upstream) {
    fail(ErrorCode::not_found,
         "project '{}' stands in front of no other registry", project.name);
  }
  return upstream;
}

// What was pushed must not be mixed with what another registry says.
void require_no_pushed(Connection& db, const auth::Project& project) {
  if (const auto name = pushed_repository(db, project.id)) {
    fail(ErrorCode::conflict,
         "project '{}' has images that were pushed to it ('{}'): use a "
         "project of its own for the upstream registry",
         project.name, *name);
  }
}

// How nodes reach this server: as the settings say, or as we were asked. The
// setting belongs to the program and may not be there.
std::string base_url(Parts& parts, const http::Request& request) {
  for (const auto& one : parts.services.settings.list()) {
    if (one.setting.name != "http.public_url" || one.value.empty()) continue;
    auto url = one.value;
    while (url.ends_with('/')) url.pop_back();
    return url;
  }
  return request.base_url;
}

}  // namespace

void get_upstream(Parts& parts, http::Request& request,
                  http::Response& response) {
  const auto upstream = upstream_of(parts, project_of(parts, request));
  auto shown = show_config(upstream->config());
  const auto status = upstream->status();
  shown["last_answer"] = status.last_answer;
  shown["last_trouble"] = status.last_trouble;
  shown["trouble"] = status.trouble;
  response.send_json(shown);
}

void put_upstream_route(Parts& parts, http::Request& request,
                        http::Response& response) {
  const auto project = project_of(parts, request);
  const auto body = request.read_json(kLargestBody);
  const auto before = parts.upstreams.of(project.id);
  auto config =
      read_config(body, before ? &before->config() : nullptr);
  config.project_id = project.id;
  config.project = project.name;
  if (parts.policies.of(project.id)->signatures.demand !=
      SignaturePolicy::Demand::none) {
    fail(ErrorCode::conflict,
         "the policy of project '{}' demands signatures, which are not fetched "
         "from another registry: set signatures.demand to none first",
         project.name);
  }
  auto& services = parts.services;
  // Alone: it must see all pushes that were committed before.
  services.db.write_alone([&](Transaction& tx) {
    auth::require_project(services.accounts, project.name);
    if (!before) require_no_pushed(tx.connection(), project);
    // Grows, so that a change within one millisecond is seen as one.
    config.changed = std::max(services.clock.now(),
                              before ? before->config().changed + 1 : 0);
    if (before && (before->config().url != config.url ||
                   before->config().prefix != config.prefix)) {
      forget_checks(tx, project.id);
    }
    parts.upstreams.put(tx, config);
    services.accounts.audit(tx, request.identity, "image.upstream.set",
                            project.name, config.url);
  });
  get_upstream(parts, request, response);
}

void delete_upstream(Parts& parts, http::Request& request,
                     http::Response& response) {
  const auto project = project_of(parts, request);
  const auto upstream = upstream_of(parts, project);
  parts.services.db.write([&](Transaction& tx) {
    parts.upstreams.remove(tx, project.id);
    parts.services.accounts.audit(tx, request.identity,
                                  "image.upstream.remove", project.name,
                                  upstream->config().url);
  });
  response.status = 204;
}

void get_node_snippets(Parts& parts, http::Request& request,
                       http::Response& response) {
  const auto project = project_of(parts, request);
  NodeFacts facts;
  facts.base_url = base_url(parts, request);
  facts.project = project.name;
  facts.is_public = project.is_public;
  facts.default_mirror =
      parts.services.settings.text("registry.mirror_project") == project.name;
  if (const auto upstream = parts.upstreams.of(project.id)) {
    facts.hosts = upstream->config().hosts;
    facts.docker_hub = std::find(facts.hosts.begin(), facts.hosts.end(),
                                 "docker.io") != facts.hosts.end();
  }
  Json list = Json::array();
  for (const auto& one : node_snippets(facts)) {
    list.push_back({{"tool", one.tool},
                    {"file", one.file},
                    {"content", one.content},
                    {"note", one.note}});
  }
  response.send_json({{"snippets", std::move(list)}});
}

}  // namespace skerry::registry
