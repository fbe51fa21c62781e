// Brings the dependencies that Chart.yaml declares into charts/, as `helm
// dependency update` and `build` do it: indices are read, versions chosen,
// everything fetched into a folder beside charts/ and only then moved there, so
// that a failure leaves charts/ as it was.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/tree/tree.h"
#include "fetch/index.h"
#include "fetch/oci.h"
#include "fetch/repositories.h"
#include "fetch/web.h"
#include "helm/chart.h"

namespace skerry::chart {

enum class Verify { never, if_possible, always };

struct DependencyOptions {
  std::string chart_path;
  Verify verify = Verify::never;
  std::string keyring;
  bool skips_refresh = false;  // tell nothing of indices, read what is needed
  bool is_debug = false;
  Access access;  // of repositories without a name, and of registries
  std::string repository_config, registry_config;
};

// What the manager uses of the world.
struct DependencyWorld {
  Web& web;
  std::ostream& out;    // what Helm tells on standard output
  std::ostream& error;  // and on the other
  const Log& log;
  std::function<std::int64_t()> now_millis;
  // Opens a chart's folder on the disk.
  std::function<std::unique_ptr<Tree>(const std::string& folder)> open_folder;
};

// Used once. Throws what Helm refuses with.
class DependencyManager {
 public:
  DependencyManager(DependencyOptions options, const DependencyWorld& world);
  void update();
  void build();  // by the lock file, if there is one

 private:
  std::shared_ptr<Chart> load() const;
  void name_repositories(std::vector<Dependency>& wished);
  void read_named_indices();
  void read_unnamed_indices(const std::vector<Dependency>& wished);
  const RepositoryIndex& index_of(const std::string& url);
  Access access_of(const std::string& url) const;
  Lock resolve(const std::vector<Dependency>& wished);
  std::optional<std::string> choose_version(const Dependency& wish);
  std::optional<std::string> choose_folder(const Dependency& wish);
  void fetch_all(std::vector<Dependency>& locked);
  void fetch(Dependency& dependency, const std::string& folder);
  void check_local(const Dependency& dependency) const;
  void pack_local(Dependency& dependency, const std::string& folder) const;
  std::string find_url(const Dependency& dependency);
  void download(const std::string& url, const std::string& repository,
                const std::string& folder);
  void pull(const std::string& url, const std::string& folder);
  void verify(const std::string& file, const std::string& url,
              const std::function<std::string()>& provenance);
  void move_into_place(const std::vector<Dependency>& locked,
                       const std::string& from) const;
  void remove_outdated(const std::vector<Dependency>& locked,
                       const std::vector<std::string>& names) const;
  void write_lock(const Chart& chart, Lock lock) const;
  void check_in_sync(const Chart& chart, const Lock& lock,
                     const std::string& old_digest) const;
  std::string local_path(const std::string& repository) const;

  const DependencyOptions options_;
  const DependencyWorld& world_;
  std::vector<NamedRepository> repositories_;
  std::optional<OciRegistry> registry_;
  std::map<std::string, RepositoryIndex> indices_;    // by URL
  std::map<std::string, std::string> index_errors_;   // by URL
  std::map<std::string, std::string> digests_;        // by URL of the archive
  std::map<std::string, bool> fetched_;               // URLs
};

}  // namespace skerry::chart
