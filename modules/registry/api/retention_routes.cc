#include "api/retention_routes.h"

#include <set>

#include "api/api_routes.h"

namespace skerry::registry {
namespace {

// Entries of one answer: about 10 MB.
constexpr std::size_t kMostShown = 50'000;

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

class Preview {
 public:
  explicit Preview(std::optional<std::string> only) : only_(std::move(only)) {}

  void add(const Place& place, const RepositoryFacts& facts,
           const Verdicts& verdicts) {
    if (only_ && *only_ != place.repository) return;
    Json tags = Json::array(), manifests = Json::array();
    std::set<std::string> tagged;
    for (std::size_t i = 0; i < facts.tags.size(); ++i) {
      const auto& tag = facts.tags[i];
      const auto& verdict = verdicts.tags[i];
      tagged.insert(tag.digest);
      if (!verdict.stays) ++removed_tags_;
      if (!room()) continue;
      tags.push_back({{"name", tag.name},
                      {"digest", tag.digest},
                      {"pushed", tag.pushed},
                      {"last_pulled", tag.pulled == 0 ? Json() : Json(tag.pulled)},
                      {"stays", verdict.stays},
                      {"rule", or_null(verdict.rule)},
                      {"reason", verdict.reason}});
    }
    for (std::size_t i = 0; i < facts.manifests.size(); ++i) {
      const auto& manifest = facts.manifests[i];
      const auto& verdict = verdicts.manifests[i];
      if (!verdict.stays) ++removed_manifests_;
      // That one with a tag stays is said by the tag.
      if (verdict.stays && tagged.count(manifest.digest) > 0) continue;
      if (!room()) continue;
      manifests.push_back({{"digest", manifest.digest},
                           {"pushed", manifest.pushed},
                           {"stays", verdict.stays},
                           {"reason", verdict.reason}});
    }
    repositories_.push_back({{"name", place.repository},
                             {"tags", std::move(tags)},
                             {"manifests", std::move(manifests)}});
  }

  Json json() && {
    return {{"repositories", std::move(repositories_)},
            {"removed_tags", removed_tags_},
            {"removed_manifests", removed_manifests_},
            {"truncated", shown_ > kMostShown}};
  }

 private:
  bool room() { return ++shown_ <= kMostShown; }

  const std::optional<std::string> only_;
  Json repositories_ = Json::array();
  std::int64_t removed_tags_ = 0, removed_manifests_ = 0;
  std::size_t shown_ = 0;
};

void answer_preview(Parts& parts, const http::Request& request,
                    const Policy& policy, http::Response& response) {
  Preview preview(request.query_param("repository"));
  parts.retention.judge_project(
      asked_project(parts, request), request.param("project"), policy,
      [&](const Place& place, const RepositoryFacts& facts,
          const Verdicts& verdicts) { preview.add(place, facts, verdicts); });
  response.send_json(std::move(preview).json());
}

}  // namespace

void get_retention(Parts& parts, http::Request& request,
                   http::Response& response) {
  const auto run = parts.retention.last_run(asked_project(parts, request));
  Json last;
  if (run) {
    last = {{"started", run->started},
            {"finished", or_null(run->finished)},
            {"removed_tags", run->tags},
            {"removed_manifests", run->manifests},
            {"trouble", run->trouble}};
  }
  response.send_json({{"last_run", std::move(last)}});
}

void post_retention(Parts& parts, http::Request& request,
                    http::Response& response) {
  const auto job =
      parts.retention.enqueue(asked_project(parts, request),
                              request.param("project"), request.identity);
  response.status = 202;
  response.send_json({{"job", job}});
}

void get_retention_preview(Parts& parts, http::Request& request,
                           http::Response& response) {
  const auto policy = parts.policies.of(asked_project(parts, request));
  answer_preview(parts, request, *policy, response);
}

void post_retention_preview(Parts& parts, http::Request& request,
                            http::Response& response) {
  answer_preview(parts, request, parse_policy(request.read_json()), response);
}

}  // namespace skerry::registry
