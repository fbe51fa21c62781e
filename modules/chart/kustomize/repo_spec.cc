#include "kustomize/repo_spec.h"

#include <array>

#include "core/text/encoding.h"

namespace skerry::chart::kustomize {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool has_prefix_any_case(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (lower(text[i]) != prefix[i]) return false;
  }
  return true;
}

bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// "git@" of "git@host:..."
std::string_view user_name(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return {};
  std::size_t i = 1;
  while (i < text.size() && (is_letter(text[i]) || text[i] == '-' ||
                             (text[i] >= '0' && text[i] <= '9'))) {
    ++i;
  }
  if (i >= text.size() || text[i] != '@') return {};
  return text.substr(0, i + 1);
}

// Takes scheme, user and host off the front of `text`.
std::optional<std::string> take_host(std::string_view& text) {
  if (has_prefix_any_case(text, "git::")) text.remove_prefix(5);
  std::string scheme;
  for (std::string_view known : {"ssh://", "https://", "http://", "file://"}) {
    if (!has_prefix_any_case(text, known)) continue;
    scheme = known;
    text.remove_prefix(known.size());
    break;
  }
  std::string user(user_name(text));
  text.remove_prefix(user.size());
  bool is_github = has_prefix_any_case(text, "github.com/") ||
                   has_prefix_any_case(text, "github.com:");
  bool takes_colon = scheme.empty() && (!user.empty() || is_github);
  if (scheme.empty() && !takes_colon) return {};
  if (scheme == "file://") {
    // What looked like a user is a part of the path.
    text = std::string_view(text.data() - user.size(),
                            text.size() + user.size());
    return scheme;
  }
  std::size_t end = text.find('/');
  if (takes_colon) {
    std::size_t colon = text.find(':');
    if (end == text.npos ||
        (colon != text.npos && colon > 0 && colon < end)) {
      end = colon;
    }
  }
  std::string host(end == text.npos ? text : text.substr(0, end + 1));
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  if (is_github) {
    bool by_ssh = scheme == "ssh://" || !user.empty();
    host = by_ssh ? "github.com:" : "github.com/";
    scheme = by_ssh ? "" : "https://";
    if (!by_ssh) user.clear();
  }
  if (host.empty()) return {};
  return scheme + user + host;
}

bool leaves_repository(std::string_view folder) {
  if (folder.starts_with('/')) folder.remove_prefix(1);
  int depth = 0;
  while (!folder.empty()) {
    std::size_t slash = folder.find('/');
    std::string_view part = folder.substr(0, slash);
    folder = slash == folder.npos ? "" : folder.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    depth += part == ".." ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

bool split_path(std::string_view path, bool takes_all, RepoSpec& out) {
  std::size_t at = path.find("_git/");
  if (at != path.npos) {
    std::size_t end = path.find('/', at + 5);
    out.repo_path = path.substr(0, end);
    out.folder = end == path.npos ? "" : path.substr(end + 1);
  } else if (at = path.find("//"); at != path.npos) {
    out.repo_path = path.substr(0, at);
    out.folder = path.substr(at + 2);
  } else if (at = path.find(".git"); at != path.npos) {
    out.repo_path = path.substr(0, at + 4);
    out.folder = path.substr(at + 4);
  } else if (takes_all) {
    out.repo_path = path;
  } else {
    std::size_t first = path.find('/');
    if (first == path.npos) return false;
    std::size_t second = path.find('/', first + 1);
    out.repo_path = path.substr(0, second);
    out.folder = second == path.npos ? "" : path.substr(second + 1);
  }
  if (out.repo_path.empty() || leaves_repository(out.folder)) return false;
  if (out.folder.starts_with('/')) out.folder.erase(0, 1);
  return true;
}

// "ref" of a query, or "version".
std::string read_ref(std::string_view query) {
  std::string ref, version;
  while (!query.empty()) {
    std::size_t end = query.find('&');
    std::string_view pair = query.substr(0, end);
    query = end == query.npos ? "" : query.substr(end + 1);
    std::size_t equals = pair.find('=');
    if (equals == pair.npos) continue;
    auto value = percent_decode(pair.substr(equals + 1), true);
    if (!value) return {};
    if (pair.substr(0, equals) == "ref" && ref.empty()) ref = *value;
    if (pair.substr(0, equals) == "version" && version.empty()) {
      version = *value;
    }
  }
  return ref.empty() ? version : ref;
}

}  // namespace

std::optional<RepoSpec> parse_repo_spec(std::string_view text) {
  if (text.starts_with('/')) return {};
  RepoSpec spec;
  spec.raw = text;
  std::size_t question = text.find('?');
  if (question != text.npos) {
    spec.ref = read_ref(text.substr(question + 1));
    text = text.substr(0, question);
  }
  auto host = take_host(text);
  if (!host) return {};
  spec.host = *host;
  if (!split_path(text, host->starts_with("file://"), spec)) return {};
  return spec;
}

bool is_remote_file(std::string_view text) {
  return has_prefix_any_case(text, "http://") ||
         has_prefix_any_case(text, "https://") ||
         has_prefix_any_case(text, "http:") ||
         has_prefix_any_case(text, "https:");
}

}  // namespace skerry::chart::kustomize
