// Where schemas come from, and which of their parts have names.
#include <algorithm>

#include "core/error.h"
#include "gotemplate/go_json.h"
#include "gotemplate/print.h"
#include "helm/schema/compiler.h"
#include "helm/schema/exact.h"
#include "helm/schema/uri.h"
#include "helm/schema/validator.h"

namespace skerry::chart::schema {

namespace {

// Where a draft has schemas below a schema: '=' itself, '*' the members of a
// map, '[' the items of a list.
struct Spot {
  std::string_view keyword;
  char shape;
  int draft;  // the first that has it
};
constexpr Spot kSpots[] = {
    {"definitions", '*', 4},        {"not", '=', 4},
    {"allOf", '[', 4},              {"anyOf", '[', 4},
    {"oneOf", '[', 4},              {"properties", '*', 4},
    {"additionalProperties", '=', 4}, {"patternProperties", '*', 4},
    {"items", '=', 4},              {"items", '[', 4},
    {"additionalItems", '=', 4},    {"dependencies", '*', 4},
    {"propertyNames", '=', 6},      {"contains", '=', 6},
    {"if", '=', 7},                 {"then", '=', 7},
    {"else", '=', 7},               {"$defs", '*', 2019},
    {"dependentSchemas", '*', 2019}, {"unevaluatedProperties", '=', 2019},
    {"unevaluatedItems", '=', 2019}, {"contentSchema", '=', 2019},
    {"prefixItems", '[', 2020},
};

const std::string* text_at(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value && value->is_string() ? &value->string() : nullptr;
}

// 0 for what is no draft's URL.
int draft_of_url(std::string_view url) {
  std::size_t hash = url.find('#');
  if (hash != url.npos) {
    if (hash + 1 != url.size()) return 0;
    url = url.substr(0, hash);
  }
  for (std::string_view scheme : {"http://", "https://"}) {
    if (url.starts_with(scheme)) {
      url.remove_prefix(scheme.size());
      break;
    }
  }
  if (url == "json-schema.org/schema") return 2020;
  for (int draft : {4, 6, 7, 2019, 2020}) {
    std::string_view known = draft_url(draft);
    if (url == known.substr(known.find("//") + 2)) return draft;
  }
  return 0;
}

std::string id_of(const Value& object, int draft) {
  if (draft < 2019 && object.find("$ref")) return "";
  auto* id = text_at(object, draft == 4 ? "id" : "$id");
  return id ? id->substr(0, id->find('#')) : "";
}

bool is_json_schema_org(std::string_view url) {
  return url.starts_with("http://json-schema.org/") ||
         url.starts_with("https://json-schema.org/");
}

[[noreturn]] void fail_loading(const std::string& url, const std::string& why) {
  fail(ErrorCode::invalid, "failing loading {}: {}", quote(url), why);
}

}  // namespace

const Resource& Document::resource_at(std::string pointer) const {
  for (;;) {
    auto found = resources.find(pointer);
    if (found != resources.end()) return found->second;
    pointer.erase(pointer.rfind('/'));
  }
}

Document& Compiler::document(const std::string& url) {
  auto found = documents_.find(url);
  if (found != documents_.end()) return found->second;
  auto text = metaschema_text(url);
  if (!text.empty()) return add_document(url, read_go_json_literals(text));
  if (url.starts_with("urn:")) {
    if (log_) log_(url);
    return add_document(url, Value(true));
  }
  if (url.starts_with("file://")) {
    fail_loading(url, fmt::format("open {}: no such file or directory",
                                  url.substr(std::string("file://").size())));
  }
  if (url.starts_with("http://") || url.starts_with("https://")) {
    fail_loading(url, "remote schemas are not fetched");
  }
  fail_loading(url, fmt::format("no URLLoader registered for {}", quote(url)));
}

Document& Compiler::add_document(const std::string& url, const Value& root) {
  Document made{url, root};
  collect(made, root, url, "", 2020);
  if (!is_json_schema_org(url)) check(made, root, "");
  return documents_.insert_or_assign(url, std::move(made)).first->second;
}

void Compiler::collect(Document& home, const Value& schema,
                       const std::string& base, const std::string& pointer,
                       int draft) {
  if (!home.processed.insert(pointer).second) return;
  bool is_root = pointer.empty();
  if (!schema.is_map()) {
    if (is_root) home.resources[""] = Resource{"", base, draft};
    return;
  }
  int own_draft = draft;
  if (auto* named = text_at(schema, "$schema")) {
    own_draft = draft_of_url(*named);
    if (own_draft == 0) {
      std::string target = named->substr(0, named->find('#'));
      if (is_root && target == home.url) {
        fail(ErrorCode::invalid, "draft {} is not supported", quote(target));
      }
      document(target);
      own_draft = draft;
    }
  }
  std::string id = id_of(schema, own_draft);
  if (id.empty() && !is_root) {
    own_draft = draft;
    id = id_of(schema, own_draft);
  }
  std::string own_base = id.empty() ? base : join_uri(base, id).url;
  if (!id.empty() || is_root) {
    for (auto& [other, resource] : home.resources) {
      if (resource.id != own_base || other == pointer) continue;
      fail(ErrorCode::invalid, "duplicate id {} in {} at {} and {}",
           quote(own_base), quote(home.url), quote(pointer), quote(other));
    }
    home.resources[pointer] = Resource{pointer, own_base, own_draft};
  }
  for (auto& [other, resource] : home.resources) {
    if (resource.id != own_base) continue;
    collect_anchors(home, schema, pointer, resource);
    own_draft = resource.draft;
    break;
  }
  collect_below(home, schema, own_base, pointer, own_draft);
}

void Compiler::collect_below(Document& home, const Value& schema,
                             const std::string& base,
                             const std::string& pointer, int draft) {
  for (auto& spot : kSpots) {
    const Value* value =
        spot.draft <= draft ? schema.find(spot.keyword) : nullptr;
    if (!value) continue;
    std::string at = fmt::format("{}/{}", pointer, spot.keyword);
    if (spot.shape == '=') {
      collect(home, *value, base, at, draft);
    } else if (spot.shape == '*' && value->is_map()) {
      for (auto& [name, each] : value->entries()) {
        collect(home, each, base, at + "/" + escape_pointer(name), draft);
      }
    } else if (spot.shape == '[' && value->is_list()) {
      for (std::size_t i = 0; i < value->items().size(); ++i) {
        collect(home, value->items()[i], base, fmt::format("{}/{}", at, i),
                draft);
      }
    }
  }
}

void Compiler::collect_anchors(const Document& home, const Value& schema,
                               const std::string& pointer,
                               Resource& resource) {
  auto add = [&](const std::string& name) {
    auto [entry, is_new] = resource.anchors.emplace(name, pointer);
    if (is_new || entry->second == pointer) return;
    fail(ErrorCode::invalid, "duplicate anchor {} in {} at {} and {}",
         quote(name), quote(home.url), quote(entry->second), quote(pointer));
  };
  if (resource.draft < 2019) {
    if (schema.find("$ref")) return;
    auto* id = text_at(schema, resource.draft == 4 ? "id" : "$id");
    if (!id) return;
    std::string fragment = join_uri("", *id).fragment;
    if (!fragment.empty() && !fragment.starts_with('/')) add(fragment);
    return;
  }
  if (auto* anchor = text_at(schema, "$anchor")) add(*anchor);
  if (resource.draft < 2020) return;
  if (auto* anchor = text_at(schema, "$dynamicAnchor")) {
    add(*anchor);
    resource.dynamic_anchors.push_back(*anchor);
  }
}

void Compiler::ensure(Document& home, const std::string& pointer) {
  if (home.processed.contains(pointer)) return;
  const Value& value = look_up(home.root, home.url, pointer);
  const Resource around = home.resource_at(pointer);
  collect(home, value, around.id, pointer, around.draft);
  check(home, value, pointer);
}

void Compiler::check(const Document& home, const Value& schema,
                     const std::string& pointer) {
  const Schema& meta = metaschema(home.resource_at(pointer).draft);
  auto complaints = validate(meta, schema);
  if (complaints.empty()) return;
  fail(ErrorCode::invalid, "{} is not valid against metaschema: {}",
       quote(location_of(home.url, pointer)),
       display("jsonschema validation failed with " +
                   single_quoted(meta.location),
               complaints));
}

}  // namespace skerry::chart::schema
