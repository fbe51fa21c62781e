#include "kustomize/json_patch.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/error.h"

namespace skerry::chart::kustomize {
namespace {

// What copies may add to a document.
constexpr std::size_t kMaxCopied = 64 << 20;

std::string decode_key(std::string_view part) {
  std::string key;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool is_escape = part[i] == '~' && i + 1 < part.size() &&
                           (part[i + 1] == '0' || part[i + 1] == '1');
    if (is_escape) {
      key += part[++i] == '0' ? '~' : '/';
    } else {
      key += part[i];
    }
  }
  return key;
}

// strconv.Atoi
std::int64_t index_of(const std::string& key) {
  std::string_view digits = key;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t index = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), index);
  const bool is_double_sign = key.starts_with('+') && digits.starts_with('-');
  if (end != digits.data() + digits.size() ||
      error == std::errc::invalid_argument || is_double_sign) {
    fail(ErrorCode::invalid, "strconv.Atoi: parsing {}: invalid syntax",
         Json(key).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  if (error == std::errc::result_out_of_range) {
    fail(ErrorCode::invalid, "strconv.Atoi: parsing \"{}\": value out of range",
         key);
  }
  return index;
}

[[noreturn]] void fail_index(std::int64_t index) {
  fail(ErrorCode::invalid,
       "Unable to access invalid index: {}: invalid index referenced", index);
}

// The index that a key stands for in a list where `size` places can be named.
std::size_t place_of(const std::string& key, std::size_t size) {
  const std::int64_t index = index_of(key);
  const auto count = static_cast<std::int64_t>(size);
  if (index >= count || index < -count) fail_index(index);
  return static_cast<std::size_t>(index < 0 ? index + count : index);
}

// The mapping or list that holds what a path names, and its name there.
struct Place {
  Json* container = nullptr;
  std::string key;
};

Place find_place(Json& document, std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  if (parts.size() < 2) return {};
  Json* at = &document;
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::string key = decode_key(parts[i]);
    if (at->is_object()) {
      const auto found = at->find(key);
      if (found == at->end()) return {};
      at = &*found;
    } else {
      try {
        at = &(*at)[place_of(key, at->size())];
      } catch (const Error&) {
        return {};
      }
    }
    if (!at->is_structured()) return {};
  }
  return {at, decode_key(parts.back())};
}

// Nothing when a mapping does not have the key.
std::optional<Json> get(const Place& place) {
  if (place.container->is_object()) {
    const auto found = place.container->find(place.key);
    if (found == place.container->end()) return std::nullopt;
    return *found;
  }
  return (*place.container)[place_of(place.key, place.container->size())];
}

void add(const Place& place, Json value) {
  Json& to = *place.container;
  if (to.is_object()) {
    to[place.key] = std::move(value);
  } else if (place.key == "-") {
    to.push_back(std::move(value));
  } else {
    std::size_t at = 0;
    try {
      index_of(place.key);
    } catch (const Error& error) {
      throw error.in(
          fmt::format("value was not a proper array index: '{}'", place.key));
    }
    at = place_of(place.key, to.size() + 1);
    to.insert(to.begin() + static_cast<std::ptrdiff_t>(at), std::move(value));
  }
}

void remove(const Place& place) {
  Json& from = *place.container;
  if (from.is_array()) {
    from.erase(place_of(place.key, from.size()));
  } else if (from.erase(place.key) == 0) {
    fail(ErrorCode::invalid,
         "Unable to remove nonexistent key: {}: missing value", place.key);
  }
}

class Operation {
 public:
  Operation(const Json& fields, Json& document, std::size_t& copied)
      : fields_(fields), document_(document), copied_(copied) {}

  void apply();

 private:
  // A field that must be text; nothing when it is missing.
  std::optional<std::string> text(std::string_view field) const;
  std::string path() const;
  std::string from() const;
  Json value() const;
  template <typename Step>
  static void in(const std::string& context, Step step);
  Place place(const std::string& path, std::string_view missing) const;
  void replace(const std::string& path);
  void test(const std::string& path);
  void move();
  void copy();

  const Json& fields_;
  Json& document_;
  std::size_t& copied_;
};

