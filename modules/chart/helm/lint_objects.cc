#include "helm/lint_objects.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/error.h"
#include "gotemplate/error.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/url.h"
#include "gotemplate/go_json.h"
#include "gotemplate/print.h"
#include "helm/metadata.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kLabel = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// [a-z0-9]([-a-z0-9]*[a-z0-9])?
bool is_label(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) ||
      !is_lower_or_digit(text.back())) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower_or_digit(c) || c == '-';
  });
}

bool is_subdomain(std::string_view text) {
  auto labels = go_split(text, ".", -1);
  return std::all_of(labels.begin(), labels.end(),
                     [](const std::string& label) { return is_label(label); });
}

using Problems = std::vector<std::string>;

void check_length(std::string_view name, std::size_t most,
                  Problems& problems) {
  if (name.size() <= most) return;
  problems.push_back(fmt::format("must be no more than {} characters", most));
}

Problems subdomain_problems(std::string_view name) {
  Problems problems;
  check_length(name, 253, problems);
  if (!is_subdomain(name)) {
    problems.push_back(fmt::format(
        "a lowercase RFC 1123 subdomain must consist of lower case "
        "alphanumeric characters, '-' or '.', and must start and end with an "
        "alphanumeric character (e.g. 'example.com', regex used for validation "
        "is '{}(\\.{})*')",
        kLabel, kLabel));
  }
  return problems;
}

Problems label_problems(std::string_view name) {
  Problems problems;
  check_length(name, 63, problems);
  if (is_label(name)) return problems;
  if (is_subdomain(name)) {
    problems.push_back("must not contain dots");
  } else {
    problems.push_back(fmt::format(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric "
        "characters or '-', and must start and end with an alphanumeric "
        "character (e.g. 'my-name',  or '123-abc', regex used for validation "
        "is '{}')",
        kLabel));
  }
  return problems;
}

Problems service_problems(std::string_view name) {
  Problems problems;
  check_length(name, 63, problems);
  if (!is_label(name) || (name[0] >= '0' && name[0] <= '9')) {
    problems.push_back(
        "a DNS-1035 label must consist of lower case alphanumeric characters "
        "or '-', start with an alphabetic character, and end with an "
        "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
        "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
  }
  return problems;
}

Problems path_problems(std::string_view name) {
  if (name == "." || name == "..") {
    return {fmt::format("may not be '{}'", name)};
  }
  Problems problems;
  for (char c : {'/', '%'}) {
    if (name.find(c) != name.npos) {
      problems.push_back(fmt::format("may not contain '{}'", c));
    }
  }
  return problems;
}

std::string in_lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

[[noreturn]] void fail_shape(const Json& value, std::string_view what) {
  fail(ErrorCode::invalid,
       "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
       "{} into Go {}",
       json_type_name(from_json(value)), what);
}

std::string read_text(const Json& object, std::string_view key,
                      std::string_view field) {
  auto* member = go_member(object, key);
  if (!member) return "";
  if (member->is_structured()) {
    fail_shape(*member, fmt::format("struct field k8sYamlStruct.{} of type "
                                    "string",
                                    field));
  }
  return go_string(*member, field);
}

bool equal_as_go(std::string_view key, std::string_view name) {
  return in_lower_case(std::string(key)) == in_lower_case(std::string(name));
}

using Names = std::span<const std::string_view>;

bool is_one_of(std::string_view key, Names known) {
  return std::any_of(known.begin(), known.end(), [&](std::string_view name) {
    return equal_as_go(key, name);
  });
}

constexpr std::array<std::string_view, 17> kChartMembers = {
    "name",        "home",       "sources",      "version",
    "description", "keywords",   "maintainers",  "icon",
    "apiVersion",  "condition",  "tags",         "appVersion",
    "deprecated",  "annotations", "kubeVersion", "dependencies",
    "type"};
constexpr std::array<std::string_view, 3> kMaintainerMembers = {
    "name", "email", "url"};
constexpr std::array<std::string_view, 8> kDependencyMembers = {
    "name", "version", "repository", "condition",
    "tags", "enabled", "import-values", "alias"};

std::string unknown_in_list(const Json& list, Names known) {
  if (!list.is_array()) return "";
  for (auto& item : list) {
    if (!item.is_object()) continue;
    for (auto& [key, value] : item.items()) {
      if (!is_one_of(key, known)) return key;
    }
  }
  return "";
}

}  // namespace

