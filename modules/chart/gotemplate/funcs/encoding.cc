// sprig: encodings and checksums.
#include <mbedtls/sha1.h>

#include "core/store/digest.h"
#include "core/text/encoding.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/encoding.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Go's strict decoders ignore line ends and say at which byte they stopped.
// Returns the position of the first byte that is wrong, or npos.
std::size_t check_padded(std::string_view text, std::string_view alphabet,
                         std::size_t group) {
  std::size_t in_group = 0, i = 0;
  auto skip_lines = [&] {
    while (i < text.size() && (text[i] == '\n' || text[i] == '\r')) ++i;
  };
  for (skip_lines(); i < text.size(); ++i, skip_lines()) {
    if (alphabet.find(text[i]) != alphabet.npos) {
      in_group = (in_group + 1) % group;
      continue;
    }
    if (text[i] != '=' || in_group < 2) return i;
    std::size_t wanted = group - in_group;
    if (group == 8 && (wanted == 2 || wanted == 5)) return i;
    for (std::size_t n = 0; n < wanted; ++n) {
      if (i >= text.size()) return text.size();
      if (text[i] != '=') return i;
      ++i;
      skip_lines();
    }
    return i < text.size() ? i : text.npos;
  }
  return in_group == 0 ? text.npos : text.size();
}

std::string decode_bits(std::string_view text, std::string_view alphabet,
                        unsigned width) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (char c : text) {
    std::size_t digit = alphabet.find(c);
    if (digit == alphabet.npos) continue;
    bits = (bits << width) | static_cast<std::uint32_t>(digit);
    count += width;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  return out;
}

std::string decode(std::string_view text, std::string_view alphabet,
                   unsigned width, std::string_view name,
                   std::string* problem = nullptr) {
  std::size_t group = width == 6 ? 4 : 8;
  std::size_t bad = check_padded(text, alphabet, group);
  if (bad != text.npos) {
    // An incomplete group is reported where it starts.
    if (bad == text.size()) {
      std::size_t digits = 0;
      for (char c : text) digits += alphabet.find(c) != alphabet.npos;
      if (text.find('=') == text.npos) bad = digits - digits % group;
    }
    auto why = fmt::format("illegal {} data at input byte {}", name, bad);
    if (problem) *problem = why;
    return why;
  }
  return decode_bits(text, alphabet, width);
}

std::string encode_base32(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 5) {
      count -= 5;
      out += kBase32[(bits >> count) & 31];
    }
  }
  if (count > 0) out += kBase32[(bits << (5 - count)) & 31];
  while (out.size() % 8 != 0) out += '=';
  return out;
}

std::string sha1(std::string_view text) {
  unsigned char hash[20];
  mbedtls_sha1(reinterpret_cast<const unsigned char*>(text.data()),
               text.size(), hash);
  return to_hex({reinterpret_cast<const char*>(hash), sizeof hash});
}

std::string adler32(std::string_view text) {
  std::uint32_t a = 1, b = 0;
  for (char c : text) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return std::to_string((b << 16) | a);
}

}  // namespace

std::string decode_go_base64(std::string_view text, std::string& problem) {
  return decode(text, kBase64, 6, "base64", &problem);
}

std::span<const Function> encoding_functions() {
  static const Function kTable[] = {
      {"b64enc", {S}, false,
       [](In in) { return Value(to_base64(in.string(0))); }},
      {"b64dec", {S}, false,
       [](In in) { return Value(decode(in.string(0), kBase64, 6, "base64")); }},
      {"b32enc", {S}, false,
       [](In in) { return Value(encode_base32(in.string(0))); }},
      {"b32dec", {S}, false,
       [](In in) { return Value(decode(in.string(0), kBase32, 5, "base32")); }},
      {"sha1sum", {S}, false, [](In in) { return Value(sha1(in.string(0))); }},
      {"sha256sum", {S}, false,
       [](In in) { return Value(digest_of(in.string(0)).hex); }},
      {"sha512sum", {S}, false,
       [](In in) {
         return Value(digest_of(in.string(0), DigestAlgorithm::sha512).hex);
       }},
      {"adler32sum", {S}, false,
       [](In in) { return Value(adler32(in.string(0))); }},
  };
  return kTable;
}

}  // namespace skerry::chart
