#include "core/http/numbers.h"

#include "core/error.h"
#include "core/text/number.h"

namespace skerry::http {
namespace {

std::int64_t number_within(std::string_view text, std::string_view name,
                           std::int64_t low, std::int64_t high) {
  const auto number = parse_number<std::int64_t>(text);
  if (number && *number >= low && *number <= high) return *number;
  const auto shown = text.substr(0, 40);
  if (high == INT64_MAX) {
    fail(ErrorCode::invalid, "{} must be a number from {}, not '{}'", name, low,
         shown);
  }
  fail(ErrorCode::invalid, "{} must be a number from {} to {}, not '{}'", name,
       low, high, shown);
}

}  // namespace

std::int64_t query_number(const Request& request, std::string_view name,
                          std::int64_t otherwise, std::int64_t low,
                          std::int64_t high) {
  const auto text = request.query_param(name);
  return text ? number_within(*text, name, low, high) : otherwise;
}

std::int64_t path_number(const Request& request, std::string_view name) {
  return number_within(request.param(name), name, 0, INT64_MAX);
}

}  // namespace skerry::http
