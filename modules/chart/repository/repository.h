// The rules of the chart repository: what may be stored, and what follows.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "chart/chart.h"
#include "core/os/mutex.h"
#include "package.h"
#include "repository/chart_store.h"

namespace skerry::chart {

inline constexpr std::string_view kConfigType =
    "application/vnd.cncf.helm.config.v1+json";
inline constexpr std::string_view kContentType =
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
inline constexpr std::string_view kProvenanceType =
    "application/vnd.cncf.helm.chart.provenance.v1.prov";

// Thread-safe.
class Repository {
 public:
  Repository(Services& services, OciStore& oci)
      : services_(services), oci_(oci) {}

  // Stores an archive as it is; what it holds must be a chart. Throws
  // not_found for the project, invalid, conflict, too_large.
  ChartVersion add(std::string_view project, const std::string& archive,
                   std::string_view provenance, bool replace,
                   const http::Identity& who);
  ChartVersion publish(const Publication& publication);
  // With its OCI artifact. False when there is no such version.
  bool remove(std::string_view project, std::string_view name,
              std::string_view version, const http::Identity& who);
  // The .prov file of a version that is there.
  void add_provenance(std::string_view project, std::string_view text,
                      const http::Identity& who);
  // A pushed OCI artifact, if it is a chart: "demo/hello:1.2.3".
  void import_artifact(std::string_view subject);

  std::vector<StoredVersion> versions(std::string_view project,
                                      std::string_view name = {});
  std::optional<StoredVersion> find(std::string_view project,
                                    std::string_view name,
                                    std::string_view version);
  ChartVersion resolve(std::string_view project, std::string_view name,
                       std::string_view constraint);
  std::shared_ptr<const Tree> open(const ChartVersion& version);

  // index.yaml of a project, kept until the project's charts change.
  struct Index {
    std::string text;
    std::string etag;
  };
  std::shared_ptr<const Index> index(std::string_view project);

 private:
  ChartVersion store(std::string_view project, const Package& package,
                     std::string_view provenance, bool replace,
                     const http::Identity& who, bool to_oci);
  void remove_artifact(const StoredVersion& version,
                       const http::Identity& who);
  void put_artifact(std::string_view project, const Package& package,
                    std::string_view provenance, const http::Identity& who);
  void forget_index(std::string_view project);

  Services& services_;
  OciStore& oci_;
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<const Index>, std::less<>> indexes_
      GUARDED_BY(mutex_);
  // The trees of charts that were opened last, by digest.
  std::map<std::string, std::shared_ptr<const Tree>, std::less<>> trees_
      GUARDED_BY(mutex_);
};

// Reads a packaged chart and checks what a repository demands of it.
Package read_package(const std::string& archive);
// The tag under which a version is kept: "+" is not allowed in tags.
std::string oci_tag(std::string_view version);
std::string render_index(const std::vector<StoredVersion>& versions,
                         UnixMillis now);

}  // namespace skerry::chart
