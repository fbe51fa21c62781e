// The chart repositories that have names, in the format of Helm's
// repositories.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fetch/web.h"

namespace skerry::chart {

struct NamedRepository {
  std::string name, url;
  Access access;
};

// An absent file names none. Throws invalid for what cannot be read.
std::vector<NamedRepository> read_repositories(const std::string& file);

// The one with this name; nullptr when there is none.
const NamedRepository* find_repository(
    const std::vector<NamedRepository>& repositories, std::string_view name);
// The one at this URL.
const NamedRepository* find_repository_at(
    const std::vector<NamedRepository>& repositories, const std::string& url);

}  // namespace skerry::chart
