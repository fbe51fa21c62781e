// Text made safe for HTML, JavaScript and URLs, as Go's libraries do.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

std::string escape_html(std::string_view text);
std::string escape_js(std::string_view text);
std::string escape_query(std::string_view text);  // url.QueryEscape

}  // namespace skerry::chart
