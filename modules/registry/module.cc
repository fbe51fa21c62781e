// What the registry adds to the program.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "api/api_routes.h"
#include "api/blob_routes.h"
#include "api/deleted_routes.h"
#include "api/listing_routes.h"
#include "api/manifest_routes.h"
#include "api/policy_routes.h"
#include "api/retention_routes.h"
#include "api/storage_routes.h"
#include "api/token_routes.h"
#include "api/upstream_routes.h"
#include "api/webhook_routes.h"
#include "blobs/blob_rows.h"
#include "errors.h"
#include "impl.h"
#include "notify/schema.h"
#include "policy/schema.h"
#include "schema.h"
#include "upkeep/collection.h"
#include "upkeep/metrics.h"
#include "upkeep/scrub.h"
#include "upkeep/upkeep.h"

namespace skerry::registry {
namespace {

using http::Access;
using http::Dialect;
using PartsHandler = void (*)(Parts&, http::Request&, http::Response&);

// Uploads and manifests count their own bytes against their settings.
constexpr std::uint64_t kCounted = UINT64_MAX;

constexpr const char* kImagesSchema = R"({"type":"object","properties":{
  "repositories":{"type":"array","items":{"type":"object","properties":{
    "name":{"type":"string"},"tags":{"type":"integer"},
    "size_bytes":{"type":"integer"},"updated":{"type":"integer"}}}}}})";
constexpr const char* kTagsSchema = R"({"type":"object","properties":{
  "tags":{"type":"array","items":{"type":"object","properties":{
    "name":{"type":"string"},"digest":{"type":"string"},
    "media_type":{"type":"string"},"artifact_type":{"type":"string"},
    "platforms":{"type":"array","items":{"type":"string"}},
    "size_bytes":{"type":"integer"},"pushed":{"type":"integer"},
    "signed":{"type":"boolean"},
    "signed_by":{"type":["array","null"],"items":{"type":"string"}},
    "pulls":{"type":"integer"},
    "last_pulled":{"type":["integer","null"]}}}}}})";

constexpr const char* kDeletedSchema = R"({"type":"object","properties":{
  "deleted":{"type":"array","items":{"type":"object","properties":{
    "id":{"type":"integer"},"repository":{"type":"string"},
    "digest":{"type":"string"},"tag":{"type":["string","null"]},
    "tags":{"type":"array","items":{"type":"string"}},
    "size_bytes":{"type":"integer"},"pushed":{"type":"integer"},
    "deleted":{"type":"integer"},"deleted_by":{"type":"string"},
    "purged":{"type":"integer"}}}}}})";
constexpr const char* kPolicySchema = R"({"type":"object","properties":{
  "immutable_tags":{"type":"array","items":{"type":"object","properties":{
    "repositories":{"type":"string"},"tags":{"type":"string"}}}},
  "quota_bytes":{"type":["integer","null"]},
  "retention":{"type":"object","properties":{
    "rules":{"type":"array","items":{"type":"object","properties":{
      "repositories":{"type":"string"},"tags":{"type":"string"},
      "keep_all":{"type":"boolean"},"keep_last":{"type":["integer","null"]},
      "keep_within":{"type":["string","null"]},
      "keep_pulled_within":{"type":["string","null"]}}}},
    "untagged_after":{"type":["string","null"]}}},
  "signatures":{"type":"object","properties":{
    "demand":{"type":"string","enum":["none","deploy","pull"]},
    "keys":{"type":"array","items":{"type":"object","properties":{
      "name":{"type":"string"},"pem":{"type":"string"}}}},
    "images":{"type":"array","items":{"type":"object","properties":{
      "repositories":{"type":"string"},"tags":{"type":"string"}}}},
    "except":{"type":"array","items":{"type":"object","properties":{
      "repositories":{"type":"string"},"tags":{"type":"string"}}}},
    "other_registries":{"type":"array","items":{"type":"string"}}}}}})";
