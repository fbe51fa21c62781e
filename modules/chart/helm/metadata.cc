#include "helm/metadata.h"

#include <algorithm>

#include "core/error.h"
#include "core/text/float_text.h"
#include "core/text/semver.h"
#include "core/text/unicode.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

std::string_view go_type(const Json& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  return "number";
}

[[noreturn]] void fail_type(const Json& value, std::string_view where,
                            std::string_view type) {
  fail(ErrorCode::invalid,
       "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} "
       "into Go struct field {} of type {}",
       go_type(value), where, type);
}

void read(const Json& object, std::string_view name, std::string_view type,
          std::string& out) {
  if (auto* member = go_member(object, name)) {
    out = go_string(*member, fmt::format("{}.{}", type, name));
  }
}

void read(const Json& object, std::string_view name, std::string_view type,
          std::vector<std::string>& out) {
  auto* member = go_member(object, name);
  if (!member) return;
  std::string where = fmt::format("{}.{}", type, name);
  if (!member->is_array()) fail_type(*member, where, "[]string");
  out.clear();
  for (auto& item : *member) {
    out.push_back(item.is_null() ? "" : go_string(item, where));
  }
}

void read(const Json& object, std::string_view name, std::string_view type,
          bool& out) {
  auto* member = go_member(object, name);
  if (!member) return;
  if (!member->is_boolean()) {
    fail_type(*member, fmt::format("{}.{}", type, name), "bool");
  }
  out = member->get<bool>();
}

Maintainer read_maintainer(const Json& json) {
  if (!json.is_object()) {
    if (json.is_null()) {
      fail(ErrorCode::invalid,
           "validation: maintainers must not contain empty or null nodes");
    }
    fail_type(json, "Metadata.maintainers", "v2.Maintainer");
  }
  Maintainer maintainer;
  read(json, "name", "Metadata.maintainers", maintainer.name);
  read(json, "email", "Metadata.maintainers", maintainer.email);
  read(json, "url", "Metadata.maintainers", maintainer.url);
  return maintainer;
}

Dependency read_dependency(const Json& json) {
  constexpr std::string_view kType = "Metadata.dependencies";
  if (!json.is_object()) {
    if (json.is_null()) {
      fail(ErrorCode::invalid,
           "validation: dependencies must not contain empty or null nodes");
    }
    fail_type(json, kType, "v2.Dependency");
  }
  Dependency dependency;
  read(json, "name", kType, dependency.name);
  read(json, "version", kType, dependency.version);
  read(json, "repository", kType, dependency.repository);
  read(json, "condition", kType, dependency.condition);
  read(json, "alias", kType, dependency.alias);
  read(json, "tags", kType, dependency.tags);
  read(json, "enabled", kType, dependency.enabled);
  if (auto* values = go_member(json, "import-values")) {
    if (!values->is_array()) {
      fail_type(*values, "Metadata.dependencies.import-values",
                "[]interface {}");
    }
    for (auto& value : *values) {
      dependency.import_values.push_back(from_json(value));
    }
  }
  return dependency;
}

// Spaces become blanks, what cannot be printed is dropped.
void sanitize(std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    char32_t c = unicode::next(text, i);
    if (unicode::is_space(c)) {
      out += ' ';
    } else if (unicode::is_printable(c)) {
      unicode::append(out, c);
    }
  }
  text = std::move(out);
}

template <typename... Args>
[[noreturn]] void fail_validation(fmt::format_string<Args...> format,
                                  Args&&... args) {
  fail(ErrorCode::invalid, "validation: {}",
       fmt::format(format, std::forward<Args>(args)...));
}

void validate_dependencies(Metadata& metadata) {
  std::vector<std::string> seen;
  for (auto& dependency : metadata.dependencies) {
    for (auto* text : {&dependency.name, &dependency.version,
                       &dependency.repository, &dependency.condition}) {
      sanitize(*text);
    }
    for (auto& tag : dependency.tags) sanitize(tag);
    bool good_alias = std::all_of(
        dependency.alias.begin(), dependency.alias.end(), [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                 (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
        });
    if (!good_alias) {
      fail_validation("dependency {} has disallowed characters in the alias",
                      quote(dependency.name));
    }
    auto& key = dependency.alias.empty() ? dependency.name : dependency.alias;
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      fail_validation("more than one dependency with name or alias {}",
                      quote(key));
    }
    seen.push_back(key);
  }
}

