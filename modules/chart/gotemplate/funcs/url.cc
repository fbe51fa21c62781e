#include "gotemplate/funcs/url.h"

#include <fmt/format.h>

#include "gotemplate/error.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

bool is_alpha(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void fail_parse(std::string_view url, const std::string& why) {
  fail_call("unable to parse url: parse {}: {}", quote(url), why);
}

std::string unescape(std::string_view url, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
      fail_parse(url, "invalid URL escape " + quote(text.substr(i, 3)));
    }
    out += static_cast<char>(
        std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return out;
}

std::string escape(std::string_view text, std::string_view also_plain) {
  std::string out;
  for (char c : text) {
    bool plain = is_alpha(c) || is_digit(c) || c == '-' || c == '_' ||
                 c == '.' || c == '~' || also_plain.find(c) != also_plain.npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// Takes "scheme:" off the front.
std::string take_scheme(std::string_view url, std::string_view& rest) {
  for (std::size_t i = 0; i < rest.size(); ++i) {
    char c = rest[i];
    if (is_alpha(c)) continue;
    bool later = is_digit(c) || c == '+' || c == '-' || c == '.';
    if (later) {
      if (i == 0) return "";
      continue;
    }
    if (c != ':') return "";
    if (i == 0) fail_parse(url, "missing protocol scheme");
    std::string scheme(rest.substr(0, i));
    for (char& letter : scheme) {
      if (letter >= 'A' && letter <= 'Z') {
        letter = static_cast<char>(letter + 32);
      }
    }
    rest.remove_prefix(i + 1);
    return scheme;
  }
  return "";
}

void check_port(std::string_view url, std::string_view host) {
  std::size_t bracket = host.rfind(']');
  if (!host.empty() && host[0] == '[' && bracket == host.npos) {
    fail_parse(url, "missing ']' in host");
  }
  std::size_t colon =
      host.find(':', bracket == host.npos ? 0 : bracket);
  if (colon == host.npos) return;
  for (char c : host.substr(colon + 1)) {
    if (!is_digit(c)) {
      fail_parse(url, fmt::format("invalid port {} after host",
                                  quote(host.substr(colon))));
    }
  }
}

void parse_authority(std::string_view url, std::string_view authority,
                     Url& out) {
  std::size_t at = authority.rfind('@');
  std::string_view host =
      at == authority.npos ? authority : authority.substr(at + 1);
  check_port(url, host);
  for (char c : host) {
    if (c == ' ' || c == '<' || c == '>' || c == '"' || c == '^') {
      fail_parse(url, fmt::format("invalid character {} in host name",
                                  quote(std::string(1, c))));
    }
  }
  out.host = unescape(url, host);
  if (at == authority.npos) return;
  std::string_view user = authority.substr(0, at);
  std::size_t colon = user.find(':');
  out.has_user = true;
  out.user = unescape(url, user.substr(0, colon));
  out.has_password = colon != user.npos;
  if (out.has_password) out.password = unescape(url, user.substr(colon + 1));
}

}  // namespace

std::string Url::hostname() const {
  if (!host.empty() && host[0] == '[') {
    return host.substr(1, host.find(']') - 1);
  }
  return host.substr(0, host.find(':'));
}

std::string Url::user_text() const {
  if (!has_user) return "";
  std::string out = escape(user, "$&+,;=");
  if (has_password) out += ":" + escape(password, "$&+,;=");
  return out;
}

std::string Url::to_string() const {
  std::string out;
  if (!scheme.empty()) out += scheme + ":";
  if (!opaque.empty()) {
    out += opaque;
  } else {
    if (!scheme.empty() || !host.empty() || has_user) {
      if (!host.empty() || !path.empty() || has_user) out += "//";
      if (has_user) out += user_text() + "@";
      out += escape(host, "!$&'()*+,;=:[]<>\"");
    }
    std::string escaped = escape(path, "$&+,/:;=@!'()*");
    if (!escaped.empty() && escaped[0] != '/' && !host.empty()) out += '/';
    out += escaped;
  }
  if (force_query || !query.empty()) out += "?" + query;
  if (!fragment.empty()) out += "#" + escape(fragment, "$&+,/:;=?@!()*'");
  return out;
}

Url parse_url(std::string_view text) {
  Url url;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      fail_parse(text, "net/url: invalid control character in URL");
    }
  }
  std::string_view rest = text;
  if (std::size_t hash = rest.find('#'); hash != rest.npos) {
    url.fragment = unescape(text, rest.substr(hash + 1));
    rest = rest.substr(0, hash);
  }
  if (rest == "*") {
    url.path = "*";
    return url;
  }
  url.scheme = take_scheme(text, rest);
  std::size_t question = rest.find('?');
  if (question != rest.npos) {
    url.query = rest.substr(question + 1);
    url.force_query = url.query.empty();
    rest = rest.substr(0, question);
  }
  if (rest.empty() || rest[0] != '/') {
    if (!url.scheme.empty()) {
      url.opaque = rest;
      return url;
    }
    auto segment = rest.substr(0, rest.find('/'));
    if (segment.find(':') != segment.npos) {
      fail_parse(text, "first path segment in URL cannot contain colon");
    }
  }
  if (rest.starts_with("//") &&
      (!url.scheme.empty() || !rest.starts_with("///"))) {
    rest.remove_prefix(2);
    std::size_t slash = std::min(rest.find('/'), rest.size());
    parse_authority(text, rest.substr(0, slash), url);
    rest.remove_prefix(slash);
  }
  url.path = unescape(text, rest);
  return url;
}

}  // namespace skerry::chart