LintedObject read_linted_object(const Json& document) {
  if (!document.is_object()) {
    fail_shape(document, "value of type rules.k8sYamlStruct");
  }
  LintedObject object;
  object.api_version = read_text(document, "apiVersion", "apiVersion");
  object.kind = read_text(document, "kind", "Kind");
  auto* metadata = go_member(document, "metadata");
  if (!metadata) return object;
  if (!metadata->is_object()) {
    fail_shape(*metadata, "struct field k8sYamlStruct.Metadata of type "
                          "rules.k8sYamlMetadata");
  }
  object.name = read_text(*metadata, "name", "Metadata.Name");
  read_text(*metadata, "namespace", "Metadata.Namespace");
  return object;
}

std::string name_problem(const LintedObject& object) {
  const std::string& name = object.name;
  std::string kind = in_lower_case(object.kind);
  Problems problems;
  if (kind == "service") {
    problems = service_problems(name);
  } else if (kind == "namespace") {
    problems = label_problems(name);
  } else if (kind == "role" || kind == "clusterrole" ||
             kind == "rolebinding" || kind == "clusterrolebinding") {
    problems = path_problems(name);
  } else if (kind != "certificatesigningrequest") {
    problems = subdomain_problems(name);
  }
  std::string all;
  for (auto& problem : problems) {
    all += fmt::format("{}metadata.name: Invalid value: {}: {}",
                       all.empty() ? "" : ", ", quote(name), problem);
  }
  return problems.size() > 1 ? "[" + all + "]" : all;
}

std::string unknown_member(const Json& chart_file) {
  if (!chart_file.is_object()) return "";
  // In the order of encoding/json, which sees sorted keys.
  for (auto& [key, value] : chart_file.items()) {
    if (!is_one_of(key, kChartMembers)) return key;
    std::string found;
    if (equal_as_go(key, "maintainers")) {
      found = unknown_in_list(value, kMaintainerMembers);
    } else if (equal_as_go(key, "dependencies")) {
      found = unknown_in_list(value, kDependencyMembers);
    }
    if (!found.empty()) return found;
  }
  return "";
}

bool is_request_url(const std::string& text) {
  try {
    Url url = parse_url(text);
    return !url.scheme.empty();
  } catch (const TemplateError&) {
    return false;
  }
}

bool is_web_address(const std::string& text) {
  if (text.size() <= 3 || text.size() >= 2083 || text[0] == '.') return false;
  if (text.find_first_of(" \t\r\n\"<>") != text.npos) return false;
  std::string_view rest = text;
  if (std::size_t at = rest.find("://"); at != rest.npos) {
    constexpr std::string_view kSchemes[] = {"ftp", "tcp",  "udp",  "ws",
                                             "wss", "http", "https"};
    auto scheme = rest.substr(0, at);
    if (std::find(std::begin(kSchemes), std::end(kSchemes), scheme) ==
        std::end(kSchemes)) {
      return false;
    }
    rest.remove_prefix(at + 3);
  }
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (std::size_t at = rest.rfind('@'); at != rest.npos) {
    rest.remove_prefix(at + 1);
  }
  if (std::size_t colon = rest.rfind(':'); colon != rest.npos) {
    rest = rest.substr(0, colon);
  }
  if (rest == "localhost" || rest.starts_with('[')) return true;
  auto labels = go_split(rest, ".", -1);
  bool are_good = std::all_of(
      labels.begin(), labels.end(), [](const std::string& label) {
        return !label.empty() && label.front() != '-' &&
               label.back() != '-' &&
               label.find_first_of("!$%&'()*+,;=_~") == label.npos;
      });
  return are_good && (labels.size() > 1 || text.find("://") != text.npos);
}

bool is_email(std::string_view text) {
  std::size_t at = text.rfind('@');
  if (at == text.npos || at == 0 || at + 1 >= text.size()) return false;
  if (text.find_first_of(" \t<>,;") != text.npos) return false;
  auto domain = text.substr(at + 1);
  return domain.find('.') != domain.npos && domain.front() != '.' &&
         domain.back() != '.' && text.find('@') == at && text[0] != '.' &&
         text[at - 1] != '.' && text.find("..") == text.npos;
}

}  // namespace skerry::chart
