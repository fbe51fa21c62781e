// What the commands read from the disk and from repositories: charts, values.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "cli/flags.h"
#include "fetch/web.h"
#include "helm/chart.h"

namespace skerry::chart {

// Writes "level=WARN msg=..." lines.
Log log_to(std::ostream& out);

// A chart that was found: a folder or an archive on disk, or an archive that
// came from a repository and is called by its URL.
struct ChartPlace {
  std::string path;
  std::optional<std::string> archive{};
};

// Any chart. Throws not_found, invalid.
std::shared_ptr<Chart> load_chart_from_disk(const std::string& path,
                                            const Log& log);
// As `helm template` does, which looks at Chart.yaml's apiVersion before
// anything else and has errors of its own.
std::shared_ptr<Chart> load_chart_by_version(const ChartPlace& place,
                                             const Log& log);
std::shared_ptr<Chart> load_chart_at(const ChartPlace& place, const Log& log);

// The flags that say where a chart comes from.
std::vector<Flag> place_flags();
// Helm's LocateChart: a path, a URL, oci://..., NAME with --repo, or
// REPOSITORY/NAME. `told` gets what is said of a pull.
ChartPlace locate_chart(const std::string& name, const Flags& flags, Web& web,
                        std::ostream& told, const Log& log);
Access access_from_flags(const Flags& flags);
// $GNUPGHOME/pubring.gpg or ~/.gnupg/pubring.gpg, unless --keyring names one.
std::string keyring_of(const Flags& flags);
std::string repository_config_of(const Flags& flags);
std::string registry_config_of(const Flags& flags);

// The flags of values, in the order in which Helm lays them over each other.
std::vector<Flag> value_flags();
Value values_from_flags(const Flags& flags, std::istream& standard_input,
                        Web& web);
Value values_from_flags(const Flags& flags, std::istream& standard_input);

}  // namespace skerry::chart