constexpr const char* kUsageSchema = R"({"type":"object","properties":{
  "quota_bytes":{"type":["integer","null"]},"used_bytes":{"type":"integer"},
  "repositories":{"type":"array","items":{"type":"object","properties":{
    "name":{"type":"string"},"size_bytes":{"type":"integer"}}}}}})";
constexpr const char* kStorageSchema = R"({"type":"object","properties":{
  "projects":{"type":"array","items":{"type":"object","properties":{
    "project":{"type":"string"},"used_bytes":{"type":"integer"},
    "quota_bytes":{"type":["integer","null"]}}}},
  "disk":{"type":"object","properties":{
    "free_bytes":{"type":"integer"},"total_bytes":{"type":"integer"}}}}})";

constexpr const char* kUpstreamSchema = R"({"type":"object","properties":{
  "url":{"type":"string"},"prefix":{"type":"string"},
  "library":{"type":"boolean"},"user":{"type":"string"},
  "has_password":{"type":"boolean"},"ca_pem":{"type":"string"},
  "ttl":{"type":"integer"},"offline":{"type":"boolean"},
  "keep_deleted":{"type":"boolean"},
  "allow":{"type":"array","items":{"type":"string"}},
  "hosts":{"type":"array","items":{"type":"string"}},
  "changed":{"type":"integer"},"last_answer":{"type":"integer"},
  "last_trouble":{"type":"integer"},"trouble":{"type":"string"}}})";
constexpr const char* kSnippetsSchema = R"({"type":"object","properties":{
  "snippets":{"type":"array","items":{"type":"object","properties":{
    "tool":{"type":"string"},"file":{"type":"string"},
    "content":{"type":"string"},"note":{"type":"string"}}}}}})";
constexpr const char* kRetentionSchema = R"({"type":"object","properties":{
  "last_run":{"type":["object","null"],"properties":{
    "started":{"type":"integer"},"finished":{"type":["integer","null"]},
    "removed_tags":{"type":"integer"},"removed_manifests":{"type":"integer"},
    "trouble":{"type":"string"}}}}})";
constexpr const char* kPreviewSchema = R"({"type":"object","properties":{
  "repositories":{"type":"array","items":{"type":"object","properties":{
    "name":{"type":"string"},
    "tags":{"type":"array","items":{"type":"object","properties":{
      "name":{"type":"string"},"digest":{"type":"string"},
      "pushed":{"type":"integer"},"last_pulled":{"type":["integer","null"]},
      "stays":{"type":"boolean"},"rule":{"type":["integer","null"]},
      "reason":{"type":"string"}}}},
    "manifests":{"type":"array","items":{"type":"object","properties":{
      "digest":{"type":"string"},"pushed":{"type":"integer"},
      "stays":{"type":"boolean"},"reason":{"type":"string"}}}}}}},
  "removed_tags":{"type":"integer"},"removed_manifests":{"type":"integer"},
  "truncated":{"type":"boolean"}}})";

void refuse_name(Parts&, http::Request& request, http::Response&) {
  fail_name_without_project(request.path);
}

// Of projects in front of another registry.
template <typename Oci, typename Api>
void add_mirror_routes(const Oci& oci, const Api& api) {
  // A name without a project: what nodes ask of a mirror (upstream/entry.h).
  oci("GET", "/v2/{project}/tags/list", get_tags,
      "viewer: tags, asked of a mirror");
  oci("GET", "/v2/{project}/referrers/{digest}", get_referrers,
      "viewer: referrers, asked of a mirror");
  oci("GET", "/v2/{project}/manifests/{reference}", get_manifest,
      "viewer: a manifest, asked of a mirror");
  oci("GET", "/v2/{project}/blobs/{digest}", get_blob,
      "viewer: a blob, asked of a mirror");
  api("GET", "/api/v1/projects/{project}/upstream", Access::project_viewer,
      get_upstream, "the registry that a project stands in front of",
      kUpstreamSchema);
  api("PUT", "/api/v1/projects/{project}/upstream", Access::project_admin,
      put_upstream_route, "put a project in front of a registry",
      kUpstreamSchema);
  api("DELETE", "/api/v1/projects/{project}/upstream", Access::project_admin,
      delete_upstream, "keep what is here, and ask the registry no more", "");
  api("GET", "/api/v1/projects/{project}/upstream/nodes",
      Access::project_viewer, get_node_snippets,
      "files that make nodes pull through this server", kSnippetsSchema);
}

