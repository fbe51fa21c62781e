// From YamlNode to JSON values and to what sigs.k8s.io/yaml prints.
#include <algorithm>
#include <cmath>

#include "core/text/encoding.h"
#include "core/text/float_text.h"
#include "core/text/unicode.h"
#include "core/text/yaml_emitter.h"
#include "core/text/yaml_node.h"
#include "core/text/yaml_scalar.h"

namespace skerry {

namespace {

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x7F;
  });
}

// JSON escapes what is below a blank; YAML refuses DEL and the C1 controls.
bool is_yaml_character(char32_t c) {
  if (c < 0x7F) return true;
  if (c < 0xA0) return c == 0x85;
  return c != 0xFFFE && c != 0xFFFF;
}

// NEL is a line break, folded as one inside a quoted scalar.
std::string fold_next_lines(std::string_view text) {
  constexpr std::string_view kNextLine = "\xC2\x85";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t at = i, breaks = 0;
    for (;;) {
      while (at < text.size() && text[at] == ' ') ++at;
      if (!text.substr(at).starts_with(kNextLine)) break;
      ++breaks;
      at += kNextLine.size();
    }
    if (breaks == 0) {
      out += text[i++];
      continue;
    }
    out += breaks == 1 ? std::string(" ") : std::string(breaks - 1, '\n');
    i = at;
  }
  return out;
}

// The tag under which a reader of the written node sees it.
YamlTag seen_tag(const YamlNode& node) {
  bool is_quoted = node.style != YamlStyle::plain;
  if (node.tag == YamlTag::none) {
    return is_quoted || node.text.find('\n') != node.text.npos
               ? YamlTag::text
               : resolve_yaml_tag(node.text);
  }
  // A tag that the text says by itself is not written; in quotes it is lost.
  if (is_quoted && !node.has_explicit_tag && node.tag != YamlTag::text &&
      resolve_yaml_tag(node.text) == node.tag) {
    return YamlTag::text;
  }
  return node.tag;
}

// "2001-1-2 3:4:5.600" in RFC 3339 with the digits that matter.
std::string rfc3339(std::string_view text) {
  std::size_t i = 5;
  auto number = [&](std::size_t width) {
    std::string digits;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
      digits += text[i++];
    }
    while (digits.size() < width) digits.insert(0, "0");
    return digits;
  };
  std::string out(text.substr(0, 5));
  out += number(2) + "-";
  ++i;
  out += number(2) + "T";
  if (i >= text.size()) return out + "00:00:00Z";
  ++i;
  out += number(2) + ":";
  ++i;
  out += number(2) + ":";
  ++i;
  out += number(2);
  if (i < text.size() && (text[i] == '.' || text[i] == ',')) {
    ++i;
    std::string fraction = number(1).substr(0, 9);
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
    if (!fraction.empty()) out += "." + fraction;
  }
  std::string_view zone = text.substr(i);
  if (zone.empty() || zone == "+00:00" || zone == "-00:00") return out + "Z";
  return out + std::string(zone);
}

// Calls what fits of `sink`: null(), boolean(b), integer(i),
// unsigned_integer(u), number(d), string(s).
template <typename Sink>
void give_scalar(const YamlNode& node, Sink& sink) {
  YamlTag tag = seen_tag(node);
  if (tag == YamlTag::text || tag == YamlTag::merge) {
    return sink.string(node.text);
  }
  if (tag == YamlTag::binary) {
    std::string compact;
    for (char c : node.text) {
      if (c != '\n' && c != '\r') compact += c;
    }
    auto bytes = from_base64(compact);
    if (!bytes) {
      fail(ErrorCode::invalid,
           "yaml: !!binary value contains invalid base64 data");
    }
    return sink.string(*bytes);
  }
  YamlTag found = resolve_yaml_tag(node.text);
  bool widens = tag == YamlTag::number && found == YamlTag::integer;
  if (found != tag && !widens) {
    fail(ErrorCode::invalid, "yaml: cannot decode {} `{}` as a {}",
         yaml_tag_name(found), node.text, yaml_tag_name(tag));
  }
  YamlScalar scalar = resolve_yaml_scalar(node.text);
  switch (scalar.kind) {
    case YamlKind::null: return sink.null();
    case YamlKind::boolean: return sink.boolean(scalar.boolean);
    case YamlKind::integer:
      if (widens) return sink.number(static_cast<double>(scalar.integer));
      return sink.integer(scalar.integer);
    case YamlKind::unsigned_integer:
      return sink.unsigned_integer(scalar.unsigned_integer);
    case YamlKind::number:
      if (!std::isfinite(scalar.number)) {
        fail(ErrorCode::invalid, "json: unsupported value: {}",
             format_float_g(scalar.number));
      }
      return sink.number(scalar.number);
    case YamlKind::timestamp: return sink.string(rfc3339(node.text));
    default: return sink.string(node.text);
  }
}

