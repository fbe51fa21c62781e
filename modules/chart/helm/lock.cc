#include "helm/lock.h"

#include "core/error.h"
#include "core/store/digest.h"
#include "core/text/yaml.h"
#include "gotemplate/go_json.h"
#include "gotemplate/go_time.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kRfc3339 = "2006-01-02T15:04:05Z07:00";

// The members of a struct in its own order, as encoding/json writes them.
class ObjectWriter {
 public:
  void text(std::string_view name, const std::string& value, bool always) {
    if (always || !value.empty()) add(name, write_json(Value(value)));
  }
  void list(std::string_view name, const std::vector<Value>& values) {
    if (!values.empty()) add(name, write_json(Value::new_list(values)));
  }
  void add(std::string_view name, const std::string& json) {
    out_ += fmt::format("{}\"{}\":{}", out_.empty() ? "" : ",", name, json);
  }
  std::string finish() const { return "{" + out_ + "}"; }

 private:
  std::string out_;
};

std::string as_go_json(const Dependency& dependency) {
  ObjectWriter writer;
  writer.text("name", dependency.name, true);
  writer.text("version", dependency.version, false);
  writer.text("repository", dependency.repository, true);
  writer.text("condition", dependency.condition, false);
  writer.list("tags", {dependency.tags.begin(), dependency.tags.end()});
  if (dependency.enabled) writer.add("enabled", "true");
  writer.list("import-values", dependency.import_values);
  writer.text("alias", dependency.alias, false);
  return writer.finish();
}

std::string as_go_json(const std::vector<Dependency>& dependencies) {
  std::string out;
  for (auto& dependency : dependencies) {
    out += (out.empty() ? "" : ",") + as_go_json(dependency);
  }
  return "[" + out + "]";
}

}  // namespace

Lock read_lock(const Json& document, std::string_view file) {
  Lock lock;
  if (document.is_null()) return lock;
  // Chart.yaml's reader knows dependencies, and what is wrong with them.
  Metadata metadata;
  try {
    Json only = Json::object();
    if (document.is_object()) {
      if (auto* list = go_member(document, "dependencies")) {
        only["dependencies"] = *list;
      }
      if (auto* digest = go_member(document, "digest")) {
        lock.digest = go_string(*digest, "Lock.digest");
      }
      if (auto* generated = go_member(document, "generated")) {
        lock.generated = go_string(*generated, "Lock.generated");
        if (!parse_time(kRfc3339, lock.generated)) {
          fail(ErrorCode::invalid,
               "error unmarshaling JSON: while decoding JSON: parsing time {} "
               "as {}: cannot parse {} as \"2006\"",
               quote(lock.generated), quote(kRfc3339), quote(lock.generated));
        }
      }
    }
    read_metadata(document.is_object() ? only : document, metadata);
  } catch (const Error& error) {
    throw error.in(fmt::format("cannot load {}", file));
  }
  lock.dependencies = std::move(metadata.dependencies);
  return lock;
}

std::string lock_as_yaml(const Lock& lock) {
  Json document = Json::object();
  document["generated"] =
      lock.generated.empty() ? "0001-01-01T00:00:00Z" : lock.generated;
  document["digest"] = lock.digest;
  document["dependencies"] = Json::array();
  for (auto& dependency : lock.dependencies) {
    document["dependencies"].push_back(dependency_as_json(dependency));
  }
  return to_yaml(document);
}

std::string digest_of_dependencies(const std::vector<Dependency>& wished,
                                   const std::vector<Dependency>& locked) {
  return digest_of("[" + as_go_json(wished) + "," + as_go_json(locked) + "]")
      .to_string();
}

std::string digest_of_requirements(const std::vector<Dependency>& wished) {
  return digest_of("{\"dependencies\":" + as_go_json(wished) + "}")
      .to_string();
}

}  // namespace skerry::chart
