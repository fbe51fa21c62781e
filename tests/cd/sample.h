// Applications and manifests for the syncer's tests.
#pragma once

#include <string>

#include "application.h"
#include "core/text/yaml.h"

namespace skerry::cd::test {

inline Json application_yaml(const std::string& spec,
                             const std::string& metadata = "") {
  return parse_yaml("apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
                    "metadata:\n  name: hello\n" + metadata +
                    "spec:\n  project: demo\n" + spec,
                    "application");
}

inline const char* const kSource =
    "  source: {repoURL: demo/app, path: deploy, targetRevision: main}\n";
inline const char* const kDestination =
    "  destination: {server: 'fake://', namespace: web}\n";

inline Application application(const std::string& more = "",
                               const std::string& metadata = "") {
  return parse_application(
      application_yaml(std::string(kSource) + kDestination + more, metadata));
}

inline Json manifest(const std::string& yaml) {
  return parse_yaml(yaml, "manifest");
}

inline std::string config_map(const std::string& name,
                              const std::string& value,
                              const std::string& annotations = "{}") {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name +
         "\n  annotations: " + annotations + "\ndata: {key: '" + value + "'}\n";
}

}  // namespace skerry::cd::test
