#include "web/page.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "files.h"

namespace skerry::web {
namespace {

// Nothing but our own files runs or is shown; nobody frames the page.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

const File* find_file(std::string_view name) {
  const auto all = files();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const File& file, std::string_view key) { return file.name < key; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Calls `visit` with each element of a comma-separated header.
template <typename Visit>
bool any_element(std::string_view header, Visit visit) {
  while (true) {
    const auto comma = header.find(',');
    if (visit(trim(header.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) return false;
    header.remove_prefix(comma + 1);
  }
}

// Accept-Encoding names gzip and does not refuse it (RFC 9110, 12.5.3).
bool accepts_gzip(const http::Request& request) {
  return any_element(
      request.header("Accept-Encoding").value_or(""), [](auto element) {
        const auto semicolon = element.find(';');
        if (trim(element.substr(0, semicolon)) != "gzip") return false;
        if (semicolon == std::string_view::npos) return true;
        const auto weight = trim(element.substr(semicolon + 1));
        return weight.find_first_of("123456789") != std::string_view::npos;
      });
}

std::string_view without_weakness(std::string_view etag) {
  return etag.substr(etag.starts_with("W/") ? 2 : 0);
}

// If-None-Match holds this tag, compared weakly (RFC 9110, 13.1.2).
bool is_unchanged(const http::Request& request, std::string_view etag) {
  return any_element(
      request.header("If-None-Match").value_or(""), [&](auto element) {
        return element == "*" ||
               without_weakness(element) == without_weakness(etag);
      });
}

void send(const http::Request& request, http::Response& response,
          const File& file, std::string_view cache_control) {
  response.header("ETag", std::string(file.etag));
  response.header("Cache-Control", std::string(cache_control));
  response.header("Vary", "Accept-Encoding");
  response.header("X-Content-Type-Options", "nosniff");
  if (is_unchanged(request, file.etag)) {
    response.status = 304;
    response.send(file.content_type, {});
    return;
  }
  const bool gzip = !file.gzip.empty() && accepts_gzip(request);
  if (gzip) response.header("Content-Encoding", "gzip");
  response.send(file.content_type, gzip ? file.gzip : file.content);
}

void send_document(http::Request& request, http::Response& response) {
  response.header("Content-Security-Policy", std::string(kPolicy));
  response.header("Referrer-Policy", "same-origin");
  response.header("X-Frame-Options", "DENY");
  send(request, response, *find_file("index.html"), "no-cache");
}

// The name of an asset carries a hash of its content, so it never changes.
void send_asset(http::Request& request, http::Response& response) {
  const File* file = find_file("assets/" + request.param("file"));
  if (file == nullptr) {
    fail(ErrorCode::not_found,
         "the page has no file '{}'; reload it, it may have been updated",
         request.path);
  }
  send(request, response, *file, "public, max-age=31536000, immutable");
}

}  // namespace

std::vector<http::Route> page_routes() {
  std::vector<http::Route> routes;
  for (const auto pattern : page_patterns()) {
    routes.push_back({.method = "GET",
                      .pattern = std::string(pattern),
                      .access = http::Access::anyone,
                      .handler = send_document,
                      .summary = "The page"});
  }
  routes.push_back({.method = "GET",
                    .pattern = "/assets/{file+}",
                    .access = http::Access::anyone,
                    .handler = send_asset,
                    .summary = "A script, style or picture of the page"});
  return routes;
}

}  // namespace skerry::web
