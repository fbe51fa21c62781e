#include <cmath>

#include <fmt/format.h>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/float_text.h"
#include "core/text/unicode.h"
#include "gotemplate/go_json.h"

namespace skerry::chart {

namespace {

class Writer {
 public:
  explicit Writer(const JsonStyle& style) : style_(style) {}

  void write(const Value& value, int depth) {
    if (depth > kMaxValueDepth) {
      fail(ErrorCode::invalid,
           "json: unsupported value: encountered a cycle via "
           "map[string]interface {{}}");
    }
    check_value_text(out.size());
    switch (value.kind()) {
      case Kind::nil: out += "null"; return;
      case Kind::boolean: out += value.boolean() ? "true" : "false"; return;
      case Kind::integer:
      case Kind::int64: out += fmt::to_string(value.integer()); return;
      case Kind::uint64:
        out += fmt::to_string(value.unsigned_integer());
        return;
      case Kind::number: return write_number(value.number());
      case Kind::string: return write_string(value.string());
      case Kind::bytes: return write_string(to_base64(value.string()));
      case Kind::list: return write_list(value, depth);
      case Kind::map:
        if (value.is_nil_map()) return write(Value(), depth);
        return write_map(value, depth);
      case Kind::object: return write_object(value.object(), depth);
    }
  }

  std::string out;

 private:
  void write_number(double value) {
    if (!std::isfinite(value)) {
      fail(ErrorCode::invalid, "json: unsupported value: {}",
           format_float_g(value));
    }
    out += format_float_json(value);
  }

  void write_string(std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
      auto byte = static_cast<unsigned char>(text[i]);
      if (byte < 0x80) {
        write_ascii(text[i++]);
        continue;
      }
      std::size_t before = i;
      char32_t c = unicode::next(text, i);
      if (c == unicode::kReplacement && i == before + 1) {
        out += "\\ufffd";
      } else if (c == 0x2028 || c == 0x2029) {
        out += c == 0x2028 ? "\\u2028" : "\\u2029";
      } else {
        out.append(text, before, i - before);
      }
    }
    out += '"';
  }

  void write_ascii(char c) {
    switch (c) {
      case '"': out += "\\\""; return;
      case '\\': out += "\\\\"; return;
      case '\b': out += "\\b"; return;
      case '\f': out += "\\f"; return;
      case '\n': out += "\\n"; return;
      case '\r': out += "\\r"; return;
      case '\t': out += "\\t"; return;
      default: break;
    }
    bool html = style_.escape_html && (c == '<' || c == '>' || c == '&');
    if (html || static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }

  void new_line(int depth) {
    if (style_.indent.empty()) return;
    out += '\n';
    for (int i = 0; i < depth; ++i) out += style_.indent;
  }

  void write_list(const Value& value, int depth) {
    out += '[';
    bool first = true;
    for (auto& item : value.items()) {
      if (!first) out += ',';
      first = false;
      new_line(depth + 1);
      write(item, depth + 1);
    }
    if (!first) new_line(depth);
    out += ']';
  }

  void write_member(const std::string& key, const Value& item, int depth,
                    bool& first) {
    if (!first) out += ',';
    first = false;
    new_line(depth + 1);
    write_string(key);
    out += style_.indent.empty() ? ":" : ": ";
    write(item, depth + 1);
  }

  void write_object(const Object& object, int depth) {
    Value plain = object.to_plain();
    auto order = object.member_order();
    if (order.empty()) return write(plain, depth + 1);
    out += '{';
    bool first = true;
    for (auto& key : order) {
      write_member(key, *plain.find(key), depth, first);
    }
    new_line(depth);
    out += '}';
  }

  void write_map(const Value& value, int depth) {
    out += '{';
    bool first = true;
    for (auto& [key, item] : value.entries()) {
      write_member(key, item, depth, first);
    }
    if (!first) new_line(depth);
    out += '}';
  }

  const JsonStyle& style_;
};

}  // namespace

std::string write_json(const Value& value, const JsonStyle& style) {
  Writer writer(style);
  writer.write(value, 0);
  return std::move(writer.out);
}

std::string_view json_type_name(const Value& value) {
  switch (value.kind()) {
    case Kind::list: return "array";
    case Kind::map: return "object";
    case Kind::string: return "string";
    case Kind::boolean: return "bool";
    default: return "number";
  }
}

}  // namespace skerry::chart
