#include "core/text/json.h"

#include <set>
#include <vector>

#include "core/error.h"

namespace skerry {
namespace {

struct Position {
  std::size_t line = 1, column = 1;
};

Position position_of(std::string_view text, std::size_t byte) {
  Position at;
  for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++at.line;
      at.column = 1;
    } else {
      ++at.column;
    }
  }
  return at;
}

// Builds the value through nlohmann's own SAX builder and adds what it does
// not check: depth (its destructor and its builder are not recursive, ours and
// others' code is) and repeated keys.
class Builder : public nlohmann::detail::json_sax_dom_parser<Json> {
  using Base = nlohmann::detail::json_sax_dom_parser<Json>;

 public:
  Builder(Json& value, std::string_view text, int max_depth)
      : Base(value, false), text_(text), max_depth_(max_depth) {}

  bool start_object(std::size_t n) {
    enter();
    keys_.emplace_back();
    return Base::start_object(n);
  }
  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) {
      fail(ErrorCode::invalid, "JSON repeats the member \"{}\"", name);
    }
    return Base::key(name);
  }
  bool end_object() {
    --depth_;
    keys_.pop_back();
    return Base::end_object();
  }
  bool start_array(std::size_t n) {
    enter();
    return Base::start_array(n);
  }
  bool end_array() {
    --depth_;
    return Base::end_array();
  }
  template <class Exception>
  bool parse_error(std::size_t byte, const std::string& token,
                   const Exception&) {
    const Position at = position_of(text_, byte);
    fail(ErrorCode::invalid, "not JSON: line {}, column {}, at \"{}\"", at.line,
         at.column, token.substr(0, 40));
  }

 private:
  void enter() {
    if (++depth_ > max_depth_) {
      fail(ErrorCode::too_large, "JSON is nested more than {} levels deep",
           max_depth_);
    }
  }

  std::string_view text_;
  const int max_depth_;
  int depth_ = 0;
  std::vector<std::set<std::string>> keys_;
};

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) fail(ErrorCode::invalid, "a JSON object is needed");
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

[[noreturn]] void wrong_type(std::string_view key, std::string_view wanted) {
  fail(ErrorCode::invalid, "member \"{}\" must be {}", key, wanted);
}

}  // namespace

Json parse_json(std::string_view text, int max_depth) {
  Json value;
  Builder builder(value, text, max_depth);
  Json::sax_parse(text, &builder);
  return value;
}

std::string required_string(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (value == nullptr) {
    fail(ErrorCode::invalid, "member \"{}\" is missing", key);
  }
  if (!value->is_string()) wrong_type(key, "a string");
  return value->get<std::string>();
}

std::string optional_string(const Json& object, std::string_view key,
                            std::string_view otherwise) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::string(otherwise);
  if (!value->is_string()) wrong_type(key, "a string");
  return value->get<std::string>();
}

std::int64_t optional_int(const Json& object, std::string_view key,
                          std::int64_t otherwise) {
  const Json* value = member(object, key);
  if (value == nullptr) return otherwise;
  if (!value->is_number_integer()) wrong_type(key, "an integer");
  return value->get<std::int64_t>();
}

bool optional_bool(const Json& object, std::string_view key, bool otherwise) {
  const Json* value = member(object, key);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) wrong_type(key, "true or false");
  return value->get<bool>();
}

void refuse_unknown_members(const Json& object,
                            std::initializer_list<std::string_view> known,
                            std::string_view where) {
  if (!object.is_object()) {
    fail(ErrorCode::invalid, "{} must be a JSON object", where);
  }
  for (const auto& [name, value] : object.items()) {
    bool found = false;
    for (const std::string_view one : known) found = found || one == name;
    if (!found) {
      fail(ErrorCode::invalid, "{} has an unknown member \"{}\"", where, name);
    }
  }
}

}  // namespace skerry
