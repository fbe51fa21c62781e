#include "names.h"

namespace skerry::registry {
namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_word(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

// What may stand between two runs of letters and digits: ".", "_", "__" or
// any number of "-".
bool is_separator(std::string_view text) {
  if (text == "." || text == "_" || text == "__") return true;
  return !text.empty() && text.find_first_not_of('-') == std::string_view::npos;
}

bool is_name_part(std::string_view part) {
  if (part.empty() || !is_lower_or_digit(part.front()) ||
      !is_lower_or_digit(part.back())) {
    return false;
  }
  std::size_t at = 0;
  while (at < part.size()) {
    if (is_lower_or_digit(part[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (!is_lower_or_digit(part[end])) ++end;  // the last one is
    if (!is_separator(part.substr(at, end - at))) return false;
    at = end;
  }
  return true;
}

}  // namespace

bool is_repository_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameLength) return false;
  while (true) {
    const auto slash = text.find('/');
    if (!is_name_part(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_tag(std::string_view text) {
  if (text.empty() || text.size() > 128 || !is_word(text.front())) return false;
  for (const char c : text) {
    if (!is_word(c) && c != '.' && c != '-') return false;
  }
  return true;
}

std::optional<Reference> parse_reference(std::string_view text) {
  if (is_tag(text)) return Reference(std::string(text));
  if (auto digest = Digest::parse(text)) return Reference(std::move(*digest));
  return {};
}

std::optional<FullName> split_name(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !is_repository_name(text)) return {};
  return FullName{std::string(text.substr(0, slash)),
                  std::string(text.substr(slash + 1))};
}

std::string referrers_tag(const Digest& subject) {
  auto text = subject.to_string();
  text[text.find(':')] = '-';
  return text;
}

}  // namespace skerry::registry
