#include "helm/set_values.h"

#include "core/error.h"
#include "core/text/unicode.h"
#include "gotemplate/constant.h"
#include "gotemplate/error.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/go_json.h"
#include "gotemplate/print.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

constexpr std::int64_t kMaxIndex = 65536;
constexpr int kMaxNesting = 30;

template <typename... Args>
[[noreturn]] void fail_set(fmt::format_string<Args...> format, Args&&... args) {
  fail(ErrorCode::invalid, format, std::forward<Args>(args)...);
}

// What Go says of x.(type).
[[noreturn]] void fail_conversion(const Value& value, std::string_view type) {
  fail_set(
      "unable to parse key: interface conversion: interface {{}} is {}, not {}",
      value.is_nil() ? "nil" : type_name(value), type);
}

bool equals_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != word[i]) return false;
  }
  return true;
}

Value typed_value(const std::string& text) {
  if (equals_word(text, "true")) return true;
  if (equals_word(text, "false")) return false;
  if (equals_word(text, "null")) return {};
  if (text == "0") return Value::of_int64(0);
  if (!text.empty() && text[0] != '0') {
    if (auto number = parse_go_int(text, 10)) return Value::of_int64(*number);
  }
  return text;
}

class SetParser {
 public:
  SetParser(std::string_view text, SetKind kind, const FileReader& read_file)
      : text_(text), kind_(kind), read_file_(read_file) {}

  void parse(const Value& into) {
    while (parse_key(into, 0) == Status::more) {
    }
  }

 private:
  enum class Status { more, end };
  struct Piece {
    std::string text;
    char stop = 0;  // 0 at the end
  };

  bool is_literal() const { return kind_ == SetKind::literal; }

  // Reads up to one of `stops`, which is consumed; a backslash takes the next
  // character as it is.
  Piece read_until(std::string_view stops) {
    Piece piece;
    while (i_ < text_.size()) {
      char c = text_[i_];
      if (stops.find(c) != stops.npos) {
        ++i_;
        piece.stop = c;
        return piece;
      }
      if (c == '\\' && !is_literal()) {
        if (++i_ >= text_.size()) return piece;
      }
      unicode::append(piece.text, unicode::next(text_, i_));
    }
    return piece;
  }

  static void set_member(const Value& map, const std::string& key,
                         Value value) {
    if (!key.empty()) map.set(key, std::move(value));
  }

  void check_nesting(int depth) {
    if (depth > kMaxNesting) {
      fail_set(
          "value name nested level is greater than maximum supported nested "
          "level of {}",
          kMaxNesting);
    }
  }

  Status parse_key(const Value& into, int depth) {
    Piece key = read_until(is_literal() ? "=[." : "=[,.");
    switch (key.stop) {
      case 0:
        if (key.text.empty()) return Status::end;
        fail_set("key {} has no value", quote(key.text));
      case '[':
        return parse_list_key(into, key.text, depth);
      case '=': {
        Value value;
        Status status = parse_value(value);
        set_member(into, key.text, std::move(value));
        return status;
      }
      case ',':
        fail_set("key {} has no value (cannot end with ,)", quote(key.text));
      default:
        return parse_map_key(into, key.text, depth + 1);
    }
  }

  Status parse_map_key(const Value& into, const std::string& key, int depth) {
    check_nesting(depth);
    Value inner = Value::new_map();
    if (const Value* found = into.find(key)) {
      if (!found->is_map()) fail_conversion(*found, "map[string]interface {}");
      inner = *found;
    }
    Status status = parse_key(inner, depth);
    bool empty = inner.entries().empty();
    if (status == Status::more && empty) {
      fail_set("key map {} has no value", quote(key));
    }
    if (!empty) set_member(into, key, inner);
    return status;
  }

  std::int64_t parse_index() {
    Piece index = read_until("]");
    auto number = parse_go_int(index.text, 10);
    if (index.stop == 0) fail_set("error parsing index: EOF");
    if (!number) {
      fail_set("error parsing index: strconv.Atoi: parsing {}: invalid syntax",
               quote(index.text));
    }
    return *number;
  }

  Status parse_list_key(const Value& into, const std::string& key, int depth) {
    std::int64_t index = parse_index();
    std::vector<Value> list;
    if (const Value* found = into.find(key)) {
      if (!found->is_list()) fail_conversion(*found, "[]interface {}");
      list = found->items();
    }
    Status status = parse_item(list, index, depth);
    set_member(into, key, Value::new_list(std::move(list)));
    return status;
  }

