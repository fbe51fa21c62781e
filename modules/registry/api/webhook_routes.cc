#include "api/webhook_routes.h"

#include "api/api_routes.h"
#include "core/error.h"
#include "core/text/number.h"

namespace skerry::registry {
namespace {

// Certificates and headers make a large one.
constexpr std::uint64_t kLargest = 256u << 10;

// The project of the path; none: the whole server.
std::optional<std::int64_t> owner_of(Parts& parts,
                                     const http::Request& request) {
  if (!request.params.contains("project")) return {};
  return asked_project(parts, request);
}

std::string project_name(const http::Request& request) {
  const auto it = request.params.find("project");
  return it == request.params.end() ? "" : it->second;
}

std::string subject_of(const http::Request& request, const Webhook& webhook) {
  const auto project = project_name(request);
  return project.empty() ? webhook.name : project + "/" + webhook.name;
}

Webhook require(Parts& parts, const http::Request& request) {
  const auto& text = request.param("id");
  if (const auto id = parse_number<std::int64_t>(text)) {
    const auto found = parts.notifier.webhooks().find(*id);
    if (found && found->project_id == owner_of(parts, request)) return *found;
  }
  fail(ErrorCode::not_found, "there is no webhook '{}' here",
       text.substr(0, 40));
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json delivery_json(const Delivery& delivery) {
  return {{"id", delivery.id},
          {"time", delivery.time},
          {"event_id", delivery.event_id},
          {"request_id", delivery.request_id},
          {"action", delivery.action},
          {"target", delivery.target},
          {"attempt", delivery.attempt},
          {"delivered", delivery.error.empty()},
          {"status", delivery.status == 0 ? Json(nullptr)
                                          : Json(delivery.status)},
          {"error", delivery.error},
          {"duration_ms", delivery.duration_ms}};
}

Json webhook_json(Parts& parts, const Webhook& webhook) {
  WebhookState state;
  std::vector<Delivery> last;
  parts.services.db.read([&](Connection& db) {
    state = webhook_state(db, webhook.id);
    last = last_deliveries(db, webhook.id, 1);
  });
  const auto waits = parts.notifier.waits(webhook.id);
  Json names = Json::array();
  for (const auto& [name, value] : webhook.headers) names.push_back(name);
  auto json = settings_json(webhook);
  json["id"] = webhook.id;
  json["header_names"] = std::move(names);
  json["has_secret"] = !webhook.secret.empty();
  json["created"] = state.created;
  json["pending"] = state.pending + waits.passing;
  json["dropped"] = state.dropped;
  json["failing_since"] = or_null(state.failing_since);
  json["next_try"] = or_null(waits.next_try);
  json["last_delivery"] = last.empty() ? Json() : delivery_json(last.front());
  return json;
}

// Throws what is wrong with the settings.
Webhook changed(Parts& parts, Webhook before, const Json& settings) {
  if (!before.broken.empty() &&
      !(settings.contains("headers") && settings.contains("secret"))) {
    fail(ErrorCode::invalid, "headers and secret must be given anew: {}",
         before.broken);
  }
  auto webhook = change_webhook(std::move(before), settings);
  if (!parts.services.settings.boolean("registry.webhook_allow_local")) {
    refuse_local_url(webhook);
  }
  return webhook;
}

}  // namespace

void list_webhooks(Parts& parts, http::Request& request,
                   http::Response& response) {
  Json list = Json::array();
  for (const auto& webhook :
       parts.notifier.webhooks().of(owner_of(parts, request))) {
    list.push_back(webhook_json(parts, *webhook));
  }
  response.send_json({{"webhooks", std::move(list)}});
}

void add_webhook(Parts& parts, http::Request& request,
                 http::Response& response) {
  auto& services = parts.services;
  auto webhook = changed(parts, {}, request.read_json(kLargest));
  const auto most = services.settings.integer("registry.max_webhooks");
  webhook.id = services.db.write([&](Transaction& tx) {
    // Within the write, so that the project cannot go in between.
    webhook.project_id = owner_of(parts, request);
    const auto id = parts.notifier.webhooks().add(tx, webhook,
                                                  services.clock.now(), most);
    services.accounts.audit(tx, request.identity, "webhook.create",
                            subject_of(request, webhook), webhook.url);
    return id;
  });
  response.status = 201;
  response.send_json(webhook_json(parts, webhook));
}

void get_webhook(Parts& parts, http::Request& request,
                 http::Response& response) {
  response.send_json(webhook_json(parts, require(parts, request)));
}

void change_webhook_settings(Parts& parts, http::Request& request,
                             http::Response& response) {
  auto& services = parts.services;
  const auto webhook =
      changed(parts, require(parts, request), request.read_json(kLargest));
  services.db.write([&](Transaction& tx) {
    parts.notifier.webhooks().change(tx, webhook);
    services.accounts.audit(tx, request.identity, "webhook.change",
                            subject_of(request, webhook), webhook.url);
  });
  parts.notifier.changed(webhook.id);
  response.send_json(webhook_json(parts, webhook));
}

void remove_webhook(Parts& parts, http::Request& request,
                    http::Response& response) {
  auto& services = parts.services;
  const auto webhook = require(parts, request);
  services.db.write([&](Transaction& tx) {
    parts.notifier.webhooks().remove(tx, webhook.id);
    services.accounts.audit(tx, request.identity, "webhook.delete",
                            subject_of(request, webhook), webhook.url);
  });
  parts.notifier.changed(webhook.id);
  response.status = 204;
}

void test_webhook(Parts& parts, http::Request& request,
                  http::Response& response) {
  response.send_json(delivery_json(parts.notifier.test(
      require(parts, request), project_name(request), request)));
}

void list_deliveries(Parts& parts, http::Request& request,
                     http::Response& response) {
  const auto webhook = require(parts, request);
  const auto deliveries = parts.services.db.read([&](Connection& db) {
    return last_deliveries(db, webhook.id, kKeptDeliveries);
  });
  Json list = Json::array();
  for (const auto& one : deliveries) list.push_back(delivery_json(one));
  response.send_json({{"deliveries", std::move(list)}});
}

}  // namespace skerry::registry