Value list_of(const std::vector<std::string>& texts) {
  return Value::new_list({texts.begin(), texts.end()});
}

Value dependency_as_map(const Dependency& dependency) {
  Value map = Value::new_map();
  map.set("Name", dependency.name);
  map.set("Version", dependency.version);
  map.set("Repository", dependency.repository);
  map.set("Condition", dependency.condition);
  map.set("Alias", dependency.alias);
  map.set("Enabled", dependency.enabled);
  map.set("Tags", list_of(dependency.tags));
  map.set("ImportValues", Value::new_list(dependency.import_values));
  return map;
}

}  // namespace

const Json* go_member(const Json& object, std::string_view name) {
  auto exact = object.find(name);
  if (exact != object.end()) return exact->is_null() ? nullptr : &*exact;
  for (auto& [key, value] : object.items()) {
    bool equal = key.size() == name.size() &&
                 std::equal(key.begin(), key.end(), name.begin(),
                            [](char a, char b) {
                              auto lower = [](char c) {
                                return c >= 'A' && c <= 'Z' ? c + 32 : +c;
                              };
                              return lower(a) == lower(b);
                            });
    if (equal) return value.is_null() ? nullptr : &value;
  }
  return nullptr;
}

std::string go_string(const Json& value, std::string_view where) {
  switch (value.type()) {
    case Json::value_t::string:
      return value.get<std::string>();
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_integer:
      return std::to_string(value.get<std::int64_t>());
    case Json::value_t::number_unsigned:
      return std::to_string(value.get<std::uint64_t>());
    case Json::value_t::number_float:
      return format_float32_g(value.get<double>());
    case Json::value_t::null:
      return "";
    default:
      fail_type(value, where, "string");
  }
}

void read_metadata(const Json& document, Metadata& metadata) {
  if (document.is_null()) return;
  if (!document.is_object()) {
    fail(ErrorCode::invalid,
         "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
         "{} into Go value of type v2.Metadata",
         go_type(document));
  }
  struct Field {
    std::string_view name;
    std::string* text;
  };
  for (auto [name, text] : std::initializer_list<Field>{
           {"name", &metadata.name},
           {"home", &metadata.home},
           {"version", &metadata.version},
           {"description", &metadata.description},
           {"icon", &metadata.icon},
           {"apiVersion", &metadata.api_version},
           {"condition", &metadata.condition},
           {"tags", &metadata.tags},
           {"appVersion", &metadata.app_version},
           {"kubeVersion", &metadata.kube_version},
           {"type", &metadata.type}}) {
    read(document, name, "Metadata", *text);
  }
  read(document, "sources", "Metadata", metadata.sources);
  read(document, "keywords", "Metadata", metadata.keywords);
  read(document, "deprecated", "Metadata", metadata.deprecated);
  if (auto* list = go_member(document, "maintainers")) {
    if (!list->is_array()) {
      fail_type(*list, "Metadata.maintainers", "[]*v2.Maintainer");
    }
    metadata.maintainers.clear();
    for (auto& item : *list) {
      metadata.maintainers.push_back(read_maintainer(item));
    }
  }
  if (auto* map = go_member(document, "annotations")) {
    if (!map->is_object()) {
      fail_type(*map, "Metadata.annotations", "map[string]string");
    }
    for (auto& [key, value] : map->items()) {
      metadata.annotations[key] = go_string(value, "Metadata.annotations");
    }
  }
  if (auto* list = go_member(document, "dependencies")) {
    if (!list->is_array()) {
      fail_type(*list, "Metadata.dependencies", "[]*v2.Dependency");
    }
    metadata.dependencies.clear();
    for (auto& item : *list) {
      metadata.dependencies.push_back(read_dependency(item));
    }
  }
}

