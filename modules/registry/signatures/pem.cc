#include "signatures/pem.h"

#include <optional>

#include "core/error.h"
#include "core/text/encoding.h"
#include "registry/signatures/keys.h"

namespace skerry::registry {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kLongestLabel = 64;
constexpr std::size_t kLineLength = 64;

// Takes the next block off the text; nothing when there is none.
std::optional<PemBlock> take_block(std::string_view& text) {
  const auto begin = text.find(kBegin);
  if (begin == text.npos) return {};
  text.remove_prefix(begin + kBegin.size());
  const auto label_end = text.find(kDashes);
  if (label_end == text.npos || label_end > kLongestLabel) {
    fail(ErrorCode::invalid, "a PEM block's first line does not end");
  }
  PemBlock block{std::string(text.substr(0, label_end)), {}};
  text.remove_prefix(label_end + kDashes.size());
  const auto last = std::string(kEnd) + block.label + std::string(kDashes);
  const auto end = text.find(last);
  if (end == text.npos) {
    fail(ErrorCode::invalid, "the PEM block has no line '{}'", last);
  }
  std::string base64;
  for (const char c : text.substr(0, end)) {
    if (c == ':') {
      fail(ErrorCode::invalid,
           "the {} has headers: keys that OpenSSL encrypted in its "
           "traditional format are not supported",
           block.label);
    }
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') base64 += c;
  }
  text.remove_prefix(end + last.size());
  auto bytes = from_base64(base64);
  if (!bytes || bytes->empty()) {
    fail(ErrorCode::invalid, "the {} is not base64", block.label);
  }
  block.bytes = std::move(*bytes);
  return block;
}

}  // namespace

PemBlock parse_pem(std::string_view text) {
  if (text.size() > kLargestKeyFile) {
    fail(ErrorCode::too_large, "a key of {} bytes; at most {} are read",
         text.size(), kLargestKeyFile);
  }
  auto block = take_block(text);
  if (block && block->label == "EC PARAMETERS") block = take_block(text);
  if (!block) {
    fail(ErrorCode::invalid,
         "it is not PEM: there is no line '-----BEGIN ...-----'");
  }
  if (text.find(kBegin) != text.npos) {
    fail(ErrorCode::invalid, "there is more than one PEM block");
  }
  return std::move(*block);
}

std::string to_pem(std::string_view label, std::string_view bytes) {
  auto text = fmt::format("-----BEGIN {}-----\n", label);
  const auto base64 = to_base64(bytes);
  for (std::size_t i = 0; i < base64.size(); i += kLineLength) {
    text += base64.substr(i, kLineLength) + "\n";
  }
  return text + fmt::format("-----END {}-----\n", label);
}

}  // namespace skerry::registry