std::optional<std::string> Operation::text(std::string_view field) const {
  const auto found = fields_.find(field);
  if (found == fields_.end() || found->is_null()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  fail(ErrorCode::invalid,
       "json: cannot unmarshal {} into Go value of type string",
       found->is_boolean()      ? "bool"
       : found->is_structured() ? found->type_name()
                                : "number");
}

std::string Operation::path() const {
  if (auto path = text("path")) return *path;
  fail(ErrorCode::invalid, "operation missing path field: missing value");
}

std::string Operation::from() const {
  if (auto from = text("from")) return *from;
  fail(ErrorCode::invalid, "operation, missing from field: missing value");
}

Json Operation::value() const {
  const auto found = fields_.find("value");
  return found == fields_.end() ? Json() : *found;
}

template <typename Step>
void Operation::in(const std::string& context, Step step) {
  try {
    step();
  } catch (const Error& error) {
    throw error.in(context);
  }
}

Place Operation::place(const std::string& path,
                       std::string_view missing) const {
  Place found = find_place(document_, path);
  if (!found.container) {
    fail(ErrorCode::invalid, "{}{}: missing value", missing, path);
  }
  return found;
}

void Operation::replace(const std::string& path) {
  if (path.empty()) {
    if (!value().is_structured()) {
      fail(ErrorCode::invalid,
           "replace operation value must be object or array: %!w(<nil>)");
    }
    document_ = value();
    return;
  }
  const Place to =
      place(path, "replace operation does not apply: doc is missing path: ");
  if (to.container->is_object()) {
    (*to.container)[to.key] = value();
    return;
  }
  std::size_t at = 0;
  try {
    at = place_of(to.key, to.container->size());
  } catch (const Error&) {
    fail(ErrorCode::invalid,
         "replace operation does not apply: doc is missing key: {}: missing "
         "value",
         path);
  }
  (*to.container)[at] = value();
}

void Operation::test(const std::string& path) {
  Json found = document_;
  if (!path.empty()) {
    const Place at =
        place(path, "test operation does not apply: is missing path: ");
    in(fmt::format("error in test for path: '{}'", path),
       [&] { found = get(at).value_or(Json()); });
  }
  if (found != value()) {
    fail(ErrorCode::invalid, "testing value {} failed: test failed", path);
  }
}

void Operation::move() {
  std::string start;
  in("move operation failed to decode from", [&] { start = from(); });
  const Place source =
      place(start, "move operation does not apply: doc is missing from path: ");
  std::optional<Json> moved;
  in(fmt::format("error in move for path: '{}'", source.key), [&] {
    moved = get(source);
    remove(source);
  });
  std::string path;
  in("move operation failed to decode path", [&] { path = this->path(); });
  const Place target = place(
      path, "move operation does not apply: doc is missing destination path: ");
  in(fmt::format("error in move for path: '{}'", path),
     [&] { add(target, std::move(*moved)); });
}

void Operation::copy() {
  std::string start;
  in("copy operation failed to decode from", [&] { start = from(); });
  const Place source =
      place(start, "copy operation does not apply: doc is missing from path: ");
  std::optional<Json> copied;
  in(fmt::format("error in copy for from: '{}'", start),
     [&] { copied = get(source); });
  const std::optional<std::string> path = text("path");
  if (!path) {
    fail(ErrorCode::invalid,
         "copy operation failed to decode path: missing value");
  }
  const Place target =
      place(*path,
            "copy operation does not apply: doc is missing destination path: ");
  Json value = copied.value_or(Json());
  copied_ += value.dump(-1, ' ', false, Json::error_handler_t::replace).size();
  if (copied_ > kMaxCopied) {
    fail(ErrorCode::too_large, "a JSON patch copies more than {} bytes",
         kMaxCopied);
  }
  in("error while adding value during copy",
     [&] { add(target, std::move(value)); });
}

void Operation::apply() {
  const auto found = fields_.find("op");
  const std::string op = found != fields_.end() && found->is_string()
                             ? found->get<std::string>()
                             : "unknown";
  if (op == "move") return move();
  if (op == "copy") return copy();
  if (op == "add" || op == "remove") {
    const std::optional<std::string> path = [&]() -> decltype(text("")) {
      try {
        return text("path");
      } catch (const Error&) {
        return std::nullopt;
      }
    }();
    if (!path) {
      fail(ErrorCode::invalid,
           "{} operation failed to decode path: missing value", op);
    }
    const Place at = find_place(document_, *path);
    if (!at.container) {
      fail(ErrorCode::invalid,
           "{} operation does not apply: doc is missing path: \"{}\": missing "
           "value",
           op, *path);
    }
    in(fmt::format("error in {} for path: '{}'", op, *path),
       [&] { op == "add" ? add(at, value()) : remove(at); });
    return;
  }
  if (op != "replace" && op != "test") {
    fail(ErrorCode::invalid, "Unexpected kind: {}", op);
  }
  std::string path;
  in(op + " operation failed to decode path", [&] { path = this->path(); });
  op == "replace" ? replace(path) : test(path);
}

// encoding/json reads every number into an interface as a float.
void make_floats(Json& value) {
  if (value.is_number_integer()) {
    value = value.get<double>();
  } else if (value.is_structured()) {
    for (Json& each : value) make_floats(each);
  }
}

}  // namespace

Json read_json_patch(std::string_view text) {
  Json operations;
  if (text.starts_with('[')) {
    operations = parse_json(text);
  } else {
    auto read = read_yaml(text, YamlRead::first_document);
    if (const auto* problem = std::get_if<YamlProblem>(&read)) {
      fail(problem->code, "{}", problem->go_text);
    }
    auto& documents = std::get<std::vector<Json>>(read);
    if (!documents.empty()) operations = std::move(documents.front());
  }
  if (operations.is_null()) return Json::array();
  const auto refuse = [](const Json& value, std::string_view type) {
    if (value.is_null()) return;
    fail(ErrorCode::invalid,
         "json: cannot unmarshal {} into Go value of type jsonpatch.{}",
         value.is_boolean() ? "bool" : value.type_name(), type);
  };
  if (!operations.is_array()) refuse(operations, "Patch");
  for (const Json& each : operations) {
    if (!each.is_object()) refuse(each, "Operation");
  }
  return operations;
}

void apply_json_patch(Json& document, const Json& operations) {
  std::size_t copied = 0;
  for (const Json& each : operations) {
    Operation(each.is_null() ? Json::object() : each, document, copied).apply();
  }
}

void apply_json_patch(YamlNode& resource, const Json& operations) {
  Json document = yaml_node_to_json(resource);
  apply_json_patch(document, operations);
  if (!document.is_object()) {
    fail(ErrorCode::invalid,
         "json: cannot unmarshal {} into Go value of type "
         "map[string]interface {{}}",
         document.type_name());
  }
  make_floats(document);
  resource = yaml_node_of(document);
}

}  // namespace skerry::chart::kustomize
