#include "core/text/semver.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/text/number.h"

namespace skerry {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

std::optional<std::uint64_t> number(std::string_view text) {
  return parse_number<std::uint64_t>(text);
}

bool identifier_ok(std::string_view text, bool numeric_may_lead_with_zero) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                    (c >= 'A' && c <= 'Z') || c == '-';
    if (!ok) return false;
  }
  return numeric_may_lead_with_zero || !is_number(text) || text.size() == 1 ||
         text[0] != '0';
}

std::weak_ordering compare_identifier(const std::string& a,
                                      const std::string& b) {
  const bool a_number = is_number(a), b_number = is_number(b);
  if (a_number != b_number) {
    return a_number ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  if (a_number && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

// A version of which trailing parts may be missing or "x".
struct Partial {
  SemVer version;
  int parts = 0;  // how many of major, minor, patch are given
};

std::optional<Partial> parse_partial(std::string_view text) {
  if (!text.empty() && text[0] == 'v') text.remove_prefix(1);
  Partial out;
  const std::size_t tail = text.find_first_of("-+");
  std::string_view core = text.substr(0, tail);
  std::string padded;
  for (const std::string& part : split(core, '.')) {
    if (part == "x" || part == "X" || part == "*") break;
    if (!number(part) || out.parts == 3) return std::nullopt;
    padded += (out.parts == 0 ? "" : ".") + part;
    ++out.parts;
  }
  for (int i = out.parts; i < 3; ++i) padded += i == 0 ? "0" : ".0";
  if (tail != std::string_view::npos) padded += text.substr(tail);
  const auto version = SemVer::parse(padded, false);
  if (!version) return std::nullopt;
  out.version = *version;
  return out;
}

SemVer release(std::uint64_t major, std::uint64_t minor, std::uint64_t patch) {
  SemVer v;
  v.major = major;
  v.minor = minor;
  v.patch = patch;
  return v;
}

// The first version above everything that `partial` stands for, when its part
// number `part` (1 major ... 3 patch) is raised.
SemVer raised(const SemVer& v, int part) {
  if (part == 1) return release(v.major + 1, 0, 0);
  if (part == 2) return release(v.major, v.minor + 1, 0);
  return release(v.major, v.minor, v.patch + 1);
}

// "^1.2" may raise everything right of the first part that is not zero.
SemVer caret_bound(const Partial& p) {
  if (p.version.major > 0 || p.parts < 2) return raised(p.version, 1);
  if (p.version.minor > 0 || p.parts < 3) return raised(p.version, 2);
  return raised(p.version, 3);
}

bool within(const SemVer& v, const SemVer& low, const SemVer& below) {
  // A prerelease of the bound is not within: 2.0.0-rc.1 is not in ^1.
  SemVer core = v;
  core.prerelease.clear();
  return v >= low && core < below;
}

bool compare_one(const SemVer& v, std::string_view op, const Partial& p) {
  if (!v.prerelease.empty() && p.version.prerelease.empty()) return false;
  if (op == "^") return within(v, p.version, caret_bound(p));
  if (op == "~" || op == "~>") {
    if (p.parts == 0) return true;
    return within(v, p.version, raised(p.version, std::min(p.parts, 2)));
  }
  const bool exact = p.parts == 3;
  const SemVer above = p.parts == 0 ? p.version : raised(p.version, p.parts);
  const bool inside =
      p.parts == 0 || (exact ? v == p.version : within(v, p.version, above));
  if (op == "" || op == "=") return inside;
  if (op == "!=") return !inside;
  if (op == ">") return exact ? v > p.version : p.parts > 0 && v >= above;
  if (op == ">=" || op == "=>") return v >= p.version;
  if (op == "<") return v < p.version;
  return exact ? v <= p.version : p.parts == 0 || v < above;  // "<="
}

[[noreturn]] void bad_constraint(std::string_view text) {
  fail(ErrorCode::invalid, "improper version constraint: {}", text);
}

// Reads one comparison off the front of `text`.
bool take_comparison(const SemVer& version, std::string_view& text,
                     std::string_view whole) {
  const std::size_t op_end = text.find_first_not_of("=!<>~^");
  const std::string_view op = text.substr(0, op_end);
  static constexpr std::string_view kOps[] = {
      "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"};
  if (op_end == std::string_view::npos ||
      std::find(std::begin(kOps), std::end(kOps), op) == std::end(kOps)) {
    bad_constraint(whole);
  }
  text.remove_prefix(op_end);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::size_t end = std::min(text.find_first_of(" ,"), text.size());
  const auto partial = parse_partial(text.substr(0, end));
  if (!partial) bad_constraint(whole);
  text.remove_prefix(end);
  return compare_one(version, op, *partial);
}

bool satisfies_all(const SemVer& version, std::string_view text,
                   std::string_view whole) {
  // "1.2 - 2.3" is ">=1.2 <=2.3".
  if (const std::size_t dash = text.find(" - ");
      dash != std::string_view::npos) {
    auto trim = [](std::string_view t) {
      while (!t.empty() && t.front() == ' ') t.remove_prefix(1);
      while (!t.empty() && t.back() == ' ') t.remove_suffix(1);
      return t;
    };
    const auto low = parse_partial(trim(text.substr(0, dash)));
    const auto high = parse_partial(trim(text.substr(dash + 3)));
    if (!low || !high) bad_constraint(whole);
    return compare_one(version, ">=", *low) &&
           compare_one(version, "<=", *high);
  }
  bool all = true, any = false;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
    if (text.empty()) break;
    any = true;
    all = take_comparison(version, text, whole) && all;
  }
  if (!any) bad_constraint(whole);
  return all;
}

}  // namespace

std::optional<SemVer> SemVer::parse(std::string_view text, bool strict) {
  if (!strict && !text.empty() && text[0] == 'v') text.remove_prefix(1);
  SemVer v;
  if (const std::size_t plus = text.find('+');
      plus != std::string_view::npos) {
    v.build = text.substr(plus + 1);
    for (const std::string& part : split(v.build, '.')) {
      if (!identifier_ok(part, true)) return std::nullopt;
    }
    text = text.substr(0, plus);
  }
  if (const std::size_t dash = text.find('-');
      dash != std::string_view::npos) {
    v.prerelease = split(text.substr(dash + 1), '.');
    for (const std::string& part : v.prerelease) {
      if (!identifier_ok(part, false)) return std::nullopt;
    }
    text = text.substr(0, dash);
  }
  std::vector<std::string> parts = split(text, '.');
  if (strict ? parts.size() != 3 : parts.size() > 3) return std::nullopt;
  for (auto& part : parts) {
    bool has_zero = part.size() > 1 && part[0] == '0';
    if (strict && has_zero) return std::nullopt;
  }
  parts.resize(3, "0");
  const auto major = number(parts[0]), minor = number(parts[1]),
             patch = number(parts[2]);
  if (!major || !minor || !patch) return std::nullopt;
  v.major = *major;
  v.minor = *minor;
  v.patch = *patch;
  return v;
}

std::string SemVer::to_string() const {
  std::string out = fmt::format("{}.{}.{}", major, minor, patch);
  for (std::size_t i = 0; i < prerelease.size(); ++i) {
    out += (i == 0 ? "-" : ".") + prerelease[i];
  }
  return build.empty() ? out : out + "+" + build;
}

std::weak_ordering SemVer::operator<=>(const SemVer& other) const {
  if (major != other.major) return major <=> other.major;
  if (minor != other.minor) return minor <=> other.minor;
  if (patch != other.patch) return patch <=> other.patch;
  if (prerelease.empty() != other.prerelease.empty()) {
    return prerelease.empty() ? std::weak_ordering::greater
                              : std::weak_ordering::less;
  }
  const std::size_t common =
      std::min(prerelease.size(), other.prerelease.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto order = compare_identifier(prerelease[i], other.prerelease[i]);
    if (order != 0) return order;
  }
  return prerelease.size() <=> other.prerelease.size();
}

bool SemVer::operator==(const SemVer& other) const {
  return (*this <=> other) == 0;
}

bool semver_satisfies(const SemVer& version, std::string_view constraint) {
  bool any = false;
  std::string_view rest = constraint;
  while (true) {
    const std::size_t bar = rest.find("||");
    any = satisfies_all(version, rest.substr(0, bar), constraint) || any;
    if (bar == std::string_view::npos) return any;
    rest.remove_prefix(bar + 2);
  }
}

}  // namespace skerry
