#include "kustomize/generator.h"

#include <algorithm>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/unicode.h"
#include "gotemplate/print.h"

namespace skerry::chart::kustomize {

namespace {

constexpr std::size_t kLongestLine = 64 << 10;  // bufio.Scanner's

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Go's %v of a list of strings.
std::string go_list(const std::vector<std::string>& list) {
  std::string out = "[";
  for (auto& one : list) {
    if (out.size() > 1) out += ' ';
    out += one;
  }
  return out + "]";
}

std::string without_quotes(const std::string& text) {
  if (text.size() < 2 || text.front() != text.back()) return text;
  if (text[0] != '"' && text[0] != '\'') return text;
  return text.substr(1, text.size() - 2);
}

void add_literals(const std::vector<std::string>& literals, Pairs& pairs) {
  for (auto& literal : literals) {
    std::size_t equals = literal.find('=');
    if (equals == 0 || equals == literal.npos) {
      fail(ErrorCode::invalid,
           "literal sources {}: invalid literal source {}, expected key=value",
           go_list(literals), literal);
    }
    pairs.emplace_back(literal.substr(0, equals),
                       without_quotes(literal.substr(equals + 1)));
  }
}

std::pair<std::string, std::string> split_file_source(
    const std::string& source) {
  auto count = std::count(source.begin(), source.end(), '=');
  if (count == 0) {
    std::string_view name = source;
    while (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
    return {std::string(name.substr(name.rfind('/') + 1)), source};
  }
  if (count > 1) {
    fail(ErrorCode::invalid, "source {} key name or file path contains '='",
         quote(source));
  }
  std::size_t equals = source.find('=');
  if (equals == 0) {
    fail(ErrorCode::invalid, "missing key name for file path {} in source {}",
         quote(source.substr(1)), quote(source));
  }
  if (equals + 1 == source.size()) {
    fail(ErrorCode::invalid, "missing file path for key name {} in source {}",
         quote(source.substr(0, equals)), quote(source));
  }
  return {source.substr(0, equals), source.substr(equals + 1)};
}

void add_files(const std::vector<std::string>& files, const Loader& loader,
               Pairs& pairs) {
  try {
    for (auto& source : files) {
      auto [key, path] = split_file_source(source);
      pairs.emplace_back(key, loader.load(path));
    }
  } catch (const Error& error) {
    throw error.in("file sources: " + go_list(files));
  }
}

std::string_view trim_left(std::string_view line) {
  while (!line.empty()) {
    std::size_t next = 0;
    if (!unicode::is_space(unicode::next(line, next))) break;
    line.remove_prefix(next);
  }
  return line;
}

// Go's %v of the bytes of a line.
std::string go_bytes(std::string_view line) {
  std::string out = "[";
  for (char c : line) {
    if (out.size() > 1) out += ' ';
    out += fmt::to_string(static_cast<unsigned char>(c));
  }
  return out + "]";
}

void add_env_text(std::string_view text, Pairs& pairs) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  for (bool first = true; !text.empty(); first = false) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.size() >= kLongestLine) return;  // as Kustomize: not read on
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!unicode::is_valid(line)) {
      fail(ErrorCode::invalid, "line {} has invalid utf8 bytes : {}",
           go_bytes(line), line);
    }
    if (first && line.starts_with(kMark)) line.remove_prefix(kMark.size());
    line = trim_left(line);
    if (line.empty() || line[0] == '#') continue;
    std::size_t equals = line.find('=');
    std::string_view key = line.substr(0, equals);
    if (key.empty()) continue;
    pairs.emplace_back(key, equals == line.npos ? "" : line.substr(equals + 1));
  }
}

void add_env_files(const std::vector<std::string>& files, const Loader& loader,
                   Pairs& pairs) {
  try {
    for (auto& path : files) add_env_text(loader.load(path), pairs);
  } catch (const Error& error) {
    throw error.in("env source files: " + go_list(files));
  }
}

