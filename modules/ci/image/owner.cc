#include "image/owner.h"

#include <vector>

#include "core/error.h"
#include "core/text/number.h"

namespace skerry::ci {
namespace {

constexpr std::uint64_t kMaxAccounts = 1u << 20;

// The fields of the line of /etc/passwd or /etc/group that starts with `name`.
std::vector<std::string_view> find_account(std::string_view accounts,
                                           std::string_view name) {
  while (!accounts.empty()) {
    const std::size_t end = accounts.find('\n');
    std::string_view line = accounts.substr(0, end);
    accounts.remove_prefix(end == std::string_view::npos ? accounts.size()
                                                         : end + 1);
    std::vector<std::string_view> fields;
    while (true) {
      const std::size_t colon = line.find(':');
      fields.push_back(line.substr(0, colon));
      if (colon == std::string_view::npos) break;
      line.remove_prefix(colon + 1);
    }
    if (fields.front() == name) return fields;
  }
  return {};
}

// Field `index` of the account, as a number.
std::uint32_t look_up(std::string_view name, std::size_t index,
                      std::string_view file, const FileIndex& files) {
  const auto node = files.find(files.resolve(file));
  if (node && node->kind == FileNode::Kind::file) {
    const std::string accounts = node->content.read(kMaxAccounts);
    const auto fields = find_account(accounts, name);
    if (fields.size() > index) {
      if (const auto id = parse_number<std::uint32_t>(fields[index])) return *id;
    }
  }
  fail(ErrorCode::invalid, "the image's /{} does not know '{}'", file, name);
}

}  // namespace

Owner parse_owner(std::string_view text, const FileIndex& files) {
  const std::size_t colon = text.find(':');
  const std::string_view user = text.substr(0, colon);
  const auto number = parse_number<std::uint32_t>(user);
  Owner out;
  out.user = number ? *number : look_up(user, 2, "etc/passwd", files);
  if (colon != std::string_view::npos) {
    const std::string_view group = text.substr(colon + 1);
    const auto id = parse_number<std::uint32_t>(group);
    out.group = id ? *id : look_up(group, 2, "etc/group", files);
  } else {
    // A name stands for its own group, a number for both, as in BuildKit.
    out.group = number ? *number : look_up(user, 3, "etc/passwd", files);
  }
  return out;
}

unsigned parse_mode(std::string_view text) {
  const auto number = parse_number<std::uint32_t>(text, 8);
  if (!number || *number > 07777) {
    fail(ErrorCode::invalid, "--chmod needs octal digits like 0755, not '{}'",
         text);
  }
  return *number;
}

}  // namespace skerry::ci
