// The functions of text/template itself.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/escape.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

enum class Basic { invalid, boolean, integer, unsigned_integer, number, string };

Basic basic_kind(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean: return Basic::boolean;
    case Kind::integer:
    case Kind::int64: return Basic::integer;
    case Kind::uint64: return Basic::unsigned_integer;
    case Kind::number: return Basic::number;
    case Kind::string: return Basic::string;
    default: return Basic::invalid;
  }
}

[[noreturn]] void fail_incompatible(const Value& a, const Value& b) {
  fail_call("incompatible types for comparison: {} and {}", type_name(a),
            type_name(b));
}

bool equal_basic(Basic kind, const Value& a, const Value& b) {
  switch (kind) {
    case Basic::boolean: return a.boolean() == b.boolean();
    case Basic::integer:
    case Basic::unsigned_integer: return a.integer() == b.integer();
    case Basic::number: return a.number() == b.number();
    case Basic::string: return a.string() == b.string();
    case Basic::invalid: break;
  }
  return false;
}

bool equal(const Value& a, const Value& b) {
  Basic kind_a = basic_kind(a), kind_b = basic_kind(b);
  bool mixed_integers =
      (kind_a == Basic::integer && kind_b == Basic::unsigned_integer) ||
      (kind_a == Basic::unsigned_integer && kind_b == Basic::integer);
  if (mixed_integers) return a.integer() >= 0 && a.integer() == b.integer();
  if (kind_a != kind_b) {
    if (!a.is_nil() && !b.is_nil()) fail_incompatible(a, b);
    return false;
  }
  if (kind_a != Basic::invalid) return equal_basic(kind_a, a, b);
  if (a.is_nil() || b.is_nil()) return a.is_nil() && b.is_nil();
  Value both[] = {a, b};
  if (kind_name(a) != kind_name(b)) {
    fail_call("{}", sprintf(fmt::format("non-comparable types %s: {}, {}: %v",
                                        type_name(a), type_name(b)),
                            both));
  }
  if (kind_name(b) == "map" || kind_name(b) == "slice") {
    fail_call("{}", sprintf(fmt::format("non-comparable type %s: {}",
                                        type_name(b)),
                            std::span<const Value>(both).subspan(1)));
  }
  return deep_equal(a, b);
}

bool less(const Value& a, const Value& b) {
  Basic kind_a = basic_kind(a), kind_b = basic_kind(b);
  if (kind_a == Basic::invalid || kind_b == Basic::invalid) {
    fail_call("invalid type for comparison");
  }
  if (kind_a == Basic::integer && kind_b == Basic::unsigned_integer) {
    return a.integer() < 0 || a.unsigned_integer() < b.unsigned_integer();
  }
  if (kind_a == Basic::unsigned_integer && kind_b == Basic::integer) {
    return b.integer() >= 0 && a.unsigned_integer() < b.unsigned_integer();
  }
  if (kind_a != kind_b) fail_incompatible(a, b);
  switch (kind_a) {
    case Basic::integer: return a.integer() < b.integer();
    case Basic::unsigned_integer:
      return a.unsigned_integer() < b.unsigned_integer();
    case Basic::number: return a.number() < b.number();
    case Basic::string: return a.string() < b.string();
    default: fail_call("invalid type for comparison");
  }
}

bool less_or_equal(const Value& a, const Value& b) {
  return less(a, b) || equal(a, b);
}

std::int64_t length(const Value& value) {
  switch (value.kind()) {
    case Kind::nil:
      fail_call("len of nil pointer");
    case Kind::string:
    case Kind::bytes:
      return static_cast<std::int64_t>(value.string().size());
    case Kind::list:
      return static_cast<std::int64_t>(value.items().size());
    case Kind::map:
      return static_cast<std::int64_t>(value.entries().size());
    case Kind::object: {
      Value collection = value.object().as_collection();
      if (!collection.is_nil()) return length(collection);
      break;
    }
    default:
      break;
  }
  fail_call("len of type {}", type_name(value));
}

std::size_t index_argument(const Value& index, std::size_t size,
                           std::string_view kind) {
  if (index.is_nil()) fail_call("cannot index slice/array with nil");
  if (!index.is_integral() && index.kind() != Kind::uint64) {
    fail_call("cannot index slice/array with type {}", type_name(index));
  }
  auto limit = static_cast<std::int64_t>(size);
  if (index.integer() < 0 || index.integer() >= limit) {
    bool in_capacity = index.integer() == limit;
    if (in_capacity) {
      fail_call("reflect: {} index out of range", kind);
    }
    fail_call("index out of range: {}", index.integer());
  }
  return static_cast<std::size_t>(index.integer());
}

