#include <algorithm>

#include "core/text/unicode.h"
#include "core/text/yaml.h"
#include "core/text/yaml_emitter.h"

namespace skerry {

namespace {

// Compares the numbers that start at the first difference, as go-yaml does.
bool digits_less(const std::u32string& a, const std::u32string& b,
                 std::size_t i) {
  std::int64_t a_value = 0, b_value = 0;
  if (a[i] == U'0' || b[i] == U'0') {
    for (std::size_t j = i; j-- > 0 && unicode::is_digit(a[j]);) {
      if (a[j] != U'0') {
        a_value = b_value = 1;
        break;
      }
    }
  }
  auto read = [i](const std::u32string& text, std::int64_t value) {
    auto bits = static_cast<std::uint64_t>(value);  // wraps as Go's does
    std::size_t k = i;
    while (k < text.size() && unicode::is_digit(text[k])) {
      bits = bits * 10 + (text[k++] - U'0');
    }
    return std::pair(static_cast<std::int64_t>(bits), k);
  };
  auto [a_number, a_end] = read(a, a_value);
  auto [b_number, b_end] = read(b, b_value);
  if (a_number != b_number) return a_number < b_number;
  if (a_end != b_end) return a_end < b_end;
  return a[i] < b[i];
}

void emit(YamlEmitter& emitter, const Json& value);

void emit_mapping(YamlEmitter& emitter, const Json& value) {
  emitter.begin_mapping(value.empty());
  std::vector<const Json::object_t::value_type*> members;
  members.reserve(value.size());
  for (auto& member : value.get_ref<const Json::object_t&>()) {
    members.push_back(&member);
  }
  std::sort(members.begin(), members.end(), [](auto* a, auto* b) {
    return yaml_key_less(a->first, b->first);
  });
  for (auto* member : members) {
    emitter.key(member->first);
    emit(emitter, member->second);
  }
  emitter.end_mapping();
}

void emit(YamlEmitter& emitter, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return emit_mapping(emitter, value);
    case Json::value_t::array:
      emitter.begin_sequence(value.empty());
      for (auto& item : value) emit(emitter, item);
      return emitter.end_sequence();
    case Json::value_t::string:
      return emitter.string(value.get_ref<const std::string&>());
    case Json::value_t::boolean:
      return emitter.boolean(value.get<bool>());
    case Json::value_t::number_integer:
      return emitter.integer(value.get<std::int64_t>());
    case Json::value_t::number_unsigned:
      return emitter.unsigned_integer(value.get<std::uint64_t>());
    case Json::value_t::number_float:
      return emitter.number(value.get<double>());
    default:
      return emitter.null();
  }
}

}  // namespace

bool yaml_key_less(std::string_view a_text, std::string_view b_text) {
  auto [a_at, b_at] = std::mismatch(a_text.begin(), a_text.end(),
                                    b_text.begin(), b_text.end());
  if (a_at == a_text.end()) return b_at != b_text.end();
  if (b_at == b_text.end()) return false;
  auto is_ascii_letter = [](char c) {
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  };
  if (is_ascii_letter(*a_at) && is_ascii_letter(*b_at)) return *a_at < *b_at;
  std::u32string a = unicode::decode(a_text), b = unicode::decode(b_text);
  std::size_t size = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] == b[i]) continue;
    bool a_letter = unicode::is_letter(a[i]);
    bool b_letter = unicode::is_letter(b[i]);
    if (a_letter && b_letter) return a[i] < b[i];
    if (a_letter || b_letter) return b_letter;
    return digits_less(a, b, i);
  }
  return a.size() < b.size();
}

std::string to_yaml(const Json& value) {
  std::string out;
  YamlEmitter emitter(out);
  emit(emitter, value);
  emitter.finish();
  return out;
}

}  // namespace skerry
