// An Argo CD Application (argoproj.io/v1alpha1) as Skerry understands it.
//
// Every field is either honoured or refused by its path; a field that is not
// known is refused too. What the server fills in (status, uid and so on, as in
// an export by kubectl) is dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "resource.h"

namespace skerry::cd {

struct HelmOptions {
  struct Parameter {
    std::string name, value;
    bool force_string = false;
  };
  struct FileParameter {
    std::string name, path;
  };
  std::vector<std::string> value_files;
  std::string values;             // YAML text
  Json values_object;             // null when absent
  std::vector<Parameter> parameters;
  std::vector<FileParameter> file_parameters;
  std::string release_name, namespace_name, kube_version;
  std::vector<std::string> api_versions;
  bool skip_crds = false;
  bool ignore_missing_value_files = false;
  bool skip_schema_validation = false;
  bool skip_tests = false;
};

struct DirectoryOptions {
  bool recurse = false;
  std::string include, exclude;  // glob, or "{a,b}" alternatives
};

// Where a source lives on this server.
struct SourceAddress {
  enum class Kind { git, chart };
  Kind kind = Kind::git;
  std::string project;
  std::string name;  // repository or chart
};

struct Source {
  SourceAddress address;
  std::string repo_url, target_revision, path, ref, name;
  std::optional<HelmOptions> helm;
  std::optional<DirectoryOptions> directory;
  std::optional<Json> kustomize;
};

struct SyncOptions {
  bool prune = true;  // Prune=false
  bool prune_last = false;
  bool create_namespace = false;
  bool apply_out_of_sync_only = false;
  bool respect_ignore_differences = false;
  bool replace = false, force = false;
  bool fail_on_shared_resource = false;
};

struct Automated {
  bool prune = false, self_heal = false, allow_empty = false;
};

struct Retry {
  std::int64_t limit = 0;  // negative: for ever
  std::int64_t duration_ms = 5'000, max_duration_ms = 180'000;
  std::int64_t factor = 2;
};

struct IgnoreDifference {
  std::string group, kind, name, namespace_name;
  std::vector<std::string> json_pointers;
};

struct Destination {
  std::string server, name, namespace_name;
};

struct Application {
  std::string name, namespace_name;
  std::string project;
  std::vector<Source> sources;
  Destination destination;
  std::optional<Automated> automated;
  SyncOptions options;
  std::optional<Retry> retry;
  std::vector<IgnoreDifference> ignore_differences;
  std::size_t history_limit = 10;
  bool cascade = false;         // has the resources finalizer
  bool skip_reconcile = false;  // its annotation
  Json manifest;  // {metadata: {...}, spec: {...}} without server fields
  // What is accepted and changes nothing here, as sentences.
  std::vector<std::string> notices;
  std::string spec_digest;  // of the spec; equal specs render alike
};

// Throws invalid: "spec.source.plugin is not supported".
Application parse_application(const Json& object);

// One from its stored manifest, {metadata, spec}.
std::shared_ptr<const Application> parse_stored(Json manifest);

// The subject of events about an application: "<project>/<application>".
inline std::string event_subject(const Application& app) {
  return app.project + "/" + app.name;
}

// The address behind a source's repoURL: "p/r", "http://host/git/p/r.git",
// ".../charts/p" with a chart, "oci://host/p/chart". `own_hosts` are this
// server's names ("127.0.0.1:8080"); other hosts are refused. An empty list
// accepts any host (a stored application was checked when it was made).
SourceAddress parse_repo_url(std::string_view url, std::string_view chart,
                             const std::vector<std::string>& own_hosts,
                             std::string_view where);

// spec.source or each of spec.sources, with own_hosts checked.
void check_source_hosts(const Application& application,
                        const std::vector<std::string>& own_hosts);

}  // namespace skerry::cd
