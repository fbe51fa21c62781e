#include "image/owner.h"

#include <charconv>

#include "core/error.h"

namespace skerry::ci {
namespace {

constexpr std::uint64_t kMaxAccounts = 1u << 20;

std::optional<std::uint32_t> parse_number(std::string_view text,
                                          int base = 10) {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, base);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) {
    return std::nullopt;
  }
  return number;
}

// name:password:NUMBER:...
std::optional<std::uint32_t> find_account(const std::string& accounts,
                                          std::string_view name) {
  std::string_view rest = accounts;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::size_t first = line.find(':');
    if (first == std::string_view::npos || line.substr(0, first) != name) {
      continue;
    }
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::size_t third = line.find(':', second + 1);
    return parse_number(line.substr(second + 1, third - second - 1));
  }
  return std::nullopt;
}

std::uint32_t look_up(std::string_view name, std::string_view file,
                      const FileIndex& files) {
  if (const auto number = parse_number(name)) return *number;
  const auto node = files.find(files.resolve(file));
  if (node && node->kind == FileNode::Kind::file) {
    if (const auto number =
            find_account(node->content.read(kMaxAccounts), name)) {
      return *number;
    }
  }
  fail(ErrorCode::invalid, "--chown: the image's /{} does not know '{}'", file,
       name);
}

}  // namespace

Owner parse_owner(std::string_view text, const FileIndex& files) {
  const std::size_t colon = text.find(':');
  const std::string_view user = text.substr(0, colon);
  Owner out;
  out.user = look_up(user, "etc/passwd", files);
  // Without a group the user's number serves for both, as in Docker.
  out.group = colon == std::string_view::npos
                  ? out.user
                  : look_up(text.substr(colon + 1), "etc/group", files);
  return out;
}

unsigned parse_mode(std::string_view text) {
  const auto number = parse_number(text, 8);
  if (!number || *number > 07777) {
    fail(ErrorCode::invalid, "--chmod needs octal digits like 0755, not '{}'",
         text);
  }
  return *number;
}

}  // namespace skerry::ci
