#include "provenance/clear_text.h"

#include <algorithm>

#include "gotemplate/funcs/common.h"
#include "provenance/armor.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kStart = "-----BEGIN PGP SIGNED MESSAGE-----",
                           kSignature = "-----BEGIN PGP SIGNATURE-----",
                           kEnd = "-----END PGP SIGNATURE-----";

// Without its line end, which may have a CR.
std::string_view take_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  if (end != text.npos && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view without_blanks_at_end(std::string_view line,
                                       std::string_view blanks) {
  std::size_t last = line.find_last_not_of(blanks);
  return line.substr(0, last == line.npos ? 0 : last + 1);
}

// "Hash: SHA512" lines up to an empty one; false for anything else.
bool skip_headers(std::string_view& rest) {
  while (!rest.empty()) {
    auto line = take_line(rest);
    if (trim_space(line).empty()) return true;
    bool is_plain = std::all_of(line.begin(), line.end(), [](char c) {
      return c >= 0x20 && c <= 0x7E;
    });
    if (!is_plain || !line.starts_with("Hash:")) return false;
  }
  return false;
}

// Behind the line that starts the message.
std::optional<std::string_view> find_start(std::string_view message) {
  std::size_t at = 0;
  if (!message.starts_with(kStart)) {
    at = message.find("\n" + std::string(kStart));
    if (at == message.npos) return std::nullopt;
    ++at;
  }
  auto rest = message.substr(at + kStart.size());
  if (!take_line(rest).empty()) return std::nullopt;
  return rest;
}

}  // namespace

std::optional<ClearText> read_clear_text(std::string_view message) {
  auto rest = find_start(message);
  if (!rest || !skip_headers(*rest)) return std::nullopt;
  ClearText out;
  for (bool is_first = true;; is_first = false) {
    auto before = *rest;
    if (before.empty()) return std::nullopt;
    auto line = take_line(*rest);
    if (line == kSignature) {
      *rest = before;
      break;
    }
    if (!is_first) out.canonical += "\r\n";
    if (line.starts_with("- ")) line.remove_prefix(2);
    line = without_blanks_at_end(line, " \t");
    out.canonical += line;
    out.text += line;
    out.text += '\n';
  }
  if (!out.text.empty()) out.text.pop_back();
  std::size_t end = rest->find(kEnd);
  if (end == rest->npos) return std::nullopt;
  auto armored = read_armor(rest->substr(0, end + kEnd.size()));
  if (!armored) return std::nullopt;
  out.signature = std::move(armored->bytes);
  return out;
}

std::string write_clear_text(
    std::string_view text, std::string_view hash_name,
    const std::function<std::string(const std::string& canonical)>& sign) {
  std::string out = std::string(kStart) + "\nHash: " +
                    std::string(hash_name) + "\n\n";
  std::string canonical;
  while (true) {
    std::size_t end = text.find('\n');
    auto line = without_blanks_at_end(text.substr(0, end), " \t\r");
    if (line.starts_with('-')) out += "- ";
    out += line;
    out += '\n';
    canonical += line;
    if (end == text.npos) break;
    canonical += "\r\n";
    text.remove_prefix(end + 1);
  }
  return out + write_armor("PGP SIGNATURE", sign(canonical));
}

}  // namespace skerry::chart
