// .../webhooks: whom to tell what happens to images; of one project below
// /api/v1/projects/{project}, of all below /api/v1.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

struct WebhookRoute {
  const char* method;
  const char* rest;  // of the pattern
  void (*handler)(Parts&, http::Request&, http::Response&);
  const char* summary;
  const char* answer;  // JSON schema
};

void list_webhooks(Parts& parts, http::Request& request,
                   http::Response& response);
void add_webhook(Parts& parts, http::Request& request,
                 http::Response& response);
void get_webhook(Parts& parts, http::Request& request,
                 http::Response& response);
void change_webhook_settings(Parts& parts, http::Request& request,
                             http::Response& response);
void remove_webhook(Parts& parts, http::Request& request,
                    http::Response& response);
void test_webhook(Parts& parts, http::Request& request,
                  http::Response& response);
void list_deliveries(Parts& parts, http::Request& request,
                     http::Response& response);

inline constexpr const char* kWebhookSchema = R"({"type":"object","properties":{
  "id":{"type":"integer"},"name":{"type":"string"},"url":{"type":"string"},
  "header_names":{"type":"array","items":{"type":"string"}},
  "has_secret":{"type":"boolean"},"ca_pem":{"type":"string"},
  "verify_tls":{"type":"boolean"},
  "actions":{"type":"array","items":{"type":"string"}},
  "blobs":{"type":"boolean"},"include_references":{"type":"boolean"},
  "repositories":{"type":"string"},
  "ignored_media_types":{"type":"array","items":{"type":"string"}},
  "enabled":{"type":"boolean"},"created":{"type":"integer"},
  "pending":{"type":"integer"},"dropped":{"type":"integer"},
  "failing_since":{"type":["integer","null"]},
  "next_try":{"type":["integer","null"]},
  "last_delivery":{"type":["object","null"]}}})";
inline constexpr const char* kDeliveriesSchema =
    R"({"type":"object","properties":{
  "deliveries":{"type":"array","items":{"type":"object","properties":{
    "id":{"type":"integer"},"time":{"type":"integer"},
    "event_id":{"type":"string"},"request_id":{"type":"string"},
    "action":{"type":"string"},"target":{"type":"string"},
    "attempt":{"type":"integer"},"delivered":{"type":"boolean"},
    "status":{"type":["integer","null"]},"error":{"type":"string"},
    "duration_ms":{"type":"integer"}}}}}})";

inline constexpr WebhookRoute kWebhookRoutes[] = {
    {"GET", "/webhooks", list_webhooks,
     "webhooks for what happens to images, with how they stand", ""},
    {"POST", "/webhooks", add_webhook,
     "add a webhook: name, url, headers, secret, ca_pem, verify_tls, actions, "
     "blobs, include_references, repositories, ignored_media_types, enabled",
     kWebhookSchema},
    {"GET", "/webhooks/{id}", get_webhook, "a webhook and how it stands",
     kWebhookSchema},
    {"PATCH", "/webhooks/{id}", change_webhook_settings,
     "change the members that are given; what waits is tried at once",
     kWebhookSchema},
    {"DELETE", "/webhooks/{id}", remove_webhook,
     "remove a webhook with what waits for it", ""},
    {"POST", "/webhooks/{id}/test", test_webhook,
     "deliver an event of action \"test\" now and say what became of it", ""},
    {"GET", "/webhooks/{id}/deliveries", list_deliveries,
     "the last 50 attempts, newest first", kDeliveriesSchema},
};

}  // namespace skerry::registry
