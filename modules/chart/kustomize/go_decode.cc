#include "kustomize/go_decode.h"

#include <charconv>

#include "core/error.h"
#include "core/text/float_text.h"
#include "core/text/number.h"

namespace skerry::chart::kustomize {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string number_text(const Json& value) {
  if (value.is_number_float()) return format_float_json(value.get<double>());
  return value.dump();
}

std::string_view go_kind(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return "number";
}

// "Patch" of "types.Patch".
std::string_view short_type(std::string_view type) {
  std::size_t dot = type.rfind('.');
  return dot == type.npos ? type : type.substr(dot + 1);
}

}  // namespace

void GoDecoder::report(std::string text) {
  if (fault_ && fault_position_ <= position_) return;
  fault_ = std::move(text);
  fault_position_ = position_;
}

GoObject::GoObject(GoDecoder& decoder, const Json& value,
                   std::string_view type)
    : decoder_(decoder), struct_(short_type(type)) {
  if (value.is_null()) return;
  if (!value.is_object()) {
    decoder_.report(
        fmt::format("json: cannot unmarshal {} into Go value of type {}",
                    go_kind(value), type));
    return;
  }
  object_ = &value;
  known_.resize(value.size());
}

GoObject::GoObject(GoObject& outer, const Json& value, std::string_view type)
    : decoder_(outer.decoder_), struct_(short_type(type)), path_(outer.path_) {
  if (value.is_null()) return;
  if (!value.is_object()) {
    outer.mismatch(value, type);
    return;
  }
  object_ = &value;
  known_.resize(value.size());
}

GoObject::~GoObject() {
  if (!object_ || decoder_.allows_unknown_) return;
  std::size_t i = 0;
  for (auto it = object_->begin(); it != object_->end(); ++it, ++i) {
    if (known_[i]) continue;
    decoder_.position_.push_back(i);
    decoder_.report("json: unknown field " +
                    Json(it.key()).dump(-1, ' ', false,
                                        Json::error_handler_t::replace));
    decoder_.position_.pop_back();
    return;
  }
}

bool GoObject::is_named(std::string_view key, std::string_view name) {
  if (key.size() != name.size()) return false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (lower(key[i]) != lower(name[i])) return false;
  }
  return true;
}

void GoObject::begin_member(std::size_t i, std::string_view name) {
  decoder_.position_.push_back(i);
  members_.push_back(path_.size());
  if (!path_.empty()) path_ += '.';
  path_ += name;
}

void GoObject::end_member() {
  path_.resize(members_.back());
  members_.pop_back();
  decoder_.position_.pop_back();
}

void GoObject::enter(std::string_view embedded) {
  embedded_.push_back(path_.size());
  if (!path_.empty()) path_ += '.';
  path_ += embedded;
}

void GoObject::leave() {
  path_.resize(embedded_.back());
  embedded_.pop_back();
}

bool GoObject::has(std::string_view name) const {
  if (!object_) return false;
  for (auto it = object_->begin(); it != object_->end(); ++it) {
    if (is_named(it.key(), name) && !it->is_null()) return true;
  }
  return false;
}

void GoObject::mismatch(const Json& value, std::string_view type) {
  std::string kind(go_kind(value));
  if (value.is_number() && type.starts_with("int")) {
    kind += " " + number_text(value);
  }
  decoder_.report(
      fmt::format("json: cannot unmarshal {} into Go struct field {}.{} of "
                  "type {}",
                  kind, struct_, path_, type));
}

bool GoObject::expect_array(const Json& value, std::string_view item_type) {
  if (value.is_array()) return true;
  mismatch(value, "[]" + std::string(item_type));
  return false;
}

bool GoObject::expect_object(const Json& value, std::string_view type) {
  if (value.is_object()) return true;
  mismatch(value, type);
  return false;
}

bool GoObject::read_text(const Json& value, std::string& out,
                         std::string_view type) {
  if (value.is_string()) {
    out = value.get<std::string>();
    return true;
  }
  if (!value.is_null()) mismatch(value, type);
  return value.is_null();
}

bool GoObject::read_flag(const Json& value, bool& out) {
  if (value.is_boolean()) {
    out = value.get<bool>();
    return true;
  }
  if (!value.is_null()) mismatch(value, "bool");
  return value.is_null();
}

void GoObject::text(std::string_view name, std::string& out,
                    std::string_view type) {
  for_each(name, [&](const Json& value) { read_text(value, out, type); });
}

void GoObject::optional_text(std::string_view name,
                             std::optional<std::string>& out) {
  for_each(name, [&](const Json& value) {
    std::string text;
    if (read_text(value, text, "string")) out = std::move(text);
  });
}

void GoObject::flag(std::string_view name, bool& out) {
  for_each(name, [&](const Json& value) { read_flag(value, out); });
}

void GoObject::integer(std::string_view name, std::int64_t& out,
                       std::string_view type) {
  for_each(name, [&](const Json& value) {
    auto number = value.is_number()
                      ? parse_number<std::int64_t>(number_text(value))
                      : std::nullopt;
    if (number) {
      out = *number;
    } else {
      mismatch(value, type);
    }
  });
}

void GoObject::texts(std::string_view name, std::vector<std::string>& out,
                     std::string_view item_type) {
  for_each(name, [&](const Json& value) {
    if (!expect_array(value, item_type)) return;
    out.clear();
    for (std::size_t i = 0; i < value.size(); ++i) {
      enter_item(i);
      out.emplace_back();
      read_text(value[i], out.back(), item_type);
      leave_item();
    }
  });
}

void GoObject::text_map(std::string_view name,
                        std::map<std::string, std::string>& out) {
  for_each(name, [&](const Json& value) {
    if (!expect_object(value, "map[string]string")) return;
    std::size_t i = 0;
    for (auto it = value.begin(); it != value.end(); ++it, ++i) {
      enter_item(i);
      read_text(*it, out[it.key()], "string");
      leave_item();
    }
  });
}

void GoObject::flag_map(std::string_view name,
                        std::map<std::string, bool>& out) {
  for_each(name, [&](const Json& value) {
    if (!expect_object(value, "map[string]bool")) return;
    std::size_t i = 0;
    for (auto it = value.begin(); it != value.end(); ++it, ++i) {
      enter_item(i);
      read_flag(*it, out[it.key()]);
      leave_item();
    }
  });
}

void GoObject::any_map(std::string_view name, Json& out) {
  for_each(name, [&](const Json& value) {
    if (expect_object(value, "map[string]interface {}")) out = value;
  });
}

}  // namespace skerry::chart::kustomize
