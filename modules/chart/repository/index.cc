#include "core/text/json.h"
#include "core/text/yaml.h"
#include "repository/repository.h"

namespace skerry::chart {

// https://helm.sh/docs/topics/chart_repository: the fields of Chart.yaml, and
// when and where the archive is. URLs are relative to the index, so that they
// hold behind a proxy and on a mirror.
std::string render_index(const std::vector<StoredVersion>& versions,
                         UnixMillis now) {
  Json entries = Json::object();
  UnixMillis newest = 0;
  for (const StoredVersion& version : versions) {
    Json entry = parse_json(version.metadata);
    entry["created"] = to_rfc3339(version.created, true);
    // The index knows SHA-256 only and gives it without its name.
    entry["digest"] = version.digest.substr(version.digest.find(':') + 1);
    entry["urls"] = {version.name + "-" + version.version + ".tgz"};
    entries[version.name].push_back(std::move(entry));
    newest = std::max(newest, version.created);
  }
  return to_yaml({{"apiVersion", "v1"},
                  {"entries", std::move(entries)},
                  {"generated", to_rfc3339(newest == 0 ? now : newest, true)}});
}

}  // namespace skerry::chart
