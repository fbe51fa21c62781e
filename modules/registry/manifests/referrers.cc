#include "manifests/referrers.h"

#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "manifests/media_types.h"
#include "names.h"

namespace skerry::registry {
namespace {

Json descriptor_of(const ManifestRow& row) {
  Json descriptor = {{"mediaType", row.media_type},
                     {"digest", row.digest},
                     {"size", row.size}};
  if (!row.artifact_type.empty()) descriptor["artifactType"] = row.artifact_type;
  if (!row.annotations.empty()) {
    descriptor["annotations"] = Json::parse(row.annotations);
  }
  return descriptor;
}

bool has_type(const Json& descriptor, const std::string& type) {
  const auto it = descriptor.find("artifactType");
  return it != descriptor.end() && it->is_string() &&
         it->get_ref<const std::string&>() == type;
}

// The descriptors of the fallback tag's index that are not in `known`.
void add_fallback(Manifests& manifests, const Place& place,
                  const ReferrersQuery& query,
                  const std::set<std::string>& known, Json& list) {
  const auto stored =
      manifests.find(place, Reference(referrers_tag(query.subject)));
  if (!stored || !is_index_type(stored->media_type)) return;
  const auto index = parse_json(stored->bytes);  // it was checked when pushed
  for (const auto& one : index.at("manifests")) {
    if (known.count(one.at("digest").get<std::string>()) > 0) continue;
    if (query.artifact_type && !has_type(one, *query.artifact_type)) continue;
    list.push_back(one);
  }
}

std::string next_link(const Place& place, const ReferrersQuery& query,
                      std::string_view last) {
  auto link = fmt::format("</v2/{}/referrers/{}?n={}&last={}",
                          place.full_name(), query.subject.to_string(),
                          query.limit, percent_encode(last));
  if (query.artifact_type) {
    link += "&artifactType=" + percent_encode(*query.artifact_type);
  }
  return link + ">; rel=\"next\"";
}

}  // namespace

ReferrersPage list_referrers(Database& db, Manifests& manifests,
                             const Place& place, const ReferrersQuery& query) {
  auto rows = db.read([&](Connection& connection) {
    const auto repository = find_repository(connection, place);
    if (!repository) return std::vector<ManifestRow>();
    return referrers(connection, *repository, query.subject.to_string(),
                     query.after, query.limit + 1, query.artifact_type);
  });
  ReferrersPage page;
  if (rows.size() > query.limit) {
    rows.resize(query.limit);
    if (!rows.empty()) page.next = next_link(place, query, rows.back().digest);
  }
  Json list = Json::array();
  std::set<std::string> known;
  for (const auto& row : rows) {
    list.push_back(descriptor_of(row));
    known.insert(row.digest);
  }
  if (query.after.empty()) add_fallback(manifests, place, query, known, list);
  const Json index = {{"schemaVersion", 2},
                      {"mediaType", kOciIndex},
                      {"manifests", std::move(list)}};
  page.index = index.dump();
  return page;
}

}  // namespace skerry::registry
