#include "signatures/document.h"

#include "core/error.h"
#include "core/text/encoding.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLongestQuoted = 160;

}  // namespace

const Json* find_member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(name);
  return it == object.end() ? nullptr : &*it;
}

const Json& need_member(const Json& object, std::string_view name,
                        std::string_view what) {
  const auto* found = find_member(object, name);
  if (found == nullptr) fail(ErrorCode::invalid, "{} has no '{}'", what, name);
  return *found;
}

std::string need_text(const Json& object, std::string_view name,
                      std::string_view what) {
  const auto& value = need_member(object, name, what);
  if (!value.is_string()) {
    fail(ErrorCode::invalid, "'{}' of {} is no text", name, what);
  }
  return value.get<std::string>();
}

std::string need_base64(const Json& object, std::string_view name,
                        std::string_view what) {
  auto bytes = from_base64(need_text(object, name, what));
  if (!bytes) fail(ErrorCode::invalid, "'{}' of {} is not base64", name, what);
  return std::move(*bytes);
}

std::string text_or_empty(const Json& object, std::string_view name) {
  const auto* found = find_member(object, name);
  return found != nullptr && found->is_string() ? found->get<std::string>()
                                                : std::string();
}

std::map<std::string, std::string> text_members(const Json* object) {
  std::map<std::string, std::string> found;
  if (object == nullptr || !object->is_object()) return found;
  for (const auto& [name, value] : object->items()) {
    found[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return found;
}

std::string shown(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, kLongestQuoted)) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte < ' ' || byte >= 0x7f ? '?' : c;
  }
  return clean;
}

}  // namespace skerry::registry
