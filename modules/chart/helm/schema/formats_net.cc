#include "helm/schema/formats_net.h"

#include <fmt/format.h>

#include "core/text/unicode.h"
#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/print.h"

namespace skerry::chart::schema {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool is_plain(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

// net/netip's reader, for what it says.
class AddressReader {
 public:
  explicit AddressReader(const std::string& text) : text_(text) {}

  std::string read_ipv6() {
    std::string_view rest = text_;
    if (std::size_t percent = rest.find('%'); percent != rest.npos) {
      if (percent + 1 == rest.size()) {
        return problem("zone must be a non-empty string");
      }
      rest = rest.substr(0, percent);
    }
    bool has_ellipsis = rest.starts_with("::");
    if (has_ellipsis) rest.remove_prefix(2);
    int bytes = 0;
    while (bytes < 16 && !rest.empty()) {
      std::size_t digits = 0;
      while (digits < rest.size() && is_hex(rest[digits])) {
        if (++digits > 4) {
          return problem("each group must have 4 or less digits", rest);
        }
      }
      if (digits == 0) {
        return problem(
            "each colon-separated field must have at least one digit", rest);
      }
      if (digits < rest.size() && rest[digits] == '.') {
        if (!has_ellipsis && bytes != 12) {
          return problem("embedded IPv4 address must replace the final 2 "
                         "fields of the address", rest);
        }
        if (bytes + 4 > 16) {
          return problem("too many hex fields to fit an embedded IPv4 at the "
                         "end of the address", rest);
        }
        if (auto wrong = read_ipv4(rest); !wrong.empty()) return wrong;
        rest = {};
        bytes += 4;
        break;
      }
      bytes += 2;
      rest.remove_prefix(digits);
      if (rest.empty()) break;
      if (rest[0] != ':') {
        return problem("unexpected character, want colon", rest);
      }
      if (rest.size() == 1) {
        return problem("colon must be followed by more characters", rest);
      }
      rest.remove_prefix(1);
      if (rest[0] != ':') continue;
      if (has_ellipsis) return problem("multiple :: in address", rest);
      has_ellipsis = true;
      rest.remove_prefix(1);
    }
    if (!rest.empty()) return problem("trailing garbage after address", rest);
    if (bytes < 16 && !has_ellipsis) return problem("address string too short");
    if (bytes == 16 && has_ellipsis) {
      return problem("the :: must expand to at least one field of zeros");
    }
    return "";
  }

  std::string read_ipv4(std::string_view text) {
    int value = 0, digits = 0, dots = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (is_digit(text[i])) {
        if (digits == 1 && value == 0) {
          return problem("IPv4 field has octet with leading zero");
        }
        value = value * 10 + (text[i] - '0');
        ++digits;
        if (value > 255) return problem("IPv4 field has value >255");
      } else if (text[i] == '.') {
        if (i == 0 || i + 1 == text.size() || text[i - 1] == '.') {
          return problem("IPv4 field must have at least one digit",
                         text.substr(i));
        }
        if (dots == 3) return problem("IPv4 address too long");
        ++dots;
        value = digits = 0;
      } else {
        return problem("unexpected character", text.substr(i));
      }
    }
    return dots < 3 ? problem("IPv4 address too short") : "";
  }

 private:
  std::string problem(std::string_view why, std::string_view at = {}) const {
    std::string out = fmt::format("ParseAddr({}): {}", quote(text_), why);
    if (!at.empty()) out += fmt::format(" (at {})", quote(at));
    return out;
  }

  const std::string& text_;
};

std::string local_part_problem(const std::string& local) {
  if (local.size() > 64) return "local part more than 64 characters long";
  if (local.size() > 1 && local[0] == '"') {
    std::string inner = local.substr(1, local.size() - 2);
    return inner.find_first_of("\\\"") == inner.npos
               ? ""
               : "backslash and quote are not allowed within quoted local part";
  }
  if (local.starts_with('.')) return "starts with dot";
  if (local.ends_with('.')) return "ends with dot";
  if (local.find("..") != local.npos) return "consecutive dots";
  constexpr std::string_view kOthers = ".!#$%&'*+-/=?^_`{|}~";
  for (char32_t c : unicode::decode(local)) {
    bool allowed = is_plain(c) || (c < 0x80 && kOthers.find(static_cast<char>(c)) !=
                                                   kOthers.npos);
    if (!allowed) return "invalid character " + quote_character(c, false);
  }
  return "";
}

}  // namespace

std::string ipv4_problem(const std::string& text) {
  auto groups = go_split(text, ".", -1);
  if (groups.size() != 4) return "expected four decimals";
  for (auto& group : groups) {
    if (group.size() > 1 && group[0] == '0') return "leading zeros";
    auto number = parse_go_int(group, 10);
    if (!number) {
      return fmt::format("strconv.Atoi: parsing {}: invalid syntax",
                         quote(group));
    }
    if (*number < 0 || *number > 255) {
      return "decimal must be between 0 and 255";
    }
  }
  return "";
}

std::string ipv6_problem(const std::string& text) {
  std::size_t first = text.find_first_of(".:%");
  if (text.find(':') == text.npos) return "missing colon";
  AddressReader reader(text);
  if (text[first] == '.') return reader.read_ipv4(text);
  if (text[first] == '%') {
    return fmt::format("ParseAddr({}): missing IPv6 address", quote(text));
  }
  auto problem = reader.read_ipv6();
  if (problem.empty() && text.find('%') != text.npos) {
    return "zone id is not a part of ipv6 address";
  }
  return problem;
}

std::string hostname_problem(const std::string& given) {
  std::string text = given;
  if (text.ends_with('.')) text.pop_back();
  if (text.size() > 253) return "more than 253 characters long";
  for (auto& label : go_split(text, ".", -1)) {
    if (label.empty() || label.size() > 63) {
      return "label must be 1 to 63 characters long";
    }
    if (label.starts_with('-')) return "label starts with hyphen";
    if (label.ends_with('-')) return "label ends with hyphen";
    for (char32_t c : unicode::decode(label)) {
      if (!is_plain(c) && c != '-') {
        return "invalid character " + quote_character(c, false);
      }
    }
  }
  return "";
}

std::string email_problem(const std::string& text) {
  if (text.size() > 254) return "more than 255 characters long";
  std::size_t at = text.rfind('@');
  if (at == text.npos) return "missing @";
  std::string domain = text.substr(at + 1);
  if (auto wrong = local_part_problem(text.substr(0, at)); !wrong.empty()) {
    return wrong;
  }
  if (domain.starts_with('[') && domain.ends_with(']')) {
    domain = domain.substr(1, domain.size() - 2);
    constexpr std::string_view kPrefix = "IPv6:";
    if (domain.starts_with(kPrefix)) {
      auto wrong = ipv6_problem(domain.substr(kPrefix.size()));
      return wrong.empty() ? "" : "invalid ipv6 address: " + wrong;
    }
    auto wrong = ipv4_problem(domain);
    return wrong.empty() ? "" : "invalid ipv4 address: " + wrong;
  }
  auto wrong = hostname_problem(domain);
  return wrong.empty() ? "" : "invalid domain: " + wrong;
}

}  // namespace skerry::chart::schema
