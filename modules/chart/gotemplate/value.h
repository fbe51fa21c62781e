// What a template computes with: Go values as text/template sees them through
// reflection, so numbers keep their kind (int, int64, float64) and a nil says
// whether it is "no value" or a nil that stands in a map.
//
// Values are small and cheap to copy. Lists never change; maps are shared, as
// in Go: a change made through one copy is seen through all.
// Not thread-safe, except that several threads may read the same value.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"

namespace skerry::chart {

class Value;
class Object;

// The Go type of a parameter.
enum class Type : std::uint8_t {
  any,         // interface{}
  value,       // reflect.Value, of text/template's own functions
  boolean,
  integer,     // int
  int64,
  number,      // float64
  string,
  map,         // map[string]interface{}
  string_map,  // map[string]string
  list,        // []interface{}
  strings,     // []string
  time,        // time.Time
  uint32,      // uint32, as uint64
  certificate,  // sprig's certificate
};

// The Go kinds that occur.
enum class Kind : std::uint8_t {
  nil,
  boolean,
  integer,   // int
  int64,     // int64
  uint64,    // uint64 and the other unsigned
  number,    // float64
  string,
  bytes,     // []byte
  list,
  map,
  object,
};

// The Go type of a list's items or of a map.
enum class ListType : std::uint8_t { any, strings, ints };
enum class MapType : std::uint8_t { any, values, strings };

struct List {
  explicit List(std::vector<Value> list_items, ListType list_type);
  ~List();
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  const std::vector<Value> items;
  const ListType type;
};

struct Map {
  using Entries = std::map<std::string, Value, std::less<>>;
  Map() = default;
  ~Map();
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
  Entries entries;
};

using ListPtr = std::shared_ptr<const List>;
using MapPtr = std::shared_ptr<Map>;
using ObjectPtr = std::shared_ptr<const Object>;

class Value {
 public:
  Value() = default;  // nil: Go's invalid reflect.Value, printed "<no value>"
  Value(bool value) : kind_(Kind::boolean) { scalar_.boolean = value; }
  Value(int value) : kind_(Kind::integer) { scalar_.integer = value; }
  Value(double value) : kind_(Kind::number) { scalar_.number = value; }
  Value(std::string value)
      : kind_(Kind::string),
        payload_(std::make_shared<const std::string>(std::move(value))) {}
  Value(std::string_view value) : Value(std::string(value)) {}
  Value(const char* value) : Value(std::string(value)) {}
  Value(ListPtr list) : kind_(Kind::list), payload_(std::move(list)) {}
  Value(MapPtr map) : kind_(Kind::map), payload_(std::move(map)) {}
  Value(ObjectPtr object) : kind_(Kind::object), payload_(std::move(object)) {}
  template <typename T>
  Value(T*) = delete;  // would become a boolean

  static Value of_int(std::int64_t value) { return number_of(Kind::integer, value); }
  static Value of_int64(std::int64_t value) { return number_of(Kind::int64, value); }
  static Value of_uint64(std::uint64_t value) {
    return number_of(Kind::uint64, static_cast<std::int64_t>(value));
  }
  static Value of_bytes(std::string value);
  static Value new_list(std::vector<Value> items, ListType type = ListType::any);
  static Value of_strings(const std::vector<std::string>& items);
  static Value new_map(MapType type = MapType::any);