  static void set_item(std::vector<Value>& list, std::int64_t index,
                       Value value) {
    if (index > kMaxIndex) {
      fail_set("index of {} is greater than maximum supported index of {}",
               index, kMaxIndex);
    }
    auto at = static_cast<std::size_t>(index);
    if (list.size() <= at) list.resize(at + 1);
    list[at] = std::move(value);
  }

  Status parse_item(std::vector<Value>& list, std::int64_t index, int depth) {
    check_nesting(depth);
    if (index < 0) fail_set("negative {} index not allowed", index);
    Piece piece = read_until("[.=");
    if (!piece.text.empty()) {
      fail_set("unexpected data at end of array index: {}", quote(piece.text));
    }
    auto at = static_cast<std::size_t>(index);
    Value value;
    Status status = Status::more;
    switch (piece.stop) {
      case 0:
        return Status::end;
      case '=':
        status = parse_value(value);
        break;
      case '[': {
        std::int64_t inner_index = parse_index();
        std::vector<Value> inner;
        if (at < list.size() && !list[at].is_nil()) {
          if (!list[at].is_list()) fail_conversion(list[at], "[]interface {}");
          inner = list[at].items();
        }
        status = parse_item(inner, inner_index, depth + 1);
        value = Value::new_list(std::move(inner));
        break;
      }
      default: {
        bool found = at < list.size() && list[at].is_map();
        value = found ? list[at] : Value::new_map();
        status = parse_key(value, depth + 1);
      }
    }
    set_item(list, index, std::move(value));
    return status;
  }

  Value convert(const std::string& text) {
    switch (kind_) {
      case SetKind::typed: return typed_value(text);
      case SetKind::file: return read_file_(text);
      default: return text;
    }
  }

  Status at_end() const {
    return i_ >= text_.size() ? Status::end : Status::more;
  }

  Status parse_value(Value& value) {
    if (kind_ == SetKind::json) return parse_json(value);
    if (is_literal()) {
      value = Value(std::string(text_.substr(i_)));
      i_ = text_.size();
      return Status::more;
    }
    if (i_ >= text_.size()) {
      value = Value("");
      return Status::end;
    }
    if (text_[i_] == '{') {
      ++i_;
      value = parse_list();
      return Status::more;
    }
    value = convert(read_until(",").text);
    return Status::more;
  }

  Value parse_list() {
    std::vector<Value> items;
    for (;;) {
      Piece piece = read_until(",}");
      if (piece.stop == 0) fail_set("list must terminate with '}}'");
      items.push_back(convert(piece.text));
      if (piece.stop == '}') break;
    }
    if (i_ < text_.size() && text_[i_] == ',') ++i_;
    return Value::new_list(std::move(items));
  }

  // Skips blanks and one comma; true when nothing else came first.
  bool skip_empty() {
    while (i_ < text_.size()) {
      std::size_t next = i_;
      char32_t c = unicode::next(text_, next);
      if (c == ',') {
        i_ = next;
        return true;
      }
      if (!unicode::is_space(c)) return false;
      i_ = next;
    }
    return true;
  }

  Status parse_json(Value& value) {
    if (skip_empty()) return Status::more;
    std::size_t used = 0;
    value = read_go_json(text_.substr(i_), &used);
    i_ += used;
    skip_empty();
    return Status::more;
  }

  std::string_view text_;
  SetKind kind_;
  const FileReader& read_file_;
  std::size_t i_ = 0;
};

std::string_view flag_of(SetKind kind) {
  switch (kind) {
    case SetKind::typed: return "--set";
    case SetKind::text: return "--set-string";
    case SetKind::json: return "--set-json";
    case SetKind::file: return "--set-file";
    case SetKind::literal: return "--set-literal";
  }
  return "";
}

void set_json(Value& values, std::string_view text,
              const FileReader& read_file) {
  auto trimmed = trim_space(text);
  bool is_object = trimmed.starts_with('{');
  try {
    if (is_object) {
      values = merge_values(values, read_go_json(trimmed));
    } else {
      SetParser(text, SetKind::json, read_file).parse(values);
    }
  } catch (const Error&) {
    fail(ErrorCode::invalid, "failed parsing --set-json data{} {}",
         is_object ? " JSON:" : "", text);
  }
}

}  // namespace

void set_values(Value& values, SetKind kind, std::string_view text,
                const FileReader& read_file) {
  if (kind == SetKind::json) return set_json(values, text, read_file);
  try {
    SetParser(text, kind, read_file).parse(values);
  } catch (const Error& error) {
    throw error.in(fmt::format("failed parsing {} data", flag_of(kind)));
  }
}

}  // namespace skerry::chart
