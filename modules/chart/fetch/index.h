// index.yaml of a chart repository: which versions of a chart there are, and
// where.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helm/chart.h"

namespace skerry::chart {

struct IndexEntry {
  std::string version;
  std::vector<std::string> urls;
  std::string digest;  // of the archive, in hex; may be empty
};

class RepositoryIndex {
 public:
  // YAML or JSON; `source` is named in warnings about entries that are no
  // charts, which are left out. Throws invalid: "empty index.yaml file".
  RepositoryIndex(std::string_view text, const std::string& source,
                  const Log& log);

  // Newest first; nothing for a chart that is not there.
  const std::vector<IndexEntry>* find(const std::string& name) const;
  // The exact version, or else the newest that satisfies the constraint; ""
  // means the newest that is no pre-release. Throws not_found, or invalid for
  // what is no constraint.
  const IndexEntry& get(const std::string& name, const std::string& version,
                        const Log& log) const;

 private:
  std::map<std::string, std::vector<IndexEntry>> entries_;
};

// Throws invalid when an archive is not the one that the index speaks of.
// `digest` is hex, perhaps behind "sha256:"; nothing is checked without one.
void require_digest(std::string_view archive, const std::string& digest,
                    std::string_view url);

}  // namespace skerry::chart
