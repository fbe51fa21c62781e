#include "gotemplate/value.h"

#include <cmath>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

// Lists and maps may be nested so deep that destroying them recursively would
// overflow the stack: the outermost destructor on a thread takes the payloads
// of the inner ones and drops them one after the other.
struct Graveyard {
  std::vector<std::shared_ptr<const void>> bodies;
  bool is_digging = false;
};
thread_local Graveyard graveyard;

void bury(std::vector<std::shared_ptr<const void>>&& bodies) {
  for (auto& body : bodies) graveyard.bodies.push_back(std::move(body));
  if (graveyard.is_digging) return;
  graveyard.is_digging = true;
  while (!graveyard.bodies.empty()) {
    auto body = std::move(graveyard.bodies.back());
    graveyard.bodies.pop_back();
    body.reset();
  }
  graveyard.is_digging = false;
}

[[noreturn]] void fail_too_deep() {
  fail(ErrorCode::invalid,
       "json: unsupported value: encountered a cycle via "
       "map[string]interface {{}}");
}

// How deep and how far a walk over a value has come.
struct Walk {
  std::uint64_t visited = 0;
  void enter(int depth) {
    if (depth > kMaxValueDepth) fail_too_deep();
    if (++visited > kMaxVisits) {
      fail(ErrorCode::too_large, "a value has more than {} parts", kMaxVisits);
    }
  }
};

Json to_json(const Value& value, Walk& walk, int depth) {
  walk.enter(depth);
  switch (value.kind()) {
    case Kind::nil:
      return nullptr;
    case Kind::boolean:
      return value.boolean();
    case Kind::integer:
    case Kind::int64:
      return value.integer();
    case Kind::uint64:
      return value.unsigned_integer();
    case Kind::number:
      if (!std::isfinite(value.number())) {
        fail(ErrorCode::invalid, "json: unsupported value: {}",
             std::isnan(value.number()) ? "NaN"
             : value.number() > 0       ? "+Inf"
                                        : "-Inf");
      }
      return value.number();
    case Kind::string:
      return unicode::repaired(value.string());
    case Kind::bytes:
      return to_base64(value.string());
    case Kind::list: {
      Json out = Json::array();
      for (auto& item : value.items()) out.push_back(to_json(item, walk, depth + 1));
      return out;
    }
    case Kind::map: {
      Json out = Json::object();
      for (auto& [key, item] : value.entries()) {
        out[unicode::repaired(key)] = to_json(item, walk, depth + 1);
      }
      return out;
    }
    case Kind::object:
      return to_json(value.object().to_plain(), walk, depth + 1);
  }
  return nullptr;
}

Value deep_copy(const Value& value, Walk& walk, int depth) {
  walk.enter(depth);
  if (value.is_map()) {
    Value copy = Value::new_map(value.map_type());
    for (auto& [key, item] : value.entries()) {
      copy.set(key, deep_copy(item, walk, depth + 1));
    }
    return copy;
  }
  if (value.is_list()) {
    std::vector<Value> items;
    items.reserve(value.items().size());
    for (auto& item : value.items()) {
      items.push_back(deep_copy(item, walk, depth + 1));
    }
    return Value::new_list(std::move(items), value.list().type);
  }
  return value;
}

bool deep_equal(const Value& a, const Value& b, Walk& walk, int depth) {
  walk.enter(depth);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::nil:
      return true;
    case Kind::boolean:
      return a.boolean() == b.boolean();
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64:
      return a.integer() == b.integer();
    case Kind::number:
      return a.number() == b.number();
    case Kind::string:
    case Kind::bytes:
      return a.string() == b.string();
    case Kind::object:
      return &a.object() == &b.object();
    case Kind::list: {
      if (a.items().size() != b.items().size()) return false;
      if (a.list().type != b.list().type) return false;
      for (std::size_t i = 0; i < a.items().size(); ++i) {
        if (!deep_equal(a.items()[i], b.items()[i], walk, depth + 1)) {
          return false;
        }
      }
      return true;
    }
    case Kind::map: {
      if (a.entries().size() != b.entries().size()) return false;
      if (a.map_type() != b.map_type()) return false;
      for (auto& [key, item] : a.entries()) {
        const Value* other = b.find(key);
        if (!other || !deep_equal(item, *other, walk, depth + 1)) return false;
      }
      return true;
    }
  }
  return false;
}

}  // namespace

List::List(std::vector<Value> list_items, ListType list_type)
    : items(std::move(list_items)), type(list_type) {}

