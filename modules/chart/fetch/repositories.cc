#include "fetch/repositories.h"

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/os/file.h"
#include "core/text/yaml.h"
#include "fetch/reference.h"

namespace skerry::chart {

namespace {

NamedRepository read_one(const Json& json) {
  NamedRepository one;
  one.name = optional_string(json, "name");
  one.url = optional_string(json, "url");
  one.access.user = optional_string(json, "username");
  one.access.password = optional_string(json, "password");
  one.access.ca_file = optional_string(json, "caFile");
  one.access.is_insecure =
      optional_bool(json, "insecure_skip_tls_verify", false);
  one.access.passes_credentials =
      optional_bool(json, "pass_credentials_all", false);
  if (!optional_string(json, "certFile").empty()) {
    fail(ErrorCode::invalid,
         "repository {}: client certificates (certFile) are not supported",
         one.name);
  }
  return one;
}

}  // namespace

std::vector<NamedRepository> read_repositories(const std::string& file) {
  std::vector<NamedRepository> repositories;
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) {
    return repositories;
  }
  Json document = parse_yaml(read_file(file, 16u << 20), file);
  if (!document.is_object()) return repositories;
  auto list = document.find("repositories");
  if (list == document.end() || !list->is_array()) return repositories;
  for (auto& json : *list) {
    if (json.is_object()) repositories.push_back(read_one(json));
  }
  return repositories;
}

const NamedRepository* find_repository(
    const std::vector<NamedRepository>& repositories, std::string_view name) {
  auto found = std::find_if(repositories.begin(), repositories.end(),
                            [&](auto& one) { return one.name == name; });
  return found == repositories.end() ? nullptr : &*found;
}

const NamedRepository* find_repository_at(
    const std::vector<NamedRepository>& repositories, const std::string& url) {
  auto found = std::find_if(
      repositories.begin(), repositories.end(),
      [&](auto& one) { return is_same_url(one.url, url); });
  return found == repositories.end() ? nullptr : &*found;
}

}  // namespace skerry::chart