Value index_once(const Value& item, const Value& index) {
  switch (item.kind()) {
    case Kind::nil:
      fail_call("index of nil pointer");
    case Kind::list:
      return item.items()[index_argument(index, item.items().size(), "slice")];
    case Kind::string:
    case Kind::bytes: {
      auto at = index_argument(index, item.string().size(),
                               item.is_string() ? "string" : "slice");
      return Value::of_uint64(static_cast<unsigned char>(item.string()[at]));
    }
    case Kind::map: {
      if (index.is_nil()) {
        fail_call("value is nil; should be of type string");
      }
      if (!index.is_string()) {
        fail_call("value has type {}; should be string", type_name(index));
      }
      const Value* found = item.find(index.string());
      if (found) return *found;
      return item.map_type() == MapType::strings ? Value("") : Value();
    }
    case Kind::object: {
      Value collection = item.object().as_collection();
      if (!collection.is_nil()) return index_once(collection, index);
      break;
    }
    default:
      break;
  }
  fail_call("can't index item of type {}", type_name(item));
}

Value index(Invocation& in) {
  if (in[0].is_nil()) fail_call("index of untyped nil");
  Value item = in[0];
  for (auto& at : in.from(1)) item = index_once(item, at);
  return item;
}

Value compare_equal(Invocation& in) {
  if (in.size() < 2) fail_call("missing argument for comparison");
  for (auto& other : in.from(1)) {
    if (equal(in[0], other)) return true;
  }
  return false;
}

}  // namespace

std::span<const Function> builtin_functions() {
  static const Function kTable[] = {
      // "and" and "or" are evaluated by the frame itself.
      {"and", {Type::value, Type::value}, true,
       [](Invocation&) { return Value(); }},
      {"or", {Type::value, Type::value}, true,
       [](Invocation&) { return Value(); }},
      {"not", {Type::value}, false,
       [](Invocation& in) { return Value(!is_true(in[0])); }},
      {"call", {Type::value, Type::value}, true,
       [](Invocation& in) -> Value {
         if (in[0].is_nil()) fail_call("call of nil");
         fail_call("non-function {} of type {}",
                   in[0].is_string() ? quote(in.string(0)) : to_text(in[0]),
                   type_name(in[0]));
       }},
      {"index", {Type::value, Type::value}, true, index},
      {"len", {Type::value}, false,
       [](Invocation& in) { return Value::of_int(length(in[0])); }},
      {"eq", {Type::value, Type::value}, true, compare_equal},
      {"ne", {Type::value, Type::value}, false,
       [](Invocation& in) { return Value(!equal(in[0], in[1])); }},
      {"lt", {Type::value, Type::value}, false,
       [](Invocation& in) { return Value(less(in[0], in[1])); }},
      {"le", {Type::value, Type::value}, false,
       [](Invocation& in) { return Value(less_or_equal(in[0], in[1])); }},
      {"gt", {Type::value, Type::value}, false,
       [](Invocation& in) { return Value(!less_or_equal(in[0], in[1])); }},
      {"ge", {Type::value, Type::value}, false,
       [](Invocation& in) { return Value(!less(in[0], in[1])); }},
      {"print", {Type::any}, true,
       [](Invocation& in) { return Value(sprint(in.all())); }},
      {"printf", {Type::string, Type::any}, true,
       [](Invocation& in) {
         std::string text = sprintf(in.string(0), in.from(1));
         in.execution().charge_bytes(text.size());
         return Value(std::move(text));
       }},
      {"println", {Type::any}, true,
       [](Invocation& in) { return Value(sprintln(in.all())); }},
      {"html", {Type::any}, true,
       [](Invocation& in) { return Value(escape_html(sprint(in.all()))); }},
      {"js", {Type::any}, true,
       [](Invocation& in) { return Value(escape_js(sprint(in.all()))); }},
      {"urlquery", {Type::any}, true,
       [](Invocation& in) { return Value(escape_query(sprint(in.all()))); }},
  };
  return kTable;
}

}  // namespace skerry::chart
