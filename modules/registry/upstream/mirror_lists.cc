#include "upstream/mirror_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/text/encoding.h"
#include "core/text/json.h"
#include "errors.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

constexpr int kMostPages = 200;
constexpr std::uint64_t kLargestAnswer = 8u << 20;

// The request for a link's target; nothing when it leads elsewhere.
std::optional<std::string> target_of(const UpstreamConfig& config,
                                     std::string link,
                                     const std::string& first) {
  if (link.starts_with(config.url + "/")) link.erase(0, config.url.size());
  if (link.starts_with('?')) return first.substr(0, first.find('?')) + link;
  if (!link.starts_with("/v2/")) return {};
  return link;
}

// Calls `take` with the answers of a list until it returns false, or an
// upstream says 404; how it went. 0: all pages.
struct Listed {
  std::optional<Trouble> trouble;
  bool absent = false;
};
using Take = std::function<bool(const Json& page, bool filtered)>;

std::optional<Json> parse_page(const http::ClientResponse& response) {
  try {
    auto json = parse_json(response.body);
    if (json.is_object()) return json;
  } catch (const Error&) {
  }
  return {};
}

Listed each_page(const Entry& entry, const std::string& rest,
                 const Take& take) {
  const auto& config = entry.upstream->config();
  const auto first = fmt::format(
      "/v2/{}{}", upstream_name(config, entry.place.repository), rest);
  Upstream::Question question;
  question.repository = entry.place.repository;
  question.target = first;
  question.max_body = kLargestAnswer;
  for (int count = 0; count < kMostPages; ++count) {
    auto answer = entry.upstream->ask(question);
    if (auto* trouble = std::get_if<Trouble>(&answer)) {
      return {std::move(*trouble), false};
    }
    const auto& response = std::get<http::ClientResponse>(answer);
    if (response.status != 200) return {{}, true};
    const auto page = parse_page(response);
    if (!page) {
      return {Trouble{502, "UNAVAILABLE",
                      fmt::format("the upstream registry {} answers with a "
                                  "list that is no JSON object",
                                  config.url)},
              false};
    }
    const bool more =
        take(*page, response.headers.count("oci-filters-applied") > 0);
    const auto link = response.headers.find("link");
    if (!more || link == response.headers.end()) return {};
    const auto next = parse_next_link(link->second);
    const auto target = next ? target_of(config, *next, first) : std::nullopt;
    if (!target || *target == question.target) return {};
    question.target = *target;
  }
  return {};
}

std::vector<std::string> local_tags(Parts& parts, const Place& place,
                                    const Page& page) {
  const bool known = parts.services.db.read([&](Connection& db) {
    return find_repository(db, place).has_value();
  });
  if (!known) return {};
  return parts.manifests.tags(place, page.after, page.limit + 1);
}

bool add_tags(const Json& answer, const Page& page,
              std::vector<std::string>& names) {
  const auto tags = answer.find("tags");
  if (tags == answer.end() || !tags->is_array()) return false;
  for (const auto& one : *tags) {
    if (!one.is_string()) continue;
    auto name = one.get<std::string>();
    if (is_tag(name) && name > page.after) names.push_back(std::move(name));
  }
  return names.size() <= page.limit;
}

bool has_type(const Json& descriptor, const std::string& type) {
  const auto it = descriptor.find("artifactType");
  return it != descriptor.end() && it->is_string() &&
         it->get_ref<const std::string&>() == type;
}

void add_referrers(const Json& index, const ReferrersQuery& query,
                   bool filtered, Json& list) {
  const auto manifests = index.find("manifests");
  if (manifests == index.end() || !manifests->is_array()) return;
  for (const auto& one : *manifests) {
    if (list.size() >= query.limit) return;
    if (!one.is_object() || !one.contains("digest")) continue;
    if (!filtered && query.artifact_type &&
        !has_type(one, *query.artifact_type)) {
      continue;
    }
    list.push_back(one);
  }
}

std::string index_text(Json list) {
  return Json({{"schemaVersion", 2},
               {"mediaType", kOciIndex},
               {"manifests", std::move(list)}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

MirroredReferrers local_referrers(Parts& parts, const Entry& entry,
                                  const ReferrersQuery& query,
                                  std::string warning) {
  return {list_referrers(parts.services.db, parts.manifests, entry.place,
                         query),
          std::move(warning)};
}

}  // namespace

MirroredTags mirrored_tags(Parts& parts, const Entry& entry,
                           const Page& page) {
  if (entry.upstream->config().offline) {
    return {local_tags(parts, entry.place, page), {}};
  }
  MirroredTags found;
  auto rest = fmt::format("/tags/list?n={}",
                          std::max<std::size_t>(page.limit, 1));
  if (!page.after.empty()) rest += "&last=" + percent_encode(page.after);
  const auto listed =
      each_page(entry, rest, [&](const Json& answer, bool) {
        return add_tags(answer, page, found.names);
      });
  if (!listed.trouble && !listed.absent) {
    std::sort(found.names.begin(), found.names.end());
    found.names.erase(std::unique(found.names.begin(), found.names.end()),
                      found.names.end());
    if (found.names.size() > page.limit + 1) found.names.resize(page.limit + 1);
    return found;
  }
  found.names = local_tags(parts, entry.place, page);
  found.warning = listed.trouble
                      ? listed.trouble->message
                      : fmt::format("the upstream registry {} has no "
                                    "repository {}",
                                    entry.upstream->config().url,
                                    entry.place.repository);
  if (!found.names.empty()) return found;
  if (listed.trouble) fail_upstream(*listed.trouble);
  fail_name_unknown(found.warning);
}

MirroredReferrers mirrored_referrers(Parts& parts, const Entry& entry,
                                     const ReferrersQuery& query) {
  if (entry.upstream->config().offline) {
    return local_referrers(parts, entry, query, {});
  }
  auto rest = "/referrers/" + query.subject.to_string();
  if (query.artifact_type) {
    rest += "?artifactType=" + percent_encode(*query.artifact_type);
  }
  Json list = Json::array();
  const auto listed = each_page(entry, rest, [&](const Json& index, bool done) {
    add_referrers(index, query, done, list);
    return list.size() < query.limit;
  });
  if (listed.trouble) {
    return local_referrers(parts, entry, query, listed.trouble->message);
  }
  if (listed.absent) {
    // A registry of before there was this endpoint: its tag has the list.
    const auto found = parts.mirror.manifest(
        entry.place, Reference(referrers_tag(query.subject)), *entry.upstream);
    if (found.manifest && is_index_type(found.manifest->media_type)) {
      add_referrers(parse_json(found.manifest->bytes), query, false, list);
    }
  }
  return {{index_text(std::move(list)), {}}, {}};
}

}  // namespace skerry::registry
