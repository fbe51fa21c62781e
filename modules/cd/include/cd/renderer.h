// What the syncer asks of the chart engines. Implemented by app/wiring.cc.
// Value files are handed over as text: the syncer has found them already, in
// the chart's tree or in another source's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "core/tree/tree.h"

namespace skerry::cd {

struct HelmRequest {
  struct Values {
    std::string name;  // for messages: "values-prod.yaml"
    std::string text;  // YAML
  };
  struct Parameter {  // as --set, or --set-string
    std::string name;
    std::string value;
    bool force_string = false;
  };
  struct FileParameter {  // as --set-file
    std::string name;
    std::string content;
  };
  std::string release_name;
  std::string namespace_name;
  std::vector<Values> values;  // later ones win
  std::vector<Parameter> parameters;
  std::vector<FileParameter> file_parameters;
  std::string kube_version;  // "" is the engine's default
  std::vector<std::string> api_versions;
  bool include_crds = true;
  bool skip_schema_validation = false;
  bool skip_tests = false;
};

struct KustomizeRequest {
  // spec.source.kustomize as it stands in the Application; the renderer
  // throws invalid naming a member that it does not support.
  Json options = Json::object();
  std::string namespace_name;
};

// Thread-safe; a pure function of its arguments. Throws Error invalid with the
// file and line that is wrong.
class Renderer {
 public:
  virtual ~Renderer() = default;
  // All manifests that `helm template` prints, hooks included.
  virtual std::vector<Json> render_helm(std::shared_ptr<const Tree> tree,
                                        std::string_view path,
                                        const HelmRequest& request) = 0;
  // What `kustomize build` prints.
  virtual std::vector<Json> render_kustomize(
      std::shared_ptr<const Tree> tree, std::string_view path,
      const KustomizeRequest& request) = 0;
};

}  // namespace skerry::cd
