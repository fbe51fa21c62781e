#include "repository/multipart.h"

#include "core/error.h"

namespace skerry::chart {
namespace {

// The value of a parameter: name="x" or name=x.
std::string parameter(std::string_view header, std::string_view name) {
  const std::string start = std::string(name) + "=";
  std::size_t at = 0;
  while ((at = header.find(start, at)) != std::string_view::npos) {
    const bool begins = at == 0 || header[at - 1] == ' ' ||
                        header[at - 1] == ';' || header[at - 1] == '\t';
    at += start.size();
    if (!begins) continue;
    std::string_view value = header.substr(at);
    if (!value.empty() && value[0] == '"') {
      value.remove_prefix(1);
      return std::string(value.substr(0, value.find('"')));
    }
    return std::string(value.substr(0, value.find_first_of("; \t\r\n")));
  }
  return {};
}

[[noreturn]] void broken(std::string_view why) {
  fail(ErrorCode::invalid, "the multipart body is broken: {}", why);
}

}  // namespace

std::map<std::string, std::string> parse_multipart(
    std::string_view content_type, std::string_view body) {
  const std::string boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 70) broken("it has no boundary");
  const std::string delimiter = "--" + boundary;
  if (!body.starts_with(delimiter)) broken("it does not begin with its boundary");
  body.remove_prefix(delimiter.size());
  std::map<std::string, std::string> parts;
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n")) broken("a boundary's line does not end");
    body.remove_prefix(2);
    const std::size_t head_end = body.find("\r\n\r\n");
    if (head_end == std::string_view::npos) broken("a part has no head");
    const std::string name = parameter(body.substr(0, head_end), "name");
    body.remove_prefix(head_end + 4);
    const std::size_t end = body.find("\r\n" + delimiter);
    if (end == std::string_view::npos) broken("a part does not end");
    if (name.empty()) broken("a part has no name");
    parts[name] = std::string(body.substr(0, end));
    body.remove_prefix(end + 2 + delimiter.size());
  }
  return parts;
}

}  // namespace skerry::chart
