#include "core/http/openapi.h"

#include <algorithm>

#include "core/error.h"

namespace skerry::http {
namespace {

struct Path {
  std::string text;  // without the '+' of "{path+}"
  Json parameters = Json::array();
};

Path path_of(const Route& route) {
  Path path;
  std::string_view rest = route.pattern;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    path.text += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find('}');
    std::string_view name = rest.substr(1, close - 1);
    if (name.ends_with('+')) name.remove_suffix(1);
    path.text.append("{").append(name).append("}");
    path.parameters.push_back({{"name", name},
                               {"in", "path"},
                               {"required", true},
                               {"schema", {{"type", "string"}}}});
    rest.remove_prefix(close + 1);
  }
  return path;
}

Json schema_of(const Route& route, const std::string& text) {
  if (text.empty()) return Json::object();
  try {
    return parse_json(text);
  } catch (const Error& error) {
    fail(ErrorCode::internal, "schema of {} {}: {}", route.method,
         route.pattern, error.message());
  }
}

std::string operation_id(const Route& route) {
  std::string id = route.method;
  std::transform(id.begin(), id.end(), id.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  for (const char c : route.pattern) {
    if (c == '/' || c == '-' || c == '.') {
      if (!id.ends_with('_')) id += '_';
    } else if (c != '{' && c != '}' && c != '+') {
      id += c;
    }
  }
  return id;
}

Json operation(const Route& route, Json parameters) {
  Json json = {{"operationId", operation_id(route)},
               {"summary", route.summary},
               {"x-skerry-access", to_string(route.access)},
               {"responses",
                {{"default", {{"description", "An error"}}},
                 {"2XX", {{"description", "Done"}}}}}};
  if (!parameters.empty()) json["parameters"] = std::move(parameters);
  if (!route.request_schema.empty()) {
    json["requestBody"]["content"]["application/json"]["schema"] =
        schema_of(route, route.request_schema);
  }
  if (!route.response_schema.empty()) {
    json["responses"]["2XX"]["content"]["application/json"]["schema"] =
        schema_of(route, route.response_schema);
  }
  if (route.dialect == Dialect::api) {
    json["responses"]["default"]["content"]["application/json"]["schema"] = {
        {"$ref", "#/components/schemas/Error"}};
  }
  if (route.access == Access::anyone) json["security"] = Json::array();
  return json;
}

Json components() {
  Json schema = parse_json(R"({"type":"object","required":["error"],
    "properties":{"error":{"type":"object","required":["code","message"],
    "properties":{"code":{"type":"string"},"message":{"type":"string"}}}}})");
  return {{"schemas", {{"Error", std::move(schema)}}},
          {"securitySchemes",
           {{"basic", {{"type", "http"}, {"scheme", "basic"}}},
            {"token", {{"type", "http"}, {"scheme", "bearer"}}},
            {"session",
             {{"type", "apiKey"}, {"in", "cookie"}, {"name", "skerry_session"}}}}}};
}

}  // namespace

Json openapi_document(const std::vector<Route>& routes,
                      std::string_view version) {
  Json paths = Json::object();
  for (const Route& route : routes) {
    if (!route.pattern.starts_with("/api/")) continue;
    Path path = path_of(route);
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    paths[path.text][method] = operation(route, std::move(path.parameters));
  }
  const Json empty = Json::array();
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Skerry"},
            {"version", version},
            {"license",
             {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"security", Json::array({{{"basic", empty}},
                                    {{"token", empty}},
                                    {{"session", empty}}})},
          {"components", components()},
          {"paths", std::move(paths)}};
}

}  // namespace skerry::http
