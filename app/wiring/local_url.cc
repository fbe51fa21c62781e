#include "wiring/local_url.h"

#include <fmt/format.h>

namespace skerry::app {
namespace {

struct Parts {
  std::string_view scheme, host, port, path;
};

std::optional<Parts> split(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  Parts parts;
  parts.scheme = url.substr(0, scheme_end);
  std::string_view rest = url.substr(scheme_end + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  parts.path = rest.substr(slash);
  rest = rest.substr(0, slash);
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    rest.remove_prefix(at + 1);  // user and password
  }
  const std::size_t colon = rest.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && rest.find(']', colon) == rest.npos;
  parts.host = has_port ? rest.substr(0, colon) : rest;
  parts.port = has_port                   ? rest.substr(colon + 1)
               : parts.scheme == "https" ? "443"
                                          : "80";
  return parts;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.rfind("127.", 0) == 0;
}

}  // namespace

std::string authority_of(std::string_view url) {
  const auto parts = split(url);
  return parts ? fmt::format("{}:{}", parts->host, parts->port)
               : std::string(url);
}

std::optional<RepositoryName> local_git_repository(std::string_view url,
                                                   std::string_view base_url) {
  const auto asked = split(url), own = split(base_url);
  if (!asked || !own || asked->port != own->port) return std::nullopt;
  if (asked->host != own->host && !is_loopback(asked->host)) {
    return std::nullopt;
  }
  constexpr std::string_view kPrefix = "/git/";
  std::string_view path = asked->path;
  if (path.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (path.size() > 4 && path.substr(path.size() - 4) == ".git") {
    path.remove_suffix(4);
  }
  const std::size_t slash = path.find('/');
  if (slash == 0 || slash == std::string_view::npos ||
      slash + 1 == path.size() ||
      path.find('/', slash + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return RepositoryName{std::string(path.substr(0, slash)),
                        std::string(path.substr(slash + 1))};
}

}  // namespace skerry::app
