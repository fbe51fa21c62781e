#include "kustomize/schema.h"

#include "core/error.h"
#include "core/text/yaml.h"
#include "kustomize/schema_table.h"

namespace skerry::chart::kustomize {
namespace {

constexpr std::string_view kBuiltInVersion = "v1.21.2";
constexpr std::string_view kDefinitions = "#/definitions/";
constexpr std::string_view kKindsKey = "x-kubernetes-group-version-kind";
constexpr int kMaxReferences = 100;

// Cuts the next word off `line`.
std::string_view next_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// "list[*key,key:Definition" of a line of the table.
void read_field(std::string_view word, SchemaNode& owner) {
  std::string reference;
  if (const std::size_t colon = word.find(':'); colon != word.npos) {
    reference = word.substr(colon + 1);
    word = word.substr(0, colon);
  }
  std::optional<std::string_view> keys;
  if (const std::size_t star = word.find('*'); star != word.npos) {
    keys = word.substr(star + 1);
    word = word.substr(0, star);
  }
  const std::size_t name_end = std::min(word.find_first_of("[{"), word.size());
  SchemaNode* node = &owner.fields[std::string(word.substr(0, name_end))];
  node->is_abridged = true;
  if (keys) {
    node->merges = true;
    node->merge_keys = split(*keys, ',');
  }
  for (const char shape : word.substr(name_end)) {
    node->is_array = shape == '[';
    auto& inner = shape == '[' ? node->items : node->other_fields;
    inner = std::make_unique<SchemaNode>();
    node = inner.get();
    node->is_abridged = true;
  }
  node->reference = reference;
}

std::string text_member(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

bool is_merge_strategy(std::string_view strategies) {
  for (const std::string& strategy : split(strategies, ',')) {
    if (strategy == "merge") return true;
  }
  return false;
}

void read_type(const Json& json, SchemaNode& node) {
  const auto type = json.find("type");
  if (type == json.end()) return;
  if (type->is_string()) node.is_array = *type == "array";
  if (type->is_array()) {
    node.is_array = type->size() == 1 && type->front() == "array";
  }
}

SchemaNode read_schema(const Json& json) {
  SchemaNode node;
  if (!json.is_object()) return node;
  node.reference = text_member(json, "$ref");
  if (node.reference.starts_with(kDefinitions)) {
    node.reference.erase(0, kDefinitions.size());
  }
  read_type(json, node);
  if (is_merge_strategy(text_member(json, "x-kubernetes-patch-strategy"))) {
    node.merges = true;
    const auto keys = json.find("x-kubernetes-list-map-keys");
    const std::string key = text_member(json, "x-kubernetes-patch-merge-key");
    if (keys != json.end() && keys->is_array()) {
      for (const Json& each : *keys) {
        if (each.is_string()) node.merge_keys.push_back(each);
      }
    } else if (!key.empty()) {
      node.merge_keys = {key};
    }
  }
  if (const auto fields = json.find("properties");
      fields != json.end() && fields->is_object()) {
    for (const auto& [name, value] : fields->items()) {
      node.fields[name] = read_schema(value);
    }
  }
  if (const auto items = json.find("items");
      items != json.end() && items->is_object()) {
    node.items = std::make_unique<SchemaNode>(read_schema(*items));
  }
  if (const auto more = json.find("additionalProperties");
      more != json.end() && more->is_object()) {
    node.other_fields = std::make_unique<SchemaNode>(read_schema(*more));
  }
  return node;
}

std::optional<std::pair<std::string, std::string>> read_kind(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const std::string group = text_member(json, "group");
  const std::string version = text_member(json, "version");
  return std::pair(group.empty() ? version : group + "/" + version,
                   text_member(json, "kind"));
}

}  // namespace

Schema::Schema() { abridged_.is_abridged = true; }

void Schema::use(const std::optional<std::string>& version,
                 const std::optional<std::string>& document, bool replaces) {
  if (((version_ && !version_->empty()) || document_) && !replaces) return;
  if (document) {
    if (version) {
      fail(ErrorCode::invalid,
           "builtin version and custom schema provided, cannot use both");
    }
    document_ = document;
    version_ = "custom";
    is_prepared_ = false;
    return;
  }
  version_ = version;
  if (!version || version->empty()) return;
  if (*version != kBuiltInVersion) {
    fail(ErrorCode::invalid, "the specified OpenAPI version is not built in");
  }
  document_.reset();
  is_prepared_ = false;
}

void Schema::prepare() {
  if (is_prepared_) return;
  is_prepared_ = true;
  if (document_) {
    add_document(*document_);
  } else {
    add_built_in();
  }
  if (wants_built_in_) add_built_in();
}

void Schema::add_built_in() {
  wants_built_in_ = false;
  if (has_built_in_) return;
  has_built_in_ = true;
  for (const char* const* each = kSchemaLines; *each; ++each) {
    std::string_view line = *each;
    std::string_view head = next_word(line);
    if (!head.starts_with('@')) {
      SchemaNode& node = definitions_[std::string(head)];
      node = SchemaNode();
      node.is_abridged = true;
      while (!line.empty()) read_field(next_word(line), node);
      continue;
    }
    head.remove_prefix(1);
    while (!line.empty()) {
      const std::string_view word = next_word(line);
      const std::size_t colon = word.find(':');
      const std::string_view definition =
          colon == word.npos ? word : word.substr(colon + 1);
      kinds_[{std::string(head), std::string(word.substr(0, colon))}] =
          definition;
    }
  }
}

void Schema::add_document(std::string_view text) {
  Json document;
  try {
    document =
        text.starts_with('{') ? parse_json(text) : parse_yaml(text, "yaml");
  } catch (const Error& error) {
    throw error.in("invalid schema file");
  }
  if (!document.is_object()) return;
  if (const auto found = document.find("definitions");
      found != document.end() && found->is_object()) {
    add_definitions(*found);
  }
  if (const auto found = document.find("paths");
      found != document.end() && found->is_object()) {
    add_paths(*found);
  }
}

void Schema::add_definitions(const Json& definitions) {
  for (const auto& [name, definition] : definitions.items()) {
    definitions_[name] = read_schema(definition);
    if (!definition.is_object()) continue;
    const auto kinds = definition.find(kKindsKey);
    if (kinds == definition.end() || !kinds->is_array()) continue;
    for (const Json& each : *kinds) {
      if (const auto kind = read_kind(each)) kinds_[*kind] = name;
    }
  }
}

void Schema::add_paths(const Json& paths) {
  for (const auto& [path, item] : paths.items()) {
    if (!item.is_object() || !item.contains("get")) continue;
    const Json& get = item["get"];
    if (!get.is_object() || !get.contains(kKindsKey)) continue;
    const auto kind = read_kind(get[std::string(kKindsKey)]);
    if (!kind) continue;
    if (path.find("namespaces/{namespace}") != path.npos) {
      scopes_[*kind] = true;
    } else {
      scopes_.emplace(*kind, false);
    }
  }
}

const SchemaNode* Schema::resolve(const SchemaNode* schema) const {
  for (int i = 0; !schema->reference.empty(); ++i) {
    const auto found = definitions_.find(schema->reference);
    if (found == definitions_.end() || i == kMaxReferences) return nullptr;
    schema = &found->second;
  }
  return schema;
}

const SchemaNode* Schema::find_kind(std::string_view api_version,
                                    std::string_view kind) {
  prepare();
  const auto found = kinds_.find({std::string(api_version), std::string(kind)});
  if (found == kinds_.end()) return nullptr;
  const auto definition = definitions_.find(found->second);
  return definition == definitions_.end() ? nullptr : &definition->second;
}

const SchemaNode* Schema::field(const SchemaNode* schema,
                                std::string_view name) {
  if (!schema) return nullptr;
  if (const auto found = schema->fields.find(name);
      found != schema->fields.end()) {
    return resolve(&found->second);
  }
  if (schema->other_fields) return resolve(schema->other_fields.get());
  return schema->is_abridged ? &abridged_ : nullptr;
}

const SchemaNode* Schema::items(const SchemaNode* schema) {
  if (!schema) return nullptr;
  if (schema->is_array && schema->items) return resolve(schema->items.get());
  return schema->is_abridged ? &abridged_ : nullptr;
}

std::optional<bool> is_built_in_namespaced(std::string_view api_version,
                                           std::string_view kind) {
  for (const char* const* each = kScopeLines; *each; ++each) {
    std::string_view line = *each;
    const std::string_view head = next_word(line);
    if (head.substr(1) != api_version) continue;
    while (!line.empty()) {
      if (next_word(line) == kind) return head.front() == '+';
    }
  }
  return std::nullopt;
}

std::optional<bool> Schema::is_namespaced(std::string_view api_version,
                                          std::string_view kind) {
  if (const auto known = is_built_in_namespaced(api_version, kind)) {
    return known;
  }
  if (!is_prepared_) {
    if (document_) {
      prepare();
    } else {
      wants_built_in_ = !has_built_in_;
    }
  }
  const auto found =
      scopes_.find({std::string(api_version), std::string(kind)});
  if (found == scopes_.end()) return std::nullopt;
  return found->second;
}

}  // namespace skerry::chart::kustomize
