// sprig: random text. Go's goutils draws from the same alphabets.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

#include "core/text/encoding.h"
#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, I = Type::integer;
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// Uniform in [0, bound).
std::uint64_t draw(In in, std::uint64_t bound) {
  std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  for (;;) {
    std::uint64_t value = 0;
    for (char c : in.execution().environment().random_bytes(8)) {
      value = (value << 8) | static_cast<unsigned char>(c);
    }
    if (value < limit) return value % bound;
  }
}

std::string draw_text(In in, std::string_view alphabet) {
  std::int64_t count = in.integer(0);
  if (count < 0) return "";
  in.execution().charge_bytes(static_cast<std::uint64_t>(count));
  in.execution().charge_steps(static_cast<std::uint64_t>(count));
  std::string out;
  for (std::int64_t i = 0; i < count; ++i) {
    out += alphabet[draw(in, alphabet.size())];
  }
  return out;
}

std::string printable() {
  std::string all;
  for (char c = 32; c < 127; ++c) all += c;
  return all;
}

Value shuffle(In in) {
  std::u32string text = unicode::decode(in.string(0));
  in.execution().charge_steps(text.size());
  for (std::size_t i = text.size(); i > 1; --i) {
    std::swap(text[i - 1], text[draw(in, i)]);
  }
  return unicode::encode(text);
}

Value random_integer(In in) {
  std::int64_t low = in.integer(0), high = in.integer(1);
  if (high <= low) fail_call("invalid argument to Intn");
  auto range = static_cast<std::uint64_t>(high) -
               static_cast<std::uint64_t>(low);
  return Value::of_int(low + static_cast<std::int64_t>(draw(in, range)));
}

Value random_bytes(In in) {
  std::int64_t count = in.integer(0);
  if (count < 0) fail_call("runtime error: makeslice: len out of range");
  in.execution().charge_bytes(static_cast<std::uint64_t>(count) * 2);
  return to_base64(in.execution().environment().random_bytes(
      static_cast<std::size_t>(count)));
}

Value uuid(In in) {
  std::string bytes = in.execution().environment().random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string hex = to_hex(bytes);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

}  // namespace

std::span<const Function> random_functions() {
  static const std::string kBoth = std::string(kDigits) + std::string(kLetters);
  static const std::string kPrintable = printable();
  static const Function kTable[] = {
      {"randAlphaNum", {I}, false,
       [](In in) { return Value(draw_text(in, kBoth)); }},
      {"randAlpha", {I}, false,
       [](In in) { return Value(draw_text(in, kLetters)); }},
      {"randAscii", {I}, false,
       [](In in) { return Value(draw_text(in, kPrintable)); }},
      {"randNumeric", {I}, false,
       [](In in) { return Value(draw_text(in, kDigits)); }},
      {"shuffle", {S}, false, shuffle},
      {"randInt", {I, I}, false, random_integer},
      {"randBytes", {I}, false, random_bytes},
      {"uuidv4", {}, false, uuid},
  };
  return kTable;
}

}  // namespace skerry::chart
