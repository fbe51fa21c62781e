#include "gotemplate/funcs/common.h"

#include <cmath>
#include <limits>

#include "core/text/unicode.h"
#include "gotemplate/constant.h"

namespace skerry::chart {

namespace {

// "10.00" -> "10"
std::string_view trim_zero_decimal(std::string_view text) {
  bool found_zero = false;
  for (std::size_t i = text.size(); i > 0; --i) {
    if (text[i - 1] == '.') {
      if (found_zero) return text.substr(0, i - 1);
    } else if (text[i - 1] == '0') {
      found_zero = true;
    } else {
      return text;
    }
  }
  return text;
}

}  // namespace

std::int64_t truncate_to_int64(double value) {
  if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0)) {
    return std::numeric_limits<std::int64_t>::min();
  }
  return static_cast<std::int64_t>(value);
}

std::int64_t to_int64(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return value.boolean() ? 1 : 0;
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64:
      return value.integer();
    case Kind::number:
      return truncate_to_int64(value.number());
    case Kind::string:
      return parse_go_int(trim_zero_decimal(value.string()), 0).value_or(0);
    default:
      return 0;
  }
}

double to_double(const Value& value) {
  switch (value.kind()) {
    case Kind::boolean:
      return value.boolean() ? 1 : 0;
    case Kind::integer:
    case Kind::int64:
      return static_cast<double>(value.integer());
    case Kind::uint64:
      return static_cast<double>(value.unsigned_integer());
    case Kind::number:
      return value.number();
    case Kind::string:
      return parse_go_float(value.string()).value_or(0);
    default:
      return 0;
  }
}

std::string to_text(const Value& value) {
  if (value.is_string() || value.kind() == Kind::bytes) return value.string();
  return format_value(value);
}

std::vector<std::string> to_texts(const Value& value) {
  std::vector<std::string> texts;
  switch (value.kind()) {
    case Kind::nil:
      break;
    case Kind::list:
      for (auto& item : value.items()) {
        if (!item.is_nil()) texts.push_back(to_text(item));
      }
      break;
    case Kind::bytes:
      for (unsigned char c : value.string()) {
        texts.push_back(std::to_string(c));
      }
      break;
    default: {
      if (value.kind() == Kind::object) {
        Value collection = value.object().as_collection();
        if (collection.is_list()) return to_texts(collection);
      }
      texts.push_back(to_text(value));
    }
  }
  return texts;
}

std::vector<Value> items_of(const Value& value, std::string_view complaint) {
  if (value.is_list()) return value.items();
  if (value.is_nil()) fail_nil_pointer();
  if (value.kind() == Kind::object) {
    Value collection = value.object().as_collection();
    if (collection.is_list()) return collection.items();
  }
  if (value.kind() == Kind::bytes) {
    std::vector<Value> items;
    for (unsigned char c : value.string()) {
      items.push_back(Value::of_uint64(c));
    }
    return items;
  }
  fail_call("{} {}", complaint, kind_name(value));
}

void fail_nil_pointer() {
  fail_call(
      "runtime error: invalid memory address or nil pointer dereference");
}

std::string_view go_slice(std::string_view text, std::int64_t low,
                          std::int64_t high) {
  auto size = static_cast<std::int64_t>(text.size());
  if (high < 0) {
    fail_call("runtime error: slice bounds out of range [:{}]", high);
  }
  if (high > size) {
    fail_call("runtime error: slice bounds out of range [:{}] with length {}",
              high, size);
  }
  if (low < 0) {
    fail_call("runtime error: slice bounds out of range [{}:]", low);
  }
  if (low > high) {
    fail_call("runtime error: slice bounds out of range [{}:{}]", low, high);
  }
  return text.substr(static_cast<std::size_t>(low),
                     static_cast<std::size_t>(high - low));
}

std::vector<std::string> go_split(std::string_view text,
                                  std::string_view separator,
                                  std::int64_t most) {
  std::vector<std::string> parts;
  if (most == 0) return parts;
  auto full = [&] {
    return most > 0 && static_cast<std::int64_t>(parts.size()) == most - 1;
  };
  std::size_t start = 0;
  if (separator.empty()) {
    while (start < text.size() && !full()) {
      std::size_t end = start;
      unicode::next(text, end);
      parts.emplace_back(text.substr(start, end - start));
      start = end;
    }
    if (start < text.size()) parts.emplace_back(text.substr(start));
    return parts;
  }
  while (!full()) {
    std::size_t found = text.find(separator, start);
    if (found == text.npos) break;
    parts.emplace_back(text.substr(start, found - start));
    start = found + separator.size();
  }
  parts.emplace_back(text.substr(start));
  return parts;
}

std::string_view trim_space(std::string_view text) {
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t next = start;
    if (!unicode::is_space(unicode::next(text, next))) break;
    start = next;
  }
  std::size_t end = text.size();
  while (end > start) {
    std::size_t last = end - 1;
    while (last > start && (static_cast<unsigned char>(text[last]) & 0xC0) ==
                               0x80) {
      --last;
    }
    std::size_t i = last;
    if (!unicode::is_space(unicode::next(text, i))) break;
    end = last;
  }
  return text.substr(start, end - start);
}

std::string replace_all(Execution& execution, std::string_view text,
                        std::string_view old, std::string_view with) {
  std::string out;
  if (old.empty()) {
    execution.charge_bytes(text.size() + (text.size() + 1) * with.size());
    out += with;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t before = i;
      unicode::next(text, i);
      out.append(text, before, i - before);
      out += with;
    }
    return out;
  }
  std::size_t start = 0;
  for (std::size_t found = text.find(old); found != text.npos;
       found = text.find(old, start)) {
    execution.charge_bytes(found - start + with.size());
    out.append(text, start, found - start);
    out += with;
    start = found + old.size();
  }
  return std::string(out.append(text, start));
}

}  // namespace skerry::chart
