#include "kustomize/origin.h"

#include <algorithm>

#include "core/text/yaml_scalar.h"
#include "kustomize/repo_spec.h"

namespace skerry::chart::kustomize {

namespace {

// filepath.Join of two relative paths.
std::string join(const std::string& folder, std::string_view path) {
  std::vector<std::string_view> parts;
  bool is_absolute = folder.empty() ? path.starts_with('/')
                                    : folder.starts_with('/');
  for (std::string_view rest : {std::string_view(folder), path}) {
    while (!rest.empty()) {
      std::size_t slash = rest.find('/');
      std::string_view part = rest.substr(0, slash);
      rest = slash == rest.npos ? "" : rest.substr(slash + 1);
      if (part.empty() || part == ".") continue;
      if (part == ".." && !parts.empty() && parts.back() != "..") {
        parts.pop_back();
      } else if (part != ".." || !is_absolute) {
        parts.push_back(part);
      }
    }
  }
  std::string out = is_absolute ? "/" : "";
  for (auto part : parts) {
    if (!out.empty() && out.back() != '/') out += '/';
    out += part;
  }
  return out.empty() ? "." : out;
}

// A string as go-yaml 3 writes it on one line.
std::string scalar(const std::string& text) {
  bool needs_quotes = text.empty() || yaml_needs_quotes(text) ||
                      text.find(": ") != text.npos ||
                      text.find(" #") != text.npos || text.back() == ':' ||
                      text.front() == ' ' || text.back() == ' ' ||
                      std::string_view("-?:,[]{}#&*!|>'\"%@`").find(text[0]) !=
                          std::string_view::npos;
  if (!needs_quotes) return text;
  bool reads_as_other = yaml_needs_quotes(text);
  char quote = reads_as_other || text.empty() ? '"' : '\'';
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote || (quote == '"' && c == '\\')) {
      out += quote == '"' ? '\\' : '\'';
    }
    out += c;
  }
  return out + quote;
}

void add_line(std::string& out, std::string_view name,
              const std::string& value) {
  if (!value.empty()) out += fmt::format("{}: {}\n", name, scalar(value));
}

// The lines as an item of a list.
std::string as_item(const std::string& text) {
  std::string out = "- ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\n' && i + 1 < text.size()) out += "  ";
  }
  return out;
}

std::string path_of_origin(const std::string& origin, std::string_view field) {
  auto result = read_yaml_node(origin);
  auto* node = std::get_if<YamlNode>(&result);
  return node ? node->text_of(field) : std::string();
}

void set_annotation(Resource& resource, std::string_view key,
                    std::string value) {
  auto annotations = resource.annotations();
  std::erase_if(annotations, [&](auto& one) { return one.first == key; });
  annotations.emplace_back(key, std::move(value));
  resource.set_annotations(std::move(annotations));
}

}  // namespace

Origin Origin::at(const std::string& relative) const {
  Origin made = *this;
  std::string found = relative;
  if (auto spec = parse_repo_spec(relative)) {
    made.repo = spec->clone_spec();
    made.ref = spec->ref;
    made.path.clear();
    found = spec->folder;
  }
  made.path = made.path.empty() && found.empty() ? "" : join(made.path, found);
  return made;
}

std::string Origin::text() const {
  std::string out;
  add_line(out, "path", path);
  add_line(out, "repo", repo);
  add_line(out, "ref", ref);
  add_line(out, "configuredIn", configured_in);
  if (kind.empty() && api_version.empty()) {
    return out.empty() ? "{}\n" : out;
  }
  out += "configuredBy:\n";
  std::string by;
  add_line(by, "apiVersion", api_version);
  add_line(by, "kind", kind);
  add_line(by, "name", name);
  add_line(by, "namespace", name_space);
  for (std::size_t i = 0; i < by.size();) {
    std::size_t end = by.find('\n', i) + 1;
    out += "  " + by.substr(i, end - i);
    i = end;
  }
  return out;
}

std::optional<Origin> origin_of_plugin(const Resource& resource) {
  auto text = resource.annotation(kOriginAnnotation);
  if (!text) return {};
  Origin origin;
  origin.repo = path_of_origin(*text, "repo");
  origin.ref = path_of_origin(*text, "ref");
  origin.configured_in = path_of_origin(*text, "path");
  origin.api_version = resource.api_version();
  origin.kind = resource.kind();
  origin.name = resource.name();
  origin.name_space = resource.name_space();
  return origin;
}

void add_origin(ResourceMap& resources, const Origin& origin) {
  for (auto& one : resources.resources()) {
    if (one->annotation(kOriginAnnotation)) continue;
    set_annotation(*one, kOriginAnnotation, origin.text());
  }
}

void add_transformation(ResourceMap& resources, const Origin& origin) {
  for (auto& one : resources.resources()) {
    if (!one->annotation(kOriginAnnotation)) {
      set_annotation(*one, kOriginAnnotation, origin.text());
      continue;
    }
    std::string before =
        one->annotation(kTransformationsAnnotation).value_or("");
    set_annotation(*one, kTransformationsAnnotation,
                   before + as_item(origin.text()));
  }
}

}  // namespace skerry::chart::kustomize
