#include "helm/schema/compiler.h"

#include <re2/re2.h>

#include <algorithm>

#include "core/error.h"
#include "gotemplate/funcs/regex.h"
#include "gotemplate/print.h"
#include "helm/schema/uri.h"

namespace skerry::chart::schema {

namespace {

const Value* text_at(const Value& object, std::string_view name) {
  const Value* value = object.is_map() ? object.find(name) : nullptr;
  return value && value->is_string() ? value : nullptr;
}

std::optional<bool> boolean_at(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  if (!value || value->kind() != Kind::boolean) return {};
  return value->boolean();
}

unsigned type_bit(std::string_view name) {
  constexpr std::string_view kNames[] = {"null",   "boolean", "number",
                                         "integer", "string",  "array",
                                         "object"};
  for (unsigned i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return 1u << i;
  }
  return 0;
}

unsigned types_of(const Value& object) {
  const Value* type = object.find("type");
  if (!type) return 0;
  if (type->is_string()) return type_bit(type->string());
  unsigned bits = 0;
  if (type->is_list()) {
    for (auto& item : type->items()) {
      if (item.is_string()) bits |= type_bit(item.string());
    }
  }
  return bits;
}

Regex compile_pattern(const std::string& pattern, const Schema& schema,
                      std::string_view keyword) {
  auto regex = std::make_shared<const re2::RE2>(go_pattern(pattern),
                                                go_regex_options());
  if (regex->ok()) return regex;
  fail(ErrorCode::invalid, "invalid regex {} at {}: {}", quote(pattern),
       quote(fmt::format("{}/{}", schema.location, keyword)),
       go_regex_error(*regex));
}

}  // namespace

const Schema* find_in(const SchemaMap& map, std::string_view name) {
  auto found = std::lower_bound(
      map.begin(), map.end(), name,
      [](auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found != map.end() && found->first == name ? found->second : nullptr;
}

const Schema& Compiler::compile(const std::string& url, const Value& root) {
  add_document(url, root);
  return finish({url, ""});
}

const Schema& Compiler::compile(const std::string& url) {
  document(url);
  return finish({url, ""});
}

const Schema& Compiler::finish(Place place) {
  const Schema* first = enqueue(std::move(place));
  while (!queue_.empty()) {
    Schema& schema = *queue_.front();
    queue_.pop_front();
    compile_one(schema);
  }
  return *first;
}

Schema* Compiler::enqueue(Place place) {
  auto& schema = schemas_[place];
  if (!schema) {
    schema = std::make_unique<Schema>();
    schema->url = place.url;
    schema->pointer = place.pointer;
    schema->location = location_of(place.url, place.pointer);
    queue_.push_back(schema.get());
  }
  return schema.get();
}

void Compiler::compile_one(Schema& schema) {
  Document& home = document(schema.url);
  ensure(home, schema.pointer);
  const Value& value = look_up(home.root, home.url, schema.pointer);
  const Resource* resource = &home.resource_at(schema.pointer);
  schema.draft = resource->draft;
  schema.resource = enqueue({schema.url, resource->pointer});
  if (schema.draft >= 2020 && schema.resource == &schema) {
    for (auto& [anchor, pointer] : resource->anchors) {
      auto& dynamic = resource->dynamic_anchors;
      if (std::find(dynamic.begin(), dynamic.end(), anchor) == dynamic.end()) {
        continue;
      }
      schema.dynamic_anchors.emplace_back(anchor,
                                          enqueue({schema.url, pointer}));
    }
  }
  schema.keywords = Value::new_map();
  if (value.kind() == Kind::boolean) {
    schema.constant = value.boolean();
  } else if (value.is_map() && value.entries().empty()) {
    schema.constant = true;
  } else if (value.is_map()) {
    compile_object(schema, value, home);
  }
}

void Compiler::compile_object(Schema& schema, const Value& object,
                              Document& home) {
  schema.ref = reference(schema, object, home, "$ref");
  // All else beside it is ignored in the older drafts.
  if (schema.draft < 2019 && schema.ref) return;
  schema.keywords = object;
  schema.types = types_of(object);
  schema.asserts_format = asserts_formats_ || schema.draft < 2019;
  if (auto* pattern = text_at(object, "pattern")) {
    schema.pattern = compile_pattern(pattern->string(), schema, "pattern");
  }
  compile_applicators(schema, object);
  compile_items(schema, object);
  compile_later_drafts(schema, object);
  if (schema.draft >= 2019) {
    schema.recursive_ref = reference(schema, object, home, "$recursiveRef");
    schema.recursive_anchor =
        boolean_at(object, "$recursiveAnchor").value_or(false);
  }
  if (schema.draft >= 2020) {
    schema.dynamic_ref = reference(schema, object, home, "$dynamicRef");
    if (schema.dynamic_ref) {
      auto joined = join_uri("", text_at(object, "$dynamicRef")->string());
      if (!joined.fragment.starts_with('/')) {
        schema.dynamic_ref_anchor = joined.fragment;
      }
    }
    if (auto* anchor = text_at(object, "$dynamicAnchor")) {
      schema.dynamic_anchor = anchor->string();
    }
  }
  schema.evaluates_all_properties =
      schema.additional_properties || schema.allows_additional_properties;
}

void Compiler::compile_applicators(Schema& schema, const Value& object) {
  schema.all_of = list_below(schema, object, "allOf");
  schema.any_of = list_below(schema, object, "anyOf");
  schema.one_of = list_below(schema, object, "oneOf");
  schema.negated = below(schema, object, "not");
  schema.properties = map_below(schema, object, "properties");
  for (auto& [name, sub] : map_below(schema, object, "patternProperties")) {
    schema.pattern_properties.emplace_back(
        compile_pattern(name, schema, "patternProperties"), sub);
  }
  schema.allows_additional_properties =
      boolean_at(object, "additionalProperties");
  if (!schema.allows_additional_properties) {
    schema.additional_properties =
        below(schema, object, "additionalProperties");
  }
  const Value* dependencies = object.find("dependencies");
  if (!dependencies || !dependencies->is_map()) return;
  for (auto& [name, value] : dependencies->entries()) {
    if (value.is_list()) continue;
    schema.dependency_schemas.emplace_back(
        name, enqueue({schema.url, fmt::format("{}/dependencies/{}",
                                               schema.pointer,
                                               escape_pointer(name))}));
  }
}

void Compiler::compile_items(Schema& schema, const Value& object) {
  const Value* items = object.find("items");
  if (schema.draft >= 2020) {
    schema.first_items = list_below(schema, object, "prefixItems");
    schema.items = below(schema, object, "items");
    schema.evaluates_all_items = schema.items != nullptr;
  } else if (items && items->is_list()) {
    schema.first_items = list_below(schema, object, "items");
    schema.allows_additional_items = boolean_at(object, "additionalItems");
    if (!schema.allows_additional_items) {
      schema.additional_items = below(schema, object, "additionalItems");
    }
    schema.evaluates_all_items =
        schema.allows_additional_items || schema.additional_items;
  } else {
    schema.items = below(schema, object, "items");
    schema.evaluates_all_items = schema.items != nullptr;
  }
  schema.evaluated_items = schema.first_items.size();
}

void Compiler::compile_later_drafts(Schema& schema, const Value& object) {
  if (schema.draft < 6) return;
  schema.contains = below(schema, object, "contains");
  schema.property_names = below(schema, object, "propertyNames");
  if (schema.draft < 7) return;
  schema.condition = below(schema, object, "if");
  if (schema.condition) {
    auto fixed = boolean_at(object, "if");
    if (fixed.value_or(true)) schema.then = below(schema, object, "then");
    if (!fixed.value_or(false)) {
      schema.otherwise = below(schema, object, "else");
    }
  }
  if (schema.draft < 2019) return;
  schema.dependent_schemas = map_below(schema, object, "dependentSchemas");
  schema.unevaluated_items = below(schema, object, "unevaluatedItems");
  schema.unevaluated_properties =
      below(schema, object, "unevaluatedProperties");
}

const Schema* Compiler::reference(const Schema& schema, const Value& object,
                                  const Document& home,
                                  std::string_view keyword) {
  auto* text = text_at(object, keyword);
  if (!text) return nullptr;
  const Resource& resource = home.resource_at(schema.pointer);
  auto target = join_uri(resource.id, text->string());
  return enqueue(resolve(home, target.url, target.fragment));
}

Compiler::Place Compiler::resolve(const Document& from, const std::string& url,
                                  const std::string& fragment) {
  const Document* home = &from;
  const Resource* resource = nullptr;
  if (url == from.url) resource = &from.resources.at("");
  for (auto& [pointer, each] : from.resources) {
    if (!resource && each.id == url) resource = &each;
  }
  if (!resource) {
    home = &document(url);
    resource = &home->resources.at("");
  }
  if (fragment.empty() || fragment.starts_with('/')) {
    return {home->url, resource->pointer + fragment};
  }
  auto anchor = resource->anchors.find(fragment);
  if (anchor == resource->anchors.end()) {
    fail(ErrorCode::invalid, "anchor in {} not found in schema {}",
         quote(location_of(resource->id, fragment)), quote(home->url));
  }
  return {home->url, anchor->second};
}

const Schema* Compiler::below(const Schema& schema, const Value& object,
                              std::string_view keyword) {
  if (!object.find(keyword)) return nullptr;
  return enqueue({schema.url, fmt::format("{}/{}", schema.pointer, keyword)});
}

SchemaList Compiler::list_below(const Schema& schema, const Value& object,
                                std::string_view keyword) {
  SchemaList list;
  const Value* value = object.find(keyword);
  if (!value || !value->is_list()) return list;
  for (std::size_t i = 0; i < value->items().size(); ++i) {
    list.push_back(enqueue(
        {schema.url, fmt::format("{}/{}/{}", schema.pointer, keyword, i)}));
  }
  return list;
}

SchemaMap Compiler::map_below(const Schema& schema, const Value& object,
                              std::string_view keyword) {
  SchemaMap map;
  const Value* value = object.find(keyword);
  if (!value || !value->is_map()) return map;
  for (auto& [name, sub] : value->entries()) {
    map.emplace_back(
        name, enqueue({schema.url, fmt::format("{}/{}/{}", schema.pointer,
                                               keyword, escape_pointer(name))}));
  }
  return map;
}

}  // namespace skerry::chart::schema
