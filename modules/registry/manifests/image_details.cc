#include "manifests/image_details.h"

#include "core/error.h"
#include "manifests/manifest_rows.h"
#include "manifests/platform.h"
#include "manifests/tag_details.h"

namespace skerry::registry {
namespace {

// Bounds of the tree of referrers: it is shown to a person.
constexpr int kDeepest = 6;
constexpr std::size_t kMostReferrers = 200;

// The member when it is a string, an array or an object as it should be; what
// clients store may have any shape.
Json text_at(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? *it : Json("");
}
Json list_at(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_array() ? *it : Json::array();
}
Json object_at(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_object() ? *it : Json::object();
}
std::int64_t size_at(const Json& object) {
  const auto it = object.find("size");
  return it != object.end() && it->is_number_integer()
             ? it->get<std::int64_t>()
             : 0;
}

std::string platform_text(const Json& platform) {
  std::string text;
  for (const char* part : {"os", "architecture", "variant"}) {
    const auto value = text_at(platform, part).get<std::string>();
    if (value.empty()) continue;
    text += (text.empty() ? "" : "/") + value;
  }
  return text;
}

Json descriptor_json(const Json& descriptor) {
  return {{"digest", text_at(descriptor, "digest")},
          {"media_type", text_at(descriptor, "mediaType")},
          {"size_bytes", size_at(descriptor)}};
}

// The configuration as JSON; null when it is none, too large or not here.
Json read_config(BlobStore& blobs, const Json& manifest) {
  const auto digest = Digest::parse(
      text_at(object_at(manifest, "config"), "digest").get<std::string>());
  if (!digest) return nullptr;
  const auto size = blobs.size(*digest);
  if (!size || *size > kLargestConfig) return nullptr;
  try {
    Json config = parse_json(blobs.read(*digest, kLargestConfig));
    return config.is_object() ? config : Json();
  } catch (const Error&) {
    return nullptr;
  }
}

Json config_json(const Json& config) {
  const Json run = object_at(config, "config");
  const auto names = [](const Json& object) {
    Json list = Json::array();
    for (const auto& [name, value] : object.items()) list.push_back(name);
    return list;
  };
  return {{"created", text_at(config, "created")},
          {"author", text_at(config, "author")},
          {"platform", platform_text(config)},
          {"user", text_at(run, "User")},
          {"entrypoint", list_at(run, "Entrypoint")},
          {"cmd", list_at(run, "Cmd")},
          {"env", list_at(run, "Env")},
          {"working_dir", text_at(run, "WorkingDir")},
          {"exposed_ports", names(object_at(run, "ExposedPorts"))},
          {"volumes", names(object_at(run, "Volumes"))},
          {"labels", object_at(run, "Labels")}};
}

// History and layers go side by side: each step that is not marked as empty
// made the next layer (image specification, "config.md", history).
Json layers_json(const Json& manifest, const Json& config) {
  const Json layers = list_at(manifest, "layers");
  Json shown = Json::array();
  std::size_t next = 0;
  const auto add_layer = [&](std::string_view created_by) {
    Json layer = descriptor_json(layers[next++]);
    layer["created_by"] = created_by;
    shown.push_back(std::move(layer));
  };
  for (const Json& step : list_at(config, "history")) {
    if (!step.is_object()) continue;
    const auto command = text_at(step, "created_by").get<std::string>();
    if (step.value("empty_layer", Json()) == true) {
      shown.push_back({{"digest", nullptr},
                       {"media_type", ""},
                       {"size_bytes", 0},
                       {"created_by", command}});
    } else if (next < layers.size()) {
      add_layer(command);
    }
  }
  while (next < layers.size()) add_layer("");
  return shown;
}

Json children_json(const Json& manifest) {
  Json children = Json::array();
  for (const Json& child : list_at(manifest, "manifests")) {
    Json one = descriptor_json(child);
    one["platform"] = platform_text(object_at(child, "platform"));
    one["annotations"] = object_at(child, "annotations");
    children.push_back(std::move(one));
  }
  return children;
}

Json referrers_json(Connection& db, std::int64_t repository,
                    const std::string& subject, int depth, std::size_t& left) {
  Json list = Json::array();
  for (const auto& row :
       referrers(db, repository, subject, "", left, std::nullopt)) {
    if (left == 0) break;
    --left;
    list.push_back(
        {{"digest", row.digest},
         {"artifact_type", row.artifact_type},
         {"size_bytes", row.size},
         {"pushed", row.pushed},
         {"annotations", row.annotations.empty() ? Json::object()
                                                 : parse_json(row.annotations)},
         {"signature", is_signature(row.artifact_type, row.annotations)},
         {"referrers",
          depth > 0 ? referrers_json(db, repository, row.digest, depth - 1, left)
                    : Json::array()}});
  }
  return list;
}

// Blobs that only this manifest names, in all repositories.
std::int64_t freed_by_deletion(Connection& db, std::int64_t repository,
                               const std::string& digest) {
  auto row = db.query(
      "select coalesce(sum(b.size), 0) from registry_reference f "
      "join registry_blob b "
      "on b.repository_id = f.repository_id and b.digest = f.child "
      "where f.repository_id = ?1 and f.parent = ?2 and not exists "
      "(select 1 from registry_blob o join registry_reference g "
      " on g.repository_id = o.repository_id and g.child = o.digest "
      " where o.digest = f.child "
      " and not (g.repository_id = ?1 and g.parent = ?2))",
      repository, digest);
  return row.next() ? row.integer(0) : 0;
}

struct Facts {
  std::int64_t size = 0, total_size = 0;
  UnixMillis pushed = 0;
  std::string artifact_type, annotations;
  std::optional<std::string> subject;
};
Facts facts_of(Connection& db, std::int64_t repository,
               const std::string& digest) {
  auto row = db.query(
      "select size, total_size, pushed, artifact_type, annotations, subject "
      "from registry_manifest where repository_id = ? and digest = ?",
      repository, digest);
  if (!row.next()) fail(ErrorCode::not_found, "{} was just deleted", digest);
  return {row.integer(0), row.integer(1), row.integer(2),
          row.text(3),    row.text(4),    row.optional_text(5)};
}

Json tags_json(Connection& db, std::int64_t repository,
               const std::string& digest) {
  auto row = db.query(
      "select name from registry_tag where repository_id = ? and digest = ? "
      "order by name",
      repository, digest);
  Json tags = Json::array();
  while (row.next()) tags.push_back(row.text(0));
  return tags;
}

}  // namespace

Json image_details(Database& db, BlobStore& blobs, const Place& place,
                   const StoredManifest& stored) {
  const Json manifest = parse_json(stored.bytes);
  const Json config = read_config(blobs, manifest);
  Json details = db.read([&](Connection& c) -> Json {
    const auto repository = find_repository(c, place);
    if (!repository) {
      fail(ErrorCode::not_found, "there is no image repository '{}'",
           place.full_name());
    }
    const auto facts = facts_of(c, *repository, stored.digest);
    auto left = kMostReferrers;
    return {{"digest", stored.digest},
            {"media_type", stored.media_type},
            {"artifact_type", facts.artifact_type},
            {"size_bytes", facts.total_size},
            {"manifest_bytes", facts.size},
            {"pushed", facts.pushed},
            {"subject", facts.subject ? Json(*facts.subject) : Json()},
            {"annotations", facts.annotations.empty()
                                ? Json::object()
                                : parse_json(facts.annotations)},
            {"tags", tags_json(c, *repository, stored.digest)},
            {"referrers",
             referrers_json(c, *repository, stored.digest, kDeepest, left)},
            {"frees_bytes",
             freed_by_deletion(c, *repository, stored.digest) + facts.size}};
  });
  details["config"] = config.is_null() ? Json() : config_json(config);
  details["layers"] = layers_json(manifest, config);
  details["manifests"] = children_json(manifest);
  return details;
}

}  // namespace skerry::registry