template <typename Add>
void add_policy_routes(const Add& api) {
  const auto add = [&](const char* method, const char* rest, Access access,
                       PartsHandler handler, const char* summary,
                       const char* answer) {
    api(method, std::string("/api/v1/projects/{project}/images/") + rest,
        access, handler, summary, answer);
  };
  add("GET", "policy", Access::project_viewer, get_policy,
      "immutable tags, quota, retention and signatures of a project's images",
      kPolicySchema);
  add("PUT", "policy", Access::project_admin, put_policy,
      "replace the policy of a project's images", kPolicySchema);
  add("GET", "usage", Access::project_viewer, get_usage,
      "what a project's images weigh", kUsageSchema);
  add("GET", "retention", Access::project_viewer, get_retention,
      "the last time that the retention rules were carried out",
      kRetentionSchema);
  add("POST", "retention", Access::project_maintainer, post_retention,
      "carry out the retention rules now", "");
  add("GET", "retention/preview", Access::project_viewer,
      get_retention_preview,
      "what the retention rules would remove, and why; ?repository=",
      kPreviewSchema);
  add("POST", "retention/preview", Access::project_maintainer,
      post_retention_preview, "the same for the policy in the body",
      kPreviewSchema);
}

// Of a project, and of the whole server.
template <typename Add>
void add_webhook_routes(const Add& api) {
  for (const std::string owner : {"/api/v1/projects/{project}", "/api/v1"}) {
    const auto access =
        owner == "/api/v1" ? Access::server_admin : Access::project_admin;
    for (const auto& one : kWebhookRoutes) {
      api(one.method, owner + one.rest, access, one.handler, one.summary,
          one.answer);
    }
  }
}

