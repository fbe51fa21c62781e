#include "fetch/index.h"

#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "core/text/semver.h"
#include "core/text/yaml.h"
#include "gotemplate/print.h"
#include "helm/log.h"

namespace skerry::chart {

namespace {

// Public repositories have a million nodes.
constexpr YamlLimits kLimits{.max_depth = 128, .max_nodes = 16'000'000};

Json read_document(std::string_view text) {
  if (text.starts_with('{')) {
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_discarded()) return json;
  }
  auto result = read_yaml(text, YamlRead::first_document, kLimits);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "error converting YAML to JSON: {}", problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  return documents.empty() ? Json() : std::move(documents[0]);
}

IndexEntry read_entry(const Json& json) {
  Metadata metadata;
  read_metadata(json, metadata);
  if (metadata.api_version.empty()) metadata.api_version = "v1";
  IndexEntry entry;
  entry.version = metadata.version;
  if (auto* urls = go_member(json, "urls"); urls && urls->is_array()) {
    for (auto& url : *urls) entry.urls.push_back(go_string(url, "urls"));
  }
  if (auto* digest = go_member(json, "digest")) {
    entry.digest = go_string(*digest, "digest");
  }
  try {
    validate_metadata(metadata);
  } catch (const Error& error) {
    // Some repositories leave aliases out.
    if (!error.message().starts_with("validation: more than one dependency")) {
      throw;
    }
  }
  return entry;
}

std::vector<IndexEntry> read_versions(const std::string& name,
                                      const Json& list,
                                      const std::string& source,
                                      const Log& log) {
  std::vector<IndexEntry> versions;
  for (auto& json : list) {
    std::string problem = "empty entry", version;
    if (json.is_object()) {
      try {
        versions.push_back(read_entry(json));
        continue;
      } catch (const Error& error) {
        problem = error.message();
      }
      if (auto* text = go_member(json, "version"); text && text->is_string()) {
        version = " " + quote(text->get<std::string>());
      }
    }
    log("WARN", "msg=" + quote(fmt::format(
                             "skipping loading invalid entry for chart {}{} "
                             "from {}: {}",
                             quote(name), version, source, problem)));
  }
  return versions;
}

// Newest first; what is no version comes last.
void sort_versions(std::vector<IndexEntry>& versions) {
  std::vector<std::pair<std::optional<SemVer>, IndexEntry>> keyed;
  for (auto& entry : versions) {
    keyed.emplace_back(SemVer::parse(entry.version, false), std::move(entry));
  }
  std::stable_sort(keyed.begin(), keyed.end(), [](auto& a, auto& b) {
    if (!a.first || !b.first) return a.first.has_value();
    return *a.first > *b.first;
  });
  versions.clear();
  for (auto& [version, entry] : keyed) versions.push_back(std::move(entry));
}

}  // namespace

RepositoryIndex::RepositoryIndex(std::string_view text,
                                 const std::string& source, const Log& log) {
  if (text.empty()) fail(ErrorCode::invalid, "empty index.yaml file");
  Json document = read_document(text);
  if (!document.is_object()) {
    fail(ErrorCode::invalid, "{} is no index of a chart repository", source);
  }
  if (auto* entries = go_member(document, "entries");
      entries && entries->is_object()) {
    for (auto& [name, list] : entries->items()) {
      if (!list.is_array()) continue;
      auto versions = read_versions(name, list, source, log);
      sort_versions(versions);
      entries_[name] = std::move(versions);
    }
  }
  auto* api = go_member(document, "apiVersion");
  if (!api || go_string(*api, "apiVersion").empty()) {
    fail(ErrorCode::invalid, "no API version specified");
  }
}

const std::vector<IndexEntry>* RepositoryIndex::find(
    const std::string& name) const {
  auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

const IndexEntry& RepositoryIndex::get(const std::string& name,
                                       const std::string& version,
                                       const Log& log) const {
  auto* versions = find(name);
  if (!versions) fail(ErrorCode::not_found, "no chart name found");
  if (versions->empty()) fail(ErrorCode::not_found, "no chart version found");
  for (auto& entry : *versions) {
    if (!version.empty() && entry.version == version) return entry;
  }
  for (auto& entry : *versions) {
    auto parsed = SemVer::parse(entry.version, false);
    if (!parsed) continue;
    if (!semver_satisfies(*parsed, version.empty() ? "*" : version)) continue;
    if (!version.empty()) {
      log("WARN", fmt::format("msg=\"unable to find exact version requested; "
                              "falling back to closest available version\" "
                              "chart={} requested={} selected={}",
                              log_value(name), log_value(version),
                              log_value(entry.version)));
    }
    return entry;
  }
  fail(ErrorCode::not_found, "no chart version found for {}-{}", name, version);
}

void require_digest(std::string_view archive, const std::string& digest,
                    std::string_view url) {
  if (digest.empty()) return;
  std::string wanted = digest.substr(digest.find(':') + 1);
  std::string found = digest_of(archive).hex;
  if (wanted == found) return;
  fail(ErrorCode::invalid,
       "{}: the archive's digest is sha256:{}, the repository's index says "
       "sha256:{}",
       url, found, wanted);
}

}  // namespace skerry::chart
