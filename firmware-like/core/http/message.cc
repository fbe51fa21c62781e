#include "core/http/message.h"

#include <algorithm>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/text/encoding.h"

namespace skerry::http {
namespace {

std::string decoded(std::string_view text, std::string_view name) {
  auto value = percent_decode(text, true);
  if (!value) {
    fail(ErrorCode::invalid, "the query parameter '{}' is not percent-encoded",
         name);
  }
  return std::move(*value);
}

// Calls `visit` with each raw value of the parameter until it returns false.
template <typename F>
void each_value(std::string_view query, std::string_view name, F visit) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    const auto key = percent_decode(part.substr(0, equals), true);
    if (!key || *key != name) continue;
    if (!visit(part.substr(std::min(equals + 1, part.size())))) return;
  }
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> Request::query_param(std::string_view name) const {
  std::optional<std::string> found;
  each_value(query, name, [&](std::string_view raw) {
    found = decoded(raw, name);
    return false;
  });
  return found;
}

std::vector<std::string> Request::query_params(std::string_view name) const {
  std::vector<std::string> found;
  each_value(query, name, [&](std::string_view raw) {
    found.push_back(decoded(raw, name));
    return true;
  });
  return found;
}

const std::string& Request::param(std::string_view name) const {
  const auto found = params.find(name);
  if (found == params.end()) {
    fail(ErrorCode::internal, "the route has no parameter '{}'", name);
  }
  return found->second;
}

std::string Request::read_body(std::uint64_t limit) {
  if (body == nullptr) return {};
  const auto length = body->length();
  if (length && *length > limit) {
    fail(ErrorCode::too_large,
         "the request body has {} bytes, more than the limit of {}", *length,
         limit);
  }
  constexpr std::uint64_t kStep = 64u << 10;
  std::string bytes;
  std::string buffer(std::min(length.value_or(kStep), kStep), '\0');
  if (length) bytes.reserve(std::min<std::uint64_t>(*length, 1u << 20));
  while (const std::size_t got = body->read(buffer.data(), buffer.size())) {
    if (bytes.size() + got > limit) {
      fail(ErrorCode::too_large,
           "the request body is longer than the limit of {} bytes", limit);
    }
    bytes.append(buffer, 0, got);
  }
  return bytes;
}

Json Request::read_json(std::uint64_t limit) {
  Json value = parse_json(read_body(limit));
  if (!value.is_object()) {
    fail(ErrorCode::invalid, "the request body must be a JSON object");
  }
  return value;
}

}  // namespace skerry::http