std::vector<http::Route> routes_of(Parts& parts) {
  std::vector<http::Route> routes;
  // The handlers ask the gate themselves (access.h): a refusal must name the
  // scope that a token needs, and an unknown project is NAME_UNKNOWN.
  const auto oci = [&](const char* method, std::string pattern,
                       PartsHandler handler, const char* summary,
                       std::uint64_t max_body = 1u << 20) {
    routes.push_back({method, std::move(pattern), Access::in_handler,
                      [&parts, handler](http::Request& request,
                                        http::Response& response) {
                        handler(parts, request, response);
                      },
                      summary, Dialect::oci, max_body});
  };
  const auto api = [&](const char* method, std::string pattern, Access access,
                       PartsHandler handler, const char* summary,
                       const char* answer) {
    routes.push_back({method, std::move(pattern), access,
                      [&parts, handler](http::Request& request,
                                        http::Response& response) {
                        handler(parts, request, response);
                      },
                      summary, Dialect::api, 1u << 20, "", answer});
  };
  const auto image = [&](const char* method, const char* rest,
                         PartsHandler handler, const char* summary,
                         std::uint64_t max_body = 1u << 20) {
    oci(method, std::string("/v2/{project}/{name+}") + rest, handler, summary,
        max_body);
  };
  // method, pattern, handler, "permission: summary"
  oci("GET", "/v2/", get_version, "anyone with credentials: API version check");
  oci("GET", "/v2", get_version, "anyone with credentials: API version check");
  oci("GET", "/v2/token", get_token, "anyone: a token for the scopes granted");
  oci("POST", "/v2/token", post_token, "anyone: the same by OAuth2 form");
  oci("GET", "/v2/_catalog", get_catalog, "signed in: visible repositories");
  image("GET", "/tags/list", get_tags, "viewer: tags of a repository");
  image("GET", "/referrers/{digest}", get_referrers,
      "viewer: manifests with this subject");
  image("GET", "/manifests/{reference}", get_manifest, "viewer: a manifest");
  image("PUT", "/manifests/{reference}", put_manifest,
      "developer: push a manifest", kCounted);
  image("DELETE", "/manifests/{reference}", delete_manifest,
      "maintainer: delete a tag, or a manifest with its tags");
  image("GET", "/blobs/{digest}", get_blob, "viewer: a blob");
  image("DELETE", "/blobs/{digest}", delete_blob,
      "maintainer: delete a blob that no manifest needs");
  image("POST", "/blobs/uploads/", post_upload,
      "developer: start an upload, mount a blob or push it at once", kCounted);
  image("POST", "/blobs/uploads", post_upload,
      "developer: start an upload, mount a blob or push it at once", kCounted);
  image("GET", "/blobs/uploads/{id}", get_upload,
      "viewer: how far an upload has come");
  image("PATCH", "/blobs/uploads/{id}", patch_upload,
      "developer: append to an upload", kCounted);
  image("PUT", "/blobs/uploads/{id}", put_upload,
      "developer: finish an upload", kCounted);
  image("DELETE", "/blobs/uploads/{id}", delete_upload,
      "developer: cancel an upload");
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    for (const char* pattern : {"/v2/{rest+}", "/v2/{rest+}/"}) {
      oci(method, pattern, refuse_name, "anyone: what is no image name",
          kCounted);
    }
  }
  api("GET", "/api/v1/projects/{project}/images", Access::project_viewer,
      get_images, "image repositories of a project", kImagesSchema);
  api("DELETE", "/api/v1/projects/{project}/images", Access::project_maintainer,
      delete_image, "delete an image repository (?repository=) with its tags",
      "");
  api("GET", "/api/v1/projects/{project}/images/tags", Access::project_viewer,
      get_image_tags, "tags of an image repository", kTagsSchema);
  api("GET", "/api/v1/projects/{project}/images/manifest",
      Access::project_viewer, get_image_manifest,
      "what a manifest is made of (?repository=&reference=)", "");
  api("DELETE", "/api/v1/projects/{project}/images/manifest",
      Access::project_maintainer, delete_image_manifest,
      "delete a tag, or by digest a manifest with its tags", "");
  api("GET", "/api/v1/projects/{project}/images/deleted",
      Access::project_viewer, get_deleted,
      "what was deleted and can be brought back; ?repository=&before=&limit=",
      kDeletedSchema);
  api("POST", "/api/v1/projects/{project}/images/deleted/{id}/restore",
      Access::project_maintainer, restore_deleted,
      "bring back a deleted manifest with its tags, or a tag", "");
  api("DELETE", "/api/v1/projects/{project}/images/deleted/{id}",
      Access::project_admin, purge_deleted_image,
      "delete it for good, so that its space can be freed", "");
  add_mirror_routes(oci, api);
  add_policy_routes(api);
  add_webhook_routes(api);
  api("GET", "/api/v1/images/usage", Access::server_admin, get_storage,
      "what all projects' images weigh, and how full the disk is",
      kStorageSchema);
  return routes;
}

// Repositories that hold a manifest; one that was only begun goes by itself.
std::int64_t count_images(Services& services, std::string_view name) {
  const auto project = services.accounts.find_project(name);
  if (!project) return 0;
  return services.db.read([&](Connection& db) {
    return static_cast<std::int64_t>(
        list_repositories(db, project->id).size());
  });
}

