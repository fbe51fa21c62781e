// DER (X.690) as far as keys and certificates need it, and PEM around it.
// Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart::der {

std::string element(unsigned char tag, std::string_view content);
std::string sequence(std::string_view content);
std::string set(std::string_view content);
std::string octets(std::string_view content);
std::string bits(std::string_view bytes, unsigned unused = 0);
std::string integer(std::string_view magnitude);  // big-endian, not negative
std::string boolean(bool value);
std::string identifier(std::string_view encoded);  // the bytes of an OID
// PrintableString where that can hold the text, UTF8String otherwise.
std::string text(std::string_view value);
// UTCTime up to 2049, GeneralizedTime from then on.
std::string time(std::int64_t seconds);

struct Element {
  unsigned char tag = 0;
  std::string_view content;
  std::string_view whole;  // with tag and length
};
// Takes the first element off the front; nothing when it is malformed.
std::optional<Element> take(std::string_view& bytes);
// All elements of a SEQUENCE's content; nothing when one is malformed.
std::optional<std::vector<Element>> take_all(std::string_view bytes);

struct PemBlock {
  std::string type, bytes;
};
// pem.Decode: the first block.
std::optional<PemBlock> decode_pem(std::string_view text);
std::string encode_pem(std::string_view type, std::string_view bytes);

}  // namespace skerry::chart::der
