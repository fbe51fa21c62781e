// Chart.yaml: what it holds and what Helm demands of it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "gotemplate/value.h"

namespace skerry::chart {

struct Maintainer {
  std::string name, email, url;
};

struct Dependency {
  std::string name, version, repository, condition, alias;
  std::vector<std::string> tags;
  std::vector<Value> import_values;
  bool enabled = false;
};

struct Metadata {
  std::string name, home, version, description, icon, api_version, condition,
      tags, app_version, kube_version, type;
  std::vector<std::string> sources, keywords;
  std::vector<Maintainer> maintainers;
  bool deprecated = false;
  std::map<std::string, std::string> annotations;
  std::vector<Dependency> dependencies;
};

// Reads a document into `metadata`, over what it holds already. Numbers and
// booleans become text where text belongs, as with sigs.k8s.io/yaml. Throws
// invalid with encoding/json's sentences.
void read_metadata(const Json& document, Metadata& metadata);
// Cleans the texts; throws invalid: "validation: chart.metadata.name is
// required".
void validate_metadata(Metadata& metadata);

// .Chart, with Go's field names.
Value metadata_as_map(const Metadata& metadata);
// As in Chart.yaml, absent fields left out.
Json metadata_as_json(const Metadata& metadata);
Json dependency_as_json(const Dependency& dependency);

// The JSON member that encoding/json would decode into field `name`: exact,
// or else without regard to case. Null counts as absent.
const Json* go_member(const Json& object, std::string_view name);
// A scalar as text, as sigs.k8s.io/yaml makes it for a string field. Throws
// invalid for lists and maps, naming "<where>".
std::string go_string(const Json& value, std::string_view where);

}  // namespace skerry::chart
