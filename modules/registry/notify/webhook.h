// A webhook: where to send what. Its settings are a JSON object:
//
//   name                 letters, digits, '.', '_', '-'; one of its kind
//   url                  http:// or https://, without user name and fragment
//   headers              {"Authorization": "Bearer ..."}; never shown
//   secret               key of X-Skerry-Signature-256; never shown
//   ca_pem               certificates beside the system's, for https
//   verify_tls           true
//   actions              of push, pull, delete, mount: ["push", "delete"]
//   blobs                false: events of manifests and tags only
//   include_references   false: without what a pushed manifest names
//   repositories         glob over the name, of a project's webhook without
//                        the project: "**"
//   ignored_media_types  events whose target has one are not sent: []
//   enabled              true
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/json.h"
#include "notify/notice.h"

namespace skerry::registry {

struct Webhook {
  std::int64_t id = 0;
  std::optional<std::int64_t> project_id;  // none: of the whole server
  std::string name;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string secret;
  std::string ca_pem;
  bool verify_tls = true;
  std::vector<std::string> actions{"push", "delete"};
  bool blobs = false;
  bool include_references = false;
  std::string repositories = "**";
  std::vector<std::string> ignored_media_types;
  bool enabled = true;
  // Why its headers and secret could not be read; nothing is sent then.
  std::string broken;

  // Such an event at all?
  bool hears(std::string_view action, bool of_blob) const;
  // `repository` without its project.
  bool wants(const Notice& notice, std::string_view repository) const;
};

// `before` with the members of `settings` in place of its own. Throws invalid
// or too_large naming the member.
Webhook change_webhook(Webhook before, const Json& settings);
// Throws denied for a URL that names an address of this machine or its link.
void refuse_local_url(const Webhook& webhook);

// Everything but headers and secret.
Json settings_json(const Webhook& webhook);
// Headers and secret; the reverse throws invalid.
Json secrets_json(const Webhook& webhook);
void read_secrets(Webhook& webhook, const Json& secrets);

}  // namespace skerry::registry