// A mapping's pairs whose keys are text, in the order of `less`.
template <typename Less>
std::vector<const YamlNode*> sorted_keys(const YamlNode& node, bool is_top,
                                         Less less) {
  std::vector<const YamlNode*> keys;
  keys.reserve(node.children.size() / 2);
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const YamlNode& key = node.children[i];
    YamlTag tag = seen_tag(key);
    bool is_text = key.is_scalar() &&
                   (tag == YamlTag::text || tag == YamlTag::merge);
    if (!is_text && !(is_top && key.is_scalar())) {
      fail(ErrorCode::invalid,
           "json: unsupported type: map[interface {{}}]interface {{}}");
    }
    keys.push_back(&key);
  }
  std::stable_sort(keys.begin(), keys.end(),
                   [&](auto* a, auto* b) { return less(a->text, b->text); });
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i - 1]->text != keys[i]->text) continue;
    fail(ErrorCode::invalid,
         "yaml: unmarshal errors:\n  line {}: mapping key {} already defined "
         "at line {}",
         keys[i]->line, Json(keys[i]->text).dump(-1, ' ', false,
                                                 Json::error_handler_t::replace),
         keys[i - 1]->line);
  }
  return keys;
}

class EmitterSink {
 public:
  explicit EmitterSink(YamlEmitter& emitter) : emitter_(emitter) {}
  void null() { emitter_.null(); }
  void boolean(bool value) { emitter_.boolean(value); }
  void integer(std::int64_t value) { emitter_.integer(value); }
  void unsigned_integer(std::uint64_t value) {
    emitter_.unsigned_integer(value);
  }
  void number(double value) { emitter_.number(value); }
  void string(const std::string& text) {
    if (is_plain_ascii(text)) return emitter_.string(text);
    emitter_.string(yaml_text_through_json(text));
  }

 private:
  YamlEmitter& emitter_;
};

struct JsonSink {
  Json& out;
  void null() { out = nullptr; }
  void boolean(bool value) { out = value; }
  void integer(std::int64_t value) { out = value; }
  void unsigned_integer(std::uint64_t value) { out = value; }
  void number(double value) { out = value; }
  void string(const std::string& text) { out = unicode::repaired(text); }
};

void write(YamlEmitter& emitter, const YamlNode& node, bool is_top) {
  switch (node.kind) {
    case YamlNode::Kind::scalar: {
      EmitterSink sink(emitter);
      return give_scalar(node, sink);
    }
    case YamlNode::Kind::sequence:
      emitter.begin_sequence(node.children.empty());
      for (auto& item : node.children) write(emitter, item, false);
      return emitter.end_sequence();
    case YamlNode::Kind::mapping:
      break;
  }
  emitter.begin_mapping(node.children.empty());
  for (auto* key : sorted_keys(node, is_top, yaml_key_less)) {
    emitter.key(is_plain_ascii(key->text) ? key->text
                                          : yaml_text_through_json(key->text));
    write(emitter, *(key + 1), false);
  }
  emitter.end_mapping();
}

Json to_json(const YamlNode& node, bool is_top) {
  Json value;
  switch (node.kind) {
    case YamlNode::Kind::scalar: {
      JsonSink sink{value};
      give_scalar(node, sink);
      return value;
    }
    case YamlNode::Kind::sequence:
      value = Json::array();
      for (auto& item : node.children) value.push_back(to_json(item, false));
      return value;
    case YamlNode::Kind::mapping:
      break;
  }
  value = Json::object();
  for (auto* key : sorted_keys(node, is_top, std::less<std::string>())) {
    value[unicode::repaired(key->text)] = to_json(*(key + 1), false);
  }
  return value;
}

}  // namespace

std::string yaml_text_through_json(const std::string& text) {
  std::string repaired = unicode::repaired(text);
  bool has_next_line = false;
  for (std::size_t i = 0; i < repaired.size();) {
    char32_t c = unicode::next(repaired, i);
    if (!is_yaml_character(c)) {
      fail(ErrorCode::invalid, "yaml: control characters are not allowed");
    }
    if (c == 0x85) has_next_line = true;
  }
  return has_next_line ? fold_next_lines(repaired) : repaired;
}

Json yaml_node_to_json(const YamlNode& node) { return to_json(node, true); }

void write_yaml_node(YamlEmitter& emitter, const YamlNode& node) {
  write(emitter, node, true);
}

std::string yaml_node_to_yaml(const YamlNode& node) {
  std::string out;
  YamlEmitter emitter(out);
  write_yaml_node(emitter, node);
  emitter.finish();
  return out;
}

}  // namespace skerry
