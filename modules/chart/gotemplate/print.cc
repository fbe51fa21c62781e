#include "gotemplate/print.h"

#include "core/error.h"
#include "core/text/unicode.h"
#include "gotemplate/printer.h"

namespace skerry::chart {

namespace {

std::string verb_text(char32_t verb) {
  std::string out;
  unicode::append(out, verb);
  return out;
}

}  // namespace

void Printer::bad_verb(char32_t verb, const Value& value) {
  out += "%!" + verb_text(verb) + "(";
  if (value.is_nil()) {
    out += "<nil>";
  } else {
    out += type_name(value) + "=";
    print_value(value, 'v', 0);
  }
  out += ')';
}

void Printer::print_argument(const Value& value, char32_t verb) {
  if (value.is_nil()) {
    if (verb == 'T' || verb == 'v') {
      pad("<nil>");
    } else {
      bad_verb(verb, value);
    }
    return;
  }
  if (verb == 'T') return write_string(type_name(value));
  if (verb == 'w') return bad_verb(verb, value);
  if (verb == 'p') {
    // Addresses are not for templates: any number is as good as Go's.
    if (value.is_map() || value.is_list() || value.kind() == Kind::bytes) {
      out += "0xc000000000";
    } else {
      bad_verb(verb, value);
    }
    return;
  }
  print_value(value, verb, 0);
}

void Printer::print_value(const Value& value, char32_t verb, int depth) {
  if (depth > kMaxValueDepth) {
    fail(ErrorCode::too_large, "a value is nested too deep to be printed");
  }
  check_value_text(out.size());
  switch (value.kind()) {
    case Kind::nil:
      if (flags_.sharp_v) {
        out += "interface {}(nil)";
      } else {
        out += "<nil>";
      }
      return;
    case Kind::boolean:
      return print_boolean(value, verb);
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64:
      return print_integer(value, verb);
    case Kind::number:
      return print_float(value, verb);
    case Kind::string:
      return print_string(value, verb);
    case Kind::bytes:
      return print_bytes(value, verb);
    case Kind::list:
      return print_list(value, verb, depth);
    case Kind::map:
      return print_map(value, verb, depth);
    case Kind::object:
      return print_object(value, verb, depth);
  }
}

void Printer::print_list(const Value& value, char32_t verb, int depth) {
  if (flags_.sharp_v) out += type_name(value);
  out += flags_.sharp_v ? '{' : '[';
  bool first = true;
  for (auto& item : value.items()) {
    if (!first) out += flags_.sharp_v ? ", " : " ";
    first = false;
    print_value(item, verb, depth + 1);
  }
  out += flags_.sharp_v ? '}' : ']';
}

void Printer::print_map(const Value& value, char32_t verb, int depth) {
  out += flags_.sharp_v ? type_name(value) + "{" : "map[";
  bool first = true;
  for (auto& [key, item] : value.entries()) {
    if (!first) out += flags_.sharp_v ? ", " : " ";
    first = false;
    print_value(Value(key), verb, depth + 1);
    out += ':';
    print_value(item, verb, depth + 1);
  }
  out += flags_.sharp_v ? '}' : ']';
}

void Printer::print_object(const Value& value, char32_t verb, int depth) {
  Value collection = value.object().as_collection();
  if (!collection.is_nil()) return print_value(collection, verb, depth);
  write_string(value.object().to_text());
}

void Printer::print_boolean(const Value& value, char32_t verb) {
  if (verb != 't' && verb != 'v') return bad_verb(verb, value);
  pad(value.boolean() ? "true" : "false");
}

void Printer::print_integer(const Value& value, char32_t verb) {
  std::uint64_t bits = value.unsigned_integer();
  bool is_signed = value.kind() != Kind::uint64;
  switch (verb) {
    case 'v':
    case 'd':
      return write_integer(bits, 10, is_signed, verb, false);
    case 'b':
      return write_integer(bits, 2, is_signed, verb, false);
    case 'o':
    case 'O':
      return write_integer(bits, 8, is_signed, verb, false);
    case 'x':
    case 'X':
      return write_integer(bits, 16, is_signed, verb, verb == 'X');
    case 'c': {
      std::string text;
      unicode::append(text, bits > 0x10FFFF ? unicode::kReplacement
                                            : static_cast<char32_t>(bits));
      return pad(text);
    }
    case 'q':
      return pad(quote_character(bits > 0x10FFFF
                                     ? unicode::kReplacement
                                     : static_cast<char32_t>(bits),
                                 flags_.plus));
    case 'U':
      return write_unicode(bits);
    default:
      return bad_verb(verb, value);
  }
}

void Printer::print_float(const Value& value, char32_t verb) {
  switch (verb) {
    case 'v':
      return write_float(value.number(), 'g', -1);
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return write_float(value.number(), static_cast<char>(verb), -1);
    case 'f':
    case 'e':
    case 'E':
      return write_float(value.number(), static_cast<char>(verb), 6);
    case 'F':
      return write_float(value.number(), 'f', 6);
    default:
      return bad_verb(verb, value);
  }
}

void Printer::print_string(const Value& value, char32_t verb) {
  switch (verb) {
    case 'v':
      if (flags_.sharp_v) return write_quoted(value.string());
      return write_string(value.string());
    case 's':
      return write_string(value.string());
    case 'x':
    case 'X':
      return write_hex(value.string(), verb == 'X');
    case 'q':
      return write_quoted(value.string());
    default:
      return bad_verb(verb, value);
  }
}

void Printer::print_bytes(const Value& value, char32_t verb) {
  switch (verb) {
    case 'v':
    case 'd': {
      out += flags_.sharp_v ? "[]byte{" : "[";
      bool first = true;
      for (unsigned char c : value.string()) {
        if (!first) out += flags_.sharp_v ? ", " : " ";
        first = false;
        out += flags_.sharp_v ? fmt::format("0x{:x}", c) : fmt::to_string(c);
      }
      out += flags_.sharp_v ? '}' : ']';
      return;
    }
    case 's':
      return pad(truncated(value.string()));
    case 'x':
    case 'X':
      return write_hex(value.string(), verb == 'X');
    case 'q':
      return write_quoted(value.string());
    default: {
      std::vector<Value> items;
      for (unsigned char c : value.string()) {
        items.push_back(Value::of_uint64(c));
      }
      return print_list(Value::new_list(std::move(items)), verb, 0);
    }
  }
}

std::string format_value(const Value& value) {
  Printer printer;
  printer.print_argument(value, 'v');
  return std::move(printer.out);
}

std::string sprint(std::span<const Value> values) {
  Printer printer;
  bool previous_string = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bool is_string = values[i].is_string();
    if (i > 0 && !is_string && !previous_string) printer.out += ' ';
    printer.print_argument(values[i], 'v');
    previous_string = is_string;
  }
  return std::move(printer.out);
}

std::string sprintln(std::span<const Value> values) {
  Printer printer;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) printer.out += ' ';
    printer.print_argument(values[i], 'v');
  }
  return std::move(printer.out) + '\n';
}

std::string sprintf(std::string_view format, std::span<const Value> values) {
  Printer printer;
  printer.format(format, values);
  return std::move(printer.out);
}

}  // namespace skerry::chart
