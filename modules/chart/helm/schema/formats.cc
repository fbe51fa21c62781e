#include "helm/schema/formats.h"

#include <re2/re2.h>

#include "core/error.h"
#include "core/text/unicode.h"
#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/regex.h"
#include "gotemplate/funcs/url.h"
#include "gotemplate/go_time.h"
#include "gotemplate/print.h"
#include "helm/schema/formats_net.h"
#include "helm/schema/formats_time.h"

namespace skerry::chart::schema {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

std::string json_pointer(const std::string& text) {
  if (text.empty()) return "";
  if (text[0] != '/') return "not starting with /";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    char next = i + 1 < text.size() ? text[i + 1] : '/';
    if (next != '0' && next != '1') return "~ must be followed by 0 or 1";
  }
  return "";
}

std::string relative_json_pointer(const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0) return "must start with non-negative integer";
  if (digits > 1 && text[0] == '0') return "starts with zero";
  std::string rest = text.substr(digits);
  return rest == "#" ? "" : json_pointer(rest);
}

std::string uuid(const std::string& text) {
  constexpr std::size_t kSizes[] = {8, 4, 4, 4, 12};
  auto groups = go_split(text, "-", -1);
  if (groups.size() != std::size(kSizes)) return "must have 5 elements";
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].size() != kSizes[i]) {
      return fmt::format("element {} must be {} characters long", i + 1,
                         kSizes[i]);
    }
    for (char32_t c : unicode::decode(groups[i])) {
      bool hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f' && c < 0x80);
      if (!hex) return "non-hex character " + quote_character(c, false);
    }
  }
  return "";
}

std::string url_problem(const std::string& text, Url* parsed = nullptr) {
  constexpr std::string_view kPrefix = "unable to parse url: ";
  Url url;
  try {
    url = parse_url(text);
  } catch (const Error& error) {
    std::string_view why = error.message();
    if (why.starts_with(kPrefix)) why.remove_prefix(kPrefix.size());
    return std::string(why);
  }
  if (url.hostname().find(':') != std::string::npos) {
    if (url.host.find('[') == url.host.npos ||
        url.host.find(']') == url.host.npos) {
      return "ipv6 address not enclosed in brackets";
    }
    auto problem = ipv6_problem(url.hostname());
    if (!problem.empty()) return "invalid ipv6 address: " + problem;
  }
  if (parsed) *parsed = url;
  return "";
}

std::string uri(const std::string& text) {
  Url url;
  auto problem = url_problem(text, &url);
  if (problem.empty() && url.scheme.empty()) return "relative url";
  return problem;
}

std::string uri_reference(const std::string& text) {
  if (text.find('\\') != text.npos) return "contains \\";
  return url_problem(text);
}

std::string uri_template(const std::string& text) {
  Url url;
  if (auto problem = url_problem(text, &url); !problem.empty()) return problem;
  for (auto& part : go_split(url.path, "/", -1)) {
    bool wants_open = true;
    for (char c : part) {
      if (c != '{' && c != '}') continue;
      if ((c == '{') != wants_open) return "nested curly braces";
      wants_open = !wants_open;
    }
    if (!wants_open) return "no matching closing brace";
  }
  return "";
}

std::string identifier_problem(std::string_view part, std::string_view what) {
  if (part.empty()) return fmt::format("{} is empty", what);
  for (char32_t c : unicode::decode(part)) {
    bool plain = c < 0x80 && (is_digit(static_cast<char>(c)) ||
                              is_letter(static_cast<char>(c)) || c == '-');
    if (!plain) {
      return fmt::format("invalid character {} in {}",
                         quote_character(c, false), what);
    }
  }
  return "";
}

std::string semver(std::string text) {
  if (std::size_t plus = text.find('+'); plus != text.npos) {
    std::string build = text.substr(plus + 1);
    if (build.empty()) return "build is empty";
    for (auto& part : go_split(build, ".", -1)) {
      auto problem = identifier_problem(part, "build identifier");
      if (!problem.empty()) return problem;
    }
    text.erase(plus);
  }
  if (std::size_t dash = text.find('-'); dash != text.npos) {
    for (auto& part : go_split(text.substr(dash + 1), ".", -1)) {
      auto problem = identifier_problem(part, "pre-release identifier");
      if (!problem.empty()) return problem;
      bool digits = part.find_first_not_of("0123456789") == part.npos;
      if (digits && part.size() > 1 && part[0] == '0') {
        return "pre-release numeric identifier starts with zero";
      }
    }
    text.erase(dash);
  }
  auto parts = go_split(text, ".", -1);
  if (parts.size() != 3) {
    return "versionCore must have 3 numbers separated by dot";
  }
  constexpr std::string_view kNames[] = {"major", "minor", "patch"};
  for (std::size_t i = 0; i < 3; ++i) {
    std::string name(kNames[i]);
    if (parts[i].empty()) return name + " is empty";
    if (parts[i].size() > 1 && parts[i][0] == '0') {
      return name + " starts with zero";
    }
    if (parts[i].find_first_not_of("0123456789") != parts[i].npos) {
      return name + " contains non-digit";
    }
  }
  return "";
}

std::string regex(const std::string& text) {
  re2::RE2 compiled(go_pattern(text), go_regex_options());
  return compiled.ok() ? "" : go_regex_error(compiled);
}

using Check = std::string (*)(const std::string&);
struct Format {
  std::string_view name;
  Check check;
};

constexpr Format kFormats[] = {
    {"json-pointer", json_pointer},
    {"relative-json-pointer", relative_json_pointer},
    {"uuid", uuid},
    {"duration", duration_problem},
    {"period", period_problem},
    {"ipv4", ipv4_problem},
    {"ipv6", ipv6_problem},
    {"hostname", hostname_problem},
    {"email", email_problem},
    {"date", date_problem},
    {"time", time_problem},
    {"date-time", date_time_problem},
    {"uri", uri},
    {"iri", uri},
    {"uri-reference", uri_reference},
    {"iri-reference", uri_reference},
    {"uri-template", uri_template},
    {"semver", [](const std::string& text) { return semver(text); }},
    {"regex", regex},
};

}  // namespace

std::optional<std::string> format_problem(std::string_view format,
                                          const std::string& text) {
  for (auto& known : kFormats) {
    if (known.name != format) continue;
    auto problem = known.check(text);
    if (problem.empty()) return {};
    return problem;
  }
  return {};
}

}  // namespace skerry::chart::schema
