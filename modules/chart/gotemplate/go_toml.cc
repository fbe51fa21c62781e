#include "gotemplate/go_toml.h"

#include <cmath>

#include <fmt/format.h>

#include "core/text/float_text.h"
#include "gotemplate/error.h"

namespace skerry::chart {

namespace {

using Key = std::vector<std::string>;

bool is_table(const Value& value) { return value.is_map(); }

// An array whose items are all tables.
bool is_table_array(const Value& value) {
  if (!value.is_list() || value.items().empty()) return false;
  bool all = true;
  for (auto& item : value.items()) {
    if (item.is_nil()) {
      fail_call("toml: cannot encode array with nil element");
    }
    if (!is_table(item)) all = false;
  }
  return all;
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"': out += "\\\""; continue;
      case '\\': out += "\\\\"; continue;
      case '\b': out += "\\b"; continue;
      case '\t': out += "\\t"; continue;
      case '\n': out += "\\n"; continue;
      case '\f': out += "\\f"; continue;
      case '\r': out += "\\r"; continue;
      default: break;
    }
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string key_text(const std::string& key) {
  if (key.empty()) return "\"\"";
  for (char c : key) {
    bool bare = (c >= '0' && c <= '9') || (c | 0x20) == '_' || c == '-' ||
                ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    if (!bare) return toml_string(key);
  }
  return key;
}

std::string number_text(double value) {
  if (std::isnan(value)) return std::signbit(value) ? "-nan" : "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::string text = format_float_g(value);
  return text.find_first_of("e.") == text.npos ? text + ".0" : text;
}

class Writer {
 public:
  void encode(const Key& key, const Value& value) {
    if (key.size() > kMaxValueDepth) fail_call("toml: nested too deep");
    check_value_text(out.size());
    switch (value.kind()) {
      case Kind::nil:
        return;
      case Kind::map:
        return table(key, value);
      case Kind::object:
        return encode(key, value.object().to_plain());
      default:
        break;
    }
    if (is_table_array(value)) {
      if (key.empty()) fail_call("toml: top-level values must be Go maps or structs");
      return array_of_tables(key, value);
    }
    key_value(key, value, false);
  }

  std::string out;

 private:
  int lists_ = 0;  // that are open

  void newline() {
    if (!out.empty()) out += '\n';
  }

  void indent(const Key& key) { out.append((key.size() - 1) * 2, ' '); }

  void full_key(const Key& key) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (i > 0) out += '.';
      out += key_text(key[i]);
    }
  }

  void key_value(const Key& key, const Value& value, bool is_inline) {
    if (key.empty()) return element(value);
    indent(key);
    out += key_text(key.back()) + " = ";
    element(value);
    if (!is_inline) newline();
  }

  void element(const Value& value) {
    check_value_text(out.size());
    switch (value.kind()) {
      case Kind::boolean: out += value.boolean() ? "true" : "false"; return;
      case Kind::integer:
      case Kind::int64: out += fmt::to_string(value.integer()); return;
      case Kind::uint64:
        out += fmt::to_string(value.unsigned_integer());
        return;
      case Kind::number: out += number_text(value.number()); return;
      case Kind::string: out += toml_string(value.string()); return;
      case Kind::map: return members({}, value, true);
      case Kind::list: {
        if (++lists_ > kMaxValueDepth) fail_call("toml: nested too deep");
        out += '[';
        bool first = true;
        for (auto& item : value.items()) {
          if (!first) out += ", ";
          first = false;
          element(item);
        }
        out += ']';
        --lists_;
        return;
      }
      default: fail_call("unexpected type: {}", type_name(value));
    }
  }

  void array_of_tables(const Key& key, const Value& value) {
    for (auto& item : value.items()) {
      newline();
      indent(key);
      out += "[[";
      full_key(key);
      out += "]]";
      newline();
      members(key, item, false);
    }
  }

  void table(const Key& key, const Value& value) {
    if (key.size() == 1) newline();
    if (!key.empty()) {
      indent(key);
      out += '[';
      full_key(key);
      out += ']';
      newline();
    }
    members(key, value, false);
  }

  using Members = std::vector<std::pair<std::string, Value>>;

  void write_members(const Key& key, const Members& list, bool is_inline,
                     bool more_follow) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      auto& [name, value] = list[i];
      if (value.is_nil()) continue;
      Key inner = is_inline ? Key{} : key;
      inner.push_back(name);
      if (!is_inline) {
        encode(inner, value);
        continue;
      }
      key_value(inner, value, true);
      if (more_follow || i + 1 < list.size()) out += ", ";
    }
  }

  // Plain members first: behind a table's head they would belong to it.
  void members(const Key& key, const Value& value, bool is_inline) {
    Members direct, tables;
    for (auto& [name, item] : value.entries()) {
      bool sub = is_table(item) || is_table_array(item);
      (sub ? tables : direct).emplace_back(name, item);
    }
    if (is_inline) out += '{';
    write_members(key, direct, is_inline, !tables.empty());
    write_members(key, tables, is_inline, false);
    if (is_inline) out += '}';
  }
};

}  // namespace

std::string write_toml(const Value& value) {
  Writer writer;
  try {
    writer.encode({}, value);
  } catch (const TemplateError& error) {
    return error.message();
  }
  return std::move(writer.out);
}

}  // namespace skerry::chart
