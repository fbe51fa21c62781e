#include "gotemplate/crypto/der.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/encoding.h"
#include "gotemplate/go_time_layout.h"

namespace skerry::chart::der {

namespace {

bool is_printable(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("'()+,-./:=? ").find(c) != std::string_view::npos;
}

}  // namespace

std::string element(unsigned char tag, std::string_view content) {
  std::string out(1, static_cast<char>(tag));
  std::size_t size = content.size();
  if (size < 0x80) {
    out += static_cast<char>(size);
  } else {
    std::string length;
    for (; size > 0; size >>= 8) length += static_cast<char>(size & 0xFF);
    out += static_cast<char>(0x80 | length.size());
    out.append(length.rbegin(), length.rend());
  }
  return out.append(content);
}

std::string sequence(std::string_view content) {
  return element(0x30, content);
}
std::string set(std::string_view content) { return element(0x31, content); }
std::string octets(std::string_view content) { return element(0x04, content); }
std::string identifier(std::string_view encoded) {
  return element(0x06, encoded);
}
std::string boolean(bool value) {
  return element(0x01, value ? "\xFF" : std::string_view("\0", 1));
}

std::string bits(std::string_view bytes, unsigned unused) {
  std::string content(1, static_cast<char>(unused));
  return element(0x03, content.append(bytes));
}

std::string integer(std::string_view magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == '\0') {
    magnitude.remove_prefix(1);
  }
  std::string content(magnitude);
  if (content.empty() || (content[0] & 0x80) != 0) content.insert(0, 1, '\0');
  return element(0x02, content);
}

std::string text(std::string_view value) {
  bool printable = std::all_of(value.begin(), value.end(), is_printable);
  return element(printable ? 0x13 : 0x0C, value);
}

std::string time(std::int64_t seconds) {
  CivilTime civil = to_civil(seconds);
  std::string rest =
      fmt::format("{:02}{:02}{:02}{:02}{:02}Z", civil.month, civil.day,
                  civil.hour, civil.minute, civil.second);
  if (civil.year >= 1950 && civil.year < 2050) {
    return element(0x17, fmt::format("{:02}{}", civil.year % 100, rest));
  }
  return element(0x18, fmt::format("{:04}{}", civil.year, rest));
}

std::optional<Element> take(std::string_view& bytes) {
  if (bytes.size() < 2) return {};
  std::size_t size = static_cast<unsigned char>(bytes[1]), head = 2;
  if (size >= 0x80) {
    std::size_t count = size & 0x7F;
    if (count == 0 || count > 4 || bytes.size() < 2 + count) return {};
    size = 0;
    for (std::size_t i = 0; i < count; ++i) {
      size = (size << 8) | static_cast<unsigned char>(bytes[2 + i]);
    }
    head += count;
  }
  if (bytes.size() - head < size) return {};
  Element made{static_cast<unsigned char>(bytes[0]), bytes.substr(head, size),
               bytes.substr(0, head + size)};
  bytes.remove_prefix(head + size);
  return made;
}

std::optional<std::vector<Element>> take_all(std::string_view bytes) {
  std::vector<Element> elements;
  while (!bytes.empty()) {
    auto next = take(bytes);
    if (!next) return {};
    elements.push_back(*next);
  }
  return elements;
}

std::optional<PemBlock> decode_pem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----";
  for (std::size_t at = text.find(kBegin); at != text.npos;
       at = text.find(kBegin, at + 1)) {
    if (at > 0 && text[at - 1] != '\n') continue;
    std::size_t name = at + kBegin.size();
    std::size_t name_end = text.find(kDashes, name);
    std::size_t line_end = text.find('\n', name);
    if (name_end == text.npos || line_end < name_end) continue;
    std::string type(text.substr(name, name_end - name));
    std::size_t end =
        text.find("\n-----END " + type + "-----", name_end);
    if (end == text.npos || line_end == text.npos || end < line_end) continue;
    std::string body(text.substr(line_end, end - line_end));
    std::erase_if(body, [](char c) {
      return c == '\n' || c == '\r' || c == ' ' || c == '\t';
    });
    auto bytes = from_base64(body);
    if (bytes) return PemBlock{std::move(type), std::move(*bytes)};
  }
  return {};
}

std::string encode_pem(std::string_view type, std::string_view bytes) {
  constexpr std::size_t kLine = 64;
  std::string body = to_base64(bytes);
  std::string out = fmt::format("-----BEGIN {}-----\n", type);
  for (std::size_t i = 0; i < body.size(); i += kLine) {
    out += body.substr(i, kLine) + "\n";
  }
  return out + fmt::format("-----END {}-----\n", type);
}

}  // namespace skerry::chart::der