void validate_metadata(Metadata& m) {
  for (auto* text : {&m.name, &m.description, &m.home, &m.icon, &m.condition,
                     &m.tags, &m.app_version, &m.kube_version}) {
    sanitize(*text);
  }
  for (auto& text : m.sources) sanitize(text);
  for (auto& text : m.keywords) sanitize(text);
  if (m.api_version.empty()) {
    fail_validation("chart.metadata.apiVersion is required");
  }
  if (m.name.empty()) fail_validation("chart.metadata.name is required");
  if (m.name == "." || m.name == "..") {
    fail_validation("chart.metadata.name {} is not allowed", quote(m.name));
  }
  if (m.name.find('/') != m.name.npos) {
    fail_validation("chart.metadata.name {} is invalid", quote(m.name));
  }
  if (m.version.empty()) fail_validation("chart.metadata.version is required");
  if (!SemVer::parse(m.version, false)) {
    fail_validation("chart.metadata.version {} is invalid", quote(m.version));
  }
  if (!m.type.empty() && m.type != "application" && m.type != "library") {
    fail_validation("chart.metadata.type must be application or library");
  }
  for (auto& maintainer : m.maintainers) {
    sanitize(maintainer.name);
    sanitize(maintainer.email);
    sanitize(maintainer.url);
  }
  validate_dependencies(m);
}

Value metadata_as_map(const Metadata& m) {
  Value map = Value::new_map();
  map.set("Name", m.name);
  map.set("Home", m.home);
  map.set("Sources", list_of(m.sources));
  map.set("Version", m.version);
  map.set("Description", m.description);
  map.set("Keywords", list_of(m.keywords));
  std::vector<Value> maintainers;
  for (auto& maintainer : m.maintainers) {
    Value entry = Value::new_map();
    entry.set("Name", maintainer.name);
    entry.set("Email", maintainer.email);
    entry.set("URL", maintainer.url);
    maintainers.push_back(entry);
  }
  map.set("Maintainers", Value::new_list(std::move(maintainers)));
  map.set("Icon", m.icon);
  map.set("APIVersion", m.api_version);
  map.set("Condition", m.condition);
  map.set("Tags", m.tags);
  map.set("AppVersion", m.app_version);
  map.set("Deprecated", m.deprecated);
  Value annotations = Value::new_map(MapType::strings);
  for (auto& [key, value] : m.annotations) annotations.set(key, value);
  map.set("Annotations", annotations);
  map.set("KubeVersion", m.kube_version);
  std::vector<Value> dependencies;
  for (auto& dependency : m.dependencies) {
    dependencies.push_back(dependency_as_map(dependency));
  }
  map.set("Dependencies", Value::new_list(std::move(dependencies)));
  map.set("Type", m.type);
  return map;
}

Json dependency_as_json(const Dependency& d) {
  Json entry = {{"name", d.name}, {"repository", d.repository}};
  if (!d.version.empty()) entry["version"] = d.version;
  if (!d.condition.empty()) entry["condition"] = d.condition;
  if (!d.tags.empty()) entry["tags"] = d.tags;
  if (!d.alias.empty()) entry["alias"] = d.alias;
  if (d.enabled) entry["enabled"] = true;
  for (auto& value : d.import_values) {
    entry["import-values"].push_back(to_json(value));
  }
  return entry;
}

Json metadata_as_json(const Metadata& m) {
  Json json = Json::object();
  auto put = [&](const char* name, const auto& value) {
    if (!value.empty()) json[name] = value;
  };
  put("name", m.name);
  put("home", m.home);
  put("sources", m.sources);
  put("version", m.version);
  put("description", m.description);
  put("keywords", m.keywords);
  put("icon", m.icon);
  put("apiVersion", m.api_version);
  put("condition", m.condition);
  put("tags", m.tags);
  put("appVersion", m.app_version);
  put("annotations", m.annotations);
  put("kubeVersion", m.kube_version);
  put("type", m.type);
  if (m.deprecated) json["deprecated"] = true;
  for (auto& maintainer : m.maintainers) {
    Json entry = Json::object();
    if (!maintainer.name.empty()) entry["name"] = maintainer.name;
    if (!maintainer.email.empty()) entry["email"] = maintainer.email;
    if (!maintainer.url.empty()) entry["url"] = maintainer.url;
    json["maintainers"].push_back(entry);
  }
  for (auto& d : m.dependencies) {
    json["dependencies"].push_back(dependency_as_json(d));
  }
  return json;
}

}  // namespace skerry::chart
