// API versions that Kubernetes has deprecated, up to 1.35.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

// "batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use
// batch/v1 CronJob", or "" while it is not in Kubernetes 1.<minor>.
std::string deprecation_of(std::string_view api_version, std::string_view kind,
                           int major, int minor);

}  // namespace skerry::chart