std::vector<Setting> webhook_settings() {
  return {
      {"registry.max_webhooks", SettingType::integer, "200",
       "How many webhooks there may be; each that has something to deliver "
       "holds a thread.", 0, 1000},
      {"registry.webhook_allow_local", SettingType::boolean, "false",
       "Whether webhooks may call addresses of this machine and of its link."},
      {"registry.webhook_timeout", SettingType::duration, "10s",
       "How long a webhook's receiver may take to answer, in milliseconds.",
       100, 300'000},
      {"registry.webhook_retry", SettingType::duration, "1s",
       "How long after a failure a webhook is tried again; doubles up to five "
       "minutes, in milliseconds.", 10, 300'000},
      {"registry.webhook_give_up", SettingType::duration, "72h",
       "How long an event waits for its delivery before it is dropped, in "
       "milliseconds.", 1'000},
      {"registry.webhook_backlog", SettingType::integer, "10000",
       "How many events may wait for one webhook; of more the oldest are "
       "dropped.", 1, 1'000'000},
  };
}

std::vector<Setting> settings() {
  return {
      {"registry.max_manifest_size", SettingType::size, "8MiB",
       "Largest manifest that is taken, in bytes.", 4 << 20, 256 << 20},
      {"registry.max_blob_size", SettingType::size, "1024GiB",
       "Largest blob that is taken, in bytes.", 1},
      {"registry.max_index_depth", SettingType::integer, "8",
       "How deep image indexes may contain others.", 1, 64},
      {"registry.absent_parts", SettingType::text, "none",
       "What a pushed manifest may name though the repository lacks it: none, "
       "manifests (platforms of an index), all (layers too).",
       {}, {}, {"none", "manifests", "all"}},
      {"registry.max_uploads", SettingType::integer, "10000",
       "How many uploads may be open at once.", 1, 1'000'000},
      {"registry.upload_expiry", SettingType::duration, "24h",
       "An upload that nobody continues for so long is removed, in "
       "milliseconds.",
       60'000},
      {"registry.undo_window", SettingType::duration, "24h",
       "How long deleted images and tags can be brought back, in "
       "milliseconds; 0s: not at all."},
      {"registry.blob_grace", SettingType::duration, "1h",
       "How long a blob that no manifest names stays: the time that a push "
       "may take from its first blob to its manifest, in milliseconds."},
      {"registry.token_lifetime", SettingType::duration, "15m",
       "How long a token of /v2/token is good, in milliseconds.", 60'000,
       86'400'000},
      {"registry.manifest_cache", SettingType::size, "8MiB",
       "Memory for manifests that are asked for often, in bytes; read at "
       "start.", 0, 1 << 30},
      {"registry.mirror_project", SettingType::text, "",
       "The project that answers for image names without a project, as dockerd "
       "asks its registry-mirrors; it must have an upstream."},
      {"registry.upstream_downloads", SettingType::integer, "64",
       "How many blobs may be fetched from upstream registries at once.", 1,
       1'000},
  };
}

}  // namespace

Module RegistryModule::tables() {
  Parts& parts = impl_->parts;
  Module module;
  module.name = "registry";
  module.migrations = {{1, kSchema1},
                       {2, kSchema2},
                       {3, kSchema3},
                       {4, kSchema4},
                       {5, kSchema5},
                       {6, kSchema6}};
  module.settings = settings();
  for (auto& one : webhook_settings()) module.settings.push_back(one);
  module.routes = routes_of(parts);
  module.jobs = {{kUpkeepJob, [&parts](JobContext&) { run_upkeep(parts); }},
                 {std::string(kRetentionJob), [&parts](JobContext& context) {
                    parts.retention.run(context);
                  }}};
  module.followers = {
      {"ProjectDeleted", [&parts](Transaction& tx, const Event& event) {
         remove_project(tx, std::stoll(event.version));
         parts.policies.remove(tx, std::stoll(event.version));
         parts.upstreams.remove(tx, std::stoll(event.version));
         parts.notifier.webhooks().remove_project(tx,
                                                  std::stoll(event.version));
         tx.after_commit([&parts] { parts.manifests.forget(); });
       }}};
  module.holdings = {
      {"image", "images", [&parts](std::string_view project) {
         return count_images(parts.services, project);
       }}};
  module.blobs = {
      [](Connection& db, const Digest& digest) -> std::optional<std::string> {
        const auto keeper = blob_keeper(db, digest.to_string());
        if (!keeper) return {};
        return "image " + *keeper;
      },
      [&parts](Collection& collection) { collect_garbage(parts, collection); },
      [&parts](Scrub& scrub) { scrub_images(parts, scrub); }};
  module.health = {
      {"registry storage", [&parts] { return storage_trouble(parts); }}};
  module.recover = [&parts] { recover(parts); };
  show_metrics(parts);
  return module;
}

}  // namespace skerry::registry