StringMap collect(const GeneratorArgs& args, const Loader& loader) {
  Pairs pairs;
  try {
    add_env_files(args.envs, loader, pairs);
    add_literals(args.literals, pairs);
    add_files(args.files, loader, pairs);
  } catch (const Error& error) {
    throw error.in("loading KV pairs");
  }
  StringMap data;
  for (auto& [key, value] : pairs) {
    if (!data.emplace(key, value).second) {
      fail(ErrorCode::invalid, "configmap {} illegally repeats the key `{}`",
           args.name, key);
    }
  }
  return data;
}

YamlNode make_value(std::string text) {
  YamlNode node = make_yaml_text(text);
  if (node.tag == YamlTag::binary) {
    node.tag = YamlTag::text;
    node.has_explicit_tag = false;
    node.text = to_base64_lines(text);
  }
  bool has_lines = node.text.find('\n') != node.text.npos;
  node.style = has_lines ? YamlStyle::literal : YamlStyle::plain;
  return node;
}

void put_config_map_data(YamlNode& node, const StringMap& data) {
  for (auto& [key, value] : data) {
    auto field = unicode::is_valid(value) ? "data" : "binaryData";
    node.get_or_make(field).set(key, make_value(value));
  }
}

void put_secret_data(YamlNode& node, const StringMap& data) {
  YamlNode& map = node.get_or_make("data");
  for (auto& [key, value] : data) {
    map.set(key, make_value(to_base64_lines(value)));
  }
}

YamlNode quoted_text(const std::string& text) {
  YamlNode node = make_yaml_text(text);
  node.style = YamlStyle::single_quoted;
  return node;
}

void put_options(YamlNode& node, const GeneratorOptions& options) {
  YamlNode& metadata = node.get_or_make("metadata");
  for (auto& [key, value] : options.labels) {
    metadata.get_or_make("labels").set(key, quoted_text(value));
  }
  for (auto& [key, value] : options.annotations) {
    metadata.get_or_make("annotations").set(key, quoted_text(value));
  }
  if (!options.immutable) return;
  YamlNode yes = make_yaml_scalar("true");
  yes.tag = YamlTag::boolean;
  node.set("immutable", std::move(yes));
}

GeneratorBehavior behavior_of(const std::string& text) {
  if (text == "replace") return GeneratorBehavior::replace;
  if (text == "merge") return GeneratorBehavior::merge;
  if (text == "create") return GeneratorBehavior::create;
  return GeneratorBehavior::unspecified;
}

}  // namespace

std::string to_base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 70;
  std::string text = to_base64(bytes);
  if (text.size() / kLine == 0) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += kLine) {
    out += text.substr(i, kLine);
    out += '\n';
  }
  return out;
}

std::optional<GeneratorOptions> merge_options(
    const std::optional<GeneratorOptions>& own,
    const std::optional<GeneratorOptions>& global) {
  if (!global) return own;
  GeneratorOptions merged = own.value_or(GeneratorOptions());
  merged.labels.insert(global->labels.begin(), global->labels.end());
  merged.annotations.insert(global->annotations.begin(),
                            global->annotations.end());
  if (global->disable_name_suffix_hash) merged.disable_name_suffix_hash = true;
  if (global->immutable) merged.immutable = true;
  return merged;
}

Resource make_generated(const GeneratorArgs& args, bool is_secret,
                        const Loader& loader) {
  if (args.name.empty()) {
    fail(ErrorCode::invalid, "a configmap must have a name");
  }
  Resource made;
  made.node = make_yaml_mapping();
  made.set_api_version("v1");
  made.set_kind(is_secret ? "Secret" : "ConfigMap");
  YamlNode& metadata = made.node.get_or_make("metadata");
  metadata.set("name", make_yaml_text(args.name));
  if (!args.name_space.empty()) {
    metadata.set("namespace", make_yaml_text(args.name_space));
  }
  if (is_secret) {
    made.node.set("type",
                  make_yaml_text(args.type.empty() ? "Opaque" : args.type));
  }
  StringMap data = collect(args, loader);
  if (is_secret) {
    put_secret_data(made.node, data);
  } else {
    put_config_map_data(made.node, data);
  }
  if (args.options) put_options(made.node, *args.options);
  made.needs_hash = !args.options || !args.options->disable_name_suffix_hash;
  made.behavior = behavior_of(args.behavior);
  return made;
}

}  // namespace skerry::chart::kustomize
