#include "upstream/trouble.h"

#include <fmt/format.h>

#include "core/http/route.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLongestWarning = 300;

}  // namespace

void fail_upstream(const Trouble& trouble) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (trouble.retry_after > 0) {
    headers.emplace_back("Retry-After", std::to_string(trouble.retry_after));
  }
  throw http::ProtocolError(trouble.status, trouble.code, trouble.message,
                            std::move(headers));
}

std::string warning_text(const std::string& message) {
  std::string text;
  for (const char c : message.substr(0, kLongestWarning)) {
    text += c >= ' ' && c < '\x7f' && c != '"' && c != '\\' ? c : '\'';
  }
  return fmt::format("299 - \"{}\"", text);
}

}  // namespace skerry::registry
