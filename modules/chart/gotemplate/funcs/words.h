// Identifiers cut into words, as huandu/xstrings does it.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

// "HTTPServer" -> "http_server" (or with another connector)
std::string joined_words(std::string_view text, char32_t connector);
// "http_server" -> "HttpServer"
std::string pascal_case(std::string_view text);

}  // namespace skerry::chart
