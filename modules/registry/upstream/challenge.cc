#include "registry/challenge.h"

#include <algorithm>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/text/json.h"
#include "core/text/number.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kMostChallenges = 16;
constexpr std::size_t kMostParams = 32;
constexpr std::size_t kLongestToken = 64u << 10;
constexpr std::int64_t kLongestLife = 7 * 24 * 3600;

bool is_token_char(char c) {
  return http::is_token(std::string_view(&c, 1));
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Reads a header's text from front to back.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool at_end() const { return rest_.empty(); }
  void skip(std::string_view any_of) {
    const auto end = rest_.find_first_not_of(any_of);
    rest_.remove_prefix(std::min(end, rest_.size()));
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token_char(rest_[size])) ++size;
    const auto found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }
  // After the opening quote; up to the closing one or the end.
  std::string quoted() {
    std::string value;
    while (!rest_.empty() && !take('"')) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    return value;
  }
  // What stands before `end`, which is taken too.
  std::string_view until(char end) {
    const auto at = rest_.find(end);
    const auto found = rest_.substr(0, at);
    rest_.remove_prefix(std::min(rest_.size(), found.size() + 1));
    return found;
  }
  void drop() {
    if (!rest_.empty()) rest_.remove_prefix(1);
  }

 private:
  std::string_view rest_;
};

std::string read_value(Scanner& in) {
  in.skip(" \t");
  if (in.take('"')) return in.quoted();
  return std::string(in.token());
}

}  // namespace

std::string Challenge::param(const std::string& name) const {
  const auto it = params.find(name);
  return it == params.end() ? std::string() : it->second;
}

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> found;
  Scanner in(header);
  while (true) {
    in.skip(" \t,");
    if (in.at_end()) return found;
    const auto word = in.token();
    if (word.empty()) {
      in.drop();
      continue;
    }
    in.skip(" \t");
    if (!in.take('=')) {
      if (found.size() == kMostChallenges) return found;
      found.push_back({lower(word), {}});
      continue;
    }
    auto value = read_value(in);
    if (found.empty() || found.back().params.size() >= kMostParams) continue;
    found.back().params.emplace(lower(word), std::move(value));
  }
}

std::optional<std::string> parse_next_link(std::string_view header) {
  Scanner in(header);
  while (true) {
    in.skip(" \t,");
    if (!in.take('<')) return {};
    const std::string target(in.until('>'));
    bool next = false;
    while (true) {
      in.skip(" \t");
      if (!in.take(';')) break;
      in.skip(" \t");
      const auto name = lower(in.token());
      in.skip(" \t");
      const auto value = in.take('=') ? read_value(in) : std::string();
      next = next || (name == "rel" && lower(value) == "next");
    }
    if (next) return target;
    if (!in.take(',')) return {};
  }
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  const auto number = parse_number<std::uint64_t>(text);
  if (number > static_cast<std::uint64_t>(INT64_MAX)) return {};
  return number;
}

std::optional<ContentRange> parse_content_range(std::string_view header) {
  constexpr std::string_view kUnit = "bytes ";
  if (!http::equal_ignoring_case(header.substr(0, kUnit.size()), kUnit)) {
    return {};
  }
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  const auto slash = header.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos ||
      slash < dash) {
    return {};
  }
  const auto first = parse_decimal(header.substr(0, dash));
  const auto last = parse_decimal(header.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return {};
  ContentRange range{*first, *last, {}};
  const auto total = header.substr(slash + 1);
  if (total == "*") return range;
  range.total = parse_decimal(total);
  if (!range.total || *range.total <= *last) return {};
  return range;
}

std::optional<IssuedToken> parse_token_answer(std::string_view json) {
  Json answer;
  try {
    answer = parse_json(json, 16);
  } catch (const Error&) {
    return {};
  }
  if (!answer.is_object()) return {};
  IssuedToken issued;
  for (const char* key : {"token", "access_token"}) {
    const auto it = answer.find(key);
    if (it == answer.end() || !it->is_string()) continue;
    issued.token = it->get<std::string>();
    if (!issued.token.empty()) break;
  }
  const bool sendable =
      !issued.token.empty() && issued.token.size() <= kLongestToken &&
      std::all_of(issued.token.begin(), issued.token.end(),
                  [](char c) { return c > ' ' && c < '\x7f'; });
  if (!sendable) return {};
  const auto life = answer.find("expires_in");
  if (life != answer.end() && life->is_number_integer()) {
    issued.seconds = std::clamp<std::int64_t>(
        life->is_number_unsigned()
            ? static_cast<std::int64_t>(std::min<std::uint64_t>(
                  life->get<std::uint64_t>(), kLongestLife))
            : life->get<std::int64_t>(),
        0, kLongestLife);
  }
  return issued;
}

}  // namespace skerry::registry