  Kind kind() const { return kind_; }
  bool is_nil() const { return kind_ == Kind::nil; }
  // A nil map[string]string, null in JSON. Every empty one counts: they are
  // Chart.yaml's absent annotations.
  bool is_nil_map() const;
  bool is_string() const { return kind_ == Kind::string; }
  bool is_map() const { return kind_ == Kind::map; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_integral() const {
    return kind_ == Kind::integer || kind_ == Kind::int64;
  }

  // Whether no other value holds the same string, list or map.
  bool is_unshared() const { return payload_.use_count() == 1; }

  // Each is valid for its kind only.
  bool boolean() const { return scalar_.boolean; }
  std::int64_t integer() const { return scalar_.integer; }
  std::uint64_t unsigned_integer() const {
    return static_cast<std::uint64_t>(scalar_.integer);
  }
  double number() const { return scalar_.number; }
  const std::string& string() const {  // also of bytes
    return *static_cast<const std::string*>(payload_.get());
  }
  const List& list() const { return *static_cast<const List*>(payload_.get()); }
  const std::vector<Value>& items() const { return list().items; }
  Map& map() const {
    return *const_cast<Map*>(static_cast<const Map*>(payload_.get()));
  }
  Map::Entries& entries() const { return map().entries; }
  MapPtr map_ptr() const;
  MapType map_type() const { return map_type_; }
  // The same map under another Go type.
  Value as_map_type(MapType type) const {
    Value copy = *this;
    copy.map_type_ = type;
    return copy;
  }
  const Object& object() const {
    return *static_cast<const Object*>(payload_.get());
  }

  // Whether Go holds the value in an interface variable (an element of a map
  // or list): a nil there is "<nil>" to functions and may not be looked into.
  bool is_boxed() const { return boxed_; }
  Value boxed() const {
    Value copy = *this;
    copy.boxed_ = true;
    return copy;
  }
  Value unboxed() const {
    Value copy = *this;
    copy.boxed_ = false;
    return copy;
  }

  // The member of a map, or nullptr.
  const Value* find(std::string_view key) const;
  void set(std::string key, Value value) const;

 private:
  friend struct List;
  friend struct Map;
  static Value number_of(Kind kind, std::int64_t value) {
    Value result;
    result.kind_ = kind;
    result.scalar_.integer = value;
    return result;
  }

  Kind kind_ = Kind::nil;
  bool boxed_ = false;
  MapType map_type_ = MapType::any;
  union {
    bool boolean;
    std::int64_t integer;
    double number;
  } scalar_ = {.integer = 0};
  std::shared_ptr<const void> payload_;
};

class Invocation;

// A Go struct or named type with fields and methods. Immutable.
class Object {
 public:
  virtual ~Object() = default;
  // As %T prints it: "*common.Capabilities".
  virtual std::string type_name() const = 0;
  // reflect's kind: "struct", "ptr", "map", "slice".
  virtual std::string kind_name() const { return "struct"; }
  // As a map or list, for range, len and index; nil for a struct.
  virtual Value as_collection() const { return {}; }
  // What encoding/json makes of it, and for a struct the order in which it
  // writes the members, where that is not the alphabet's.
  virtual Value to_plain() const = 0;
  virtual std::vector<std::string> member_order() const { return {}; }
  // As %v prints it.
  virtual std::string to_text() const = 0;
  virtual std::optional<Value> field(std::string_view) const { return {}; }
  virtual bool has_method(std::string_view) const { return false; }
  // How many arguments a method takes, and their type.
  virtual std::size_t method_arguments(std::string_view) const { return 0; }
  virtual Type method_argument_type(std::string_view) const {
    return Type::string;
  }
  virtual Value call(std::string_view, Invocation&) const { return {}; }
};

// %T: "map[string]interface {}", "float64", "<nil>".
std::string type_name(const Value& value);
// reflect.Kind: "map", "slice", "invalid".
std::string kind_name(const Value& value);
// text/template's truth.
bool is_true(const Value& value);

// encoding/json's view of the world: all numbers are float64.
Value from_json(const Json& json);
// Throws invalid for what JSON cannot hold (NaN) or what is nested too deep.
Json to_json(const Value& value);
// Maps and lists anew, all the way down. Both count what they visit in
// `visited`.
Value deep_copy(const Value& value, std::uint64_t* visited = nullptr);
// reflect.DeepEqual
bool deep_equal(const Value& a, const Value& b,
                std::uint64_t* visited = nullptr);

// Lists and maps share parts, so a small value may be endless when it is
// written out. What looks at all of one keeps these bounds.
inline constexpr int kMaxValueDepth = 1000;
inline constexpr std::uint64_t kMaxVisits = 2'000'000;
inline constexpr std::size_t kMaxValueText = 32u << 20;
// Throws too_large above kMaxValueText.
void check_value_text(std::size_t size);

}  // namespace skerry::chart
