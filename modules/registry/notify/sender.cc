#include "notify/sender.h"

#include <fmt/format.h>

#include <chrono>

#include "core/auth/hmac.h"
#include "core/error.h"
#include "core/text/encoding.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLongestError = 300;

http::ClientRequest make_request(Services& services, const Webhook& webhook,
                                 std::string_view event) {
  const auto timeout = services.settings.duration("registry.webhook_timeout");
  http::ClientRequest request;
  request.method = "POST";
  request.url = webhook.url;
  request.headers = webhook.headers;
  request.headers.emplace_back("Content-Type", kEnvelopeType);
  request.body = envelope_of(event);
  if (!webhook.secret.empty()) {
    request.headers.emplace_back(
        "X-Skerry-Signature-256",
        "sha256=" + to_hex(auth::hmac_sha256(webhook.secret, request.body)));
  }
  request.ca_pem = webhook.ca_pem;
  request.verify_tls = webhook.verify_tls;
  request.follow_redirects = false;
  request.head_only = true;
  request.connect_timeout = timeout;
  request.total_timeout = timeout;
  request.refuse_local =
      !services.settings.boolean("registry.webhook_allow_local");
  return request;
}

bool is_redirect(const http::ClientResponse& response) {
  const auto status = response.status;
  return (status == 301 || status == 302 || status == 303 || status == 307 ||
          status == 308) &&
         response.headers.contains("location");
}

std::string complaint(const http::ClientResponse& response) {
  if (is_redirect(response)) {
    return fmt::format("status {}: redirects are not followed; it is at {}",
                       response.status, response.headers.at("location"));
  }
  if (response.status >= 200 && response.status < 400) return {};
  return fmt::format("status {}", response.status);
}

std::string target_of(const Json& target) {
  auto text = optional_string(target, "repository");
  if (const auto tag = optional_string(target, "tag"); !tag.empty()) {
    return text + ":" + tag;
  }
  if (const auto digest = optional_string(target, "digest"); !digest.empty()) {
    return text + "@" + digest;
  }
  return text;
}

Delivery describe(std::string_view event) {
  const auto document = parse_json(event);
  Delivery delivery;
  delivery.event_id = optional_string(document, "id");
  delivery.request_id = optional_string(document.at("request"), "id");
  delivery.action = optional_string(document, "action");
  delivery.target = target_of(document.at("target"));
  return delivery;
}

}  // namespace

Delivery send_event(Services& services, const Webhook& webhook,
                    std::string_view event, std::stop_token stop) {
  auto delivery = describe(event);
  delivery.time = services.clock.now();
  const auto started = std::chrono::steady_clock::now();
  try {
    if (!webhook.broken.empty()) {
      fail(ErrorCode::unavailable, "{}", webhook.broken);
    }
    const auto response = services.http_client.send(
        make_request(services, webhook, event), std::move(stop));
    delivery.status = response.status;
    delivery.error = complaint(response);
  } catch (const Error& error) {
    delivery.error = error.what();
  }
  if (delivery.error.size() > kLongestError) {
    delivery.error.resize(kLongestError);
  }
  delivery.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - started)
          .count();
  return delivery;
}

}  // namespace skerry::registry