List::~List() {
  std::vector<std::shared_ptr<const void>> bodies;
  for (auto& item : items) {
    if (item.is_list() || item.is_map()) bodies.push_back(item.payload_);
  }
  if (bodies.empty()) return;
  // `items` still holds its references: hand them over.
  for (auto& item : const_cast<std::vector<Value>&>(items)) {
    item.payload_.reset();
  }
  bury(std::move(bodies));
}

Map::~Map() {
  std::vector<std::shared_ptr<const void>> bodies;
  for (auto& [key, item] : entries) {
    if (item.is_list() || item.is_map()) {
      bodies.push_back(std::move(item.payload_));
    }
  }
  if (!bodies.empty()) bury(std::move(bodies));
}

Value Value::of_bytes(std::string value) {
  Value result(std::move(value));
  result.kind_ = Kind::bytes;
  return result;
}

Value Value::new_list(std::vector<Value> items, ListType type) {
  return Value(ListPtr(std::make_shared<List>(std::move(items), type)));
}

Value Value::of_strings(const std::vector<std::string>& items) {
  std::vector<Value> values(items.begin(), items.end());
  return new_list(std::move(values), ListType::strings);
}

bool Value::is_nil_map() const {
  return kind_ == Kind::map && map_type() == MapType::strings &&
         entries().empty();
}

Value Value::new_map(MapType type) {
  return Value(std::make_shared<Map>()).as_map_type(type);
}

MapPtr Value::map_ptr() const {
  return std::static_pointer_cast<Map>(
      std::const_pointer_cast<void>(payload_));
}

const Value* Value::find(std::string_view key) const {
  auto found = entries().find(key);
  return found == entries().end() ? nullptr : &found->second;
}

void Value::set(std::string key, Value value) const {
  value.boxed_ = false;
  entries().insert_or_assign(std::move(key), std::move(value));
}

std::string type_name(const Value& value) {
  switch (value.kind()) {
    case Kind::nil: return "<nil>";
    case Kind::boolean: return "bool";
    case Kind::integer: return "int";
    case Kind::int64: return "int64";
    case Kind::uint64: return "uint64";
    case Kind::number: return "float64";
    case Kind::string: return "string";
    case Kind::bytes: return "[]uint8";
    case Kind::list:
      switch (value.list().type) {
        case ListType::any: return "[]interface {}";
        case ListType::strings: return "[]string";
        case ListType::ints: return "[]int";
      }
      break;
    case Kind::map:
      switch (value.map_type()) {
        case MapType::any: return "map[string]interface {}";
        case MapType::values: return "common.Values";
        case MapType::strings: return "map[string]string";
      }
      break;
    case Kind::object: return value.object().type_name();
  }
  return "";
}

std::string kind_name(const Value& value) {
  switch (value.kind()) {
    case Kind::nil: return "invalid";
    case Kind::bytes:
    case Kind::list: return "slice";
    case Kind::map: return "map";
    case Kind::object: return value.object().kind_name();
    default: return type_name(value);
  }
}

bool is_true(const Value& value) {
  switch (value.kind()) {
    case Kind::nil: return false;
    case Kind::boolean: return value.boolean();
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64: return value.integer() != 0;
    case Kind::number: return value.number() != 0;
    case Kind::string:
    case Kind::bytes: return !value.string().empty();
    case Kind::list: return !value.items().empty();
    case Kind::map: return !value.entries().empty();
    case Kind::object: {
      Value collection = value.object().as_collection();
      return collection.is_nil() || is_true(collection);
    }
  }
  return false;
}

Value from_json(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      return json.get_ref<const std::string&>();
    case Json::value_t::array: {
      std::vector<Value> items;
      items.reserve(json.size());
      for (auto& item : json) items.push_back(from_json(item));
      return Value::new_list(std::move(items));
    }
    case Json::value_t::object: {
      Value map = Value::new_map();
      for (auto& [key, item] : json.items()) map.set(key, from_json(item));
      return map;
    }
    default:
      return {};
  }
}

Json to_json(const Value& value) {
  Walk walk;
  return to_json(value, walk, 0);
}

Value deep_copy(const Value& value, std::uint64_t* visited) {
  Walk walk;
  Value copy = deep_copy(value, walk, 0);
  if (visited) *visited += walk.visited;
  return copy;
}

bool deep_equal(const Value& a, const Value& b, std::uint64_t* visited) {
  Walk walk;
  bool equal = deep_equal(a, b, walk, 0);
  if (visited) *visited += walk.visited;
  return equal;
}

void check_value_text(std::size_t size) {
  if (size > kMaxValueText) {
    fail(ErrorCode::too_large, "a value makes more than {} bytes of text",
         kMaxValueText);
  }
}

}  // namespace skerry::chart
