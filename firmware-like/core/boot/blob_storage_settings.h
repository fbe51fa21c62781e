// The settings of the S3 store, and what they make.
#pragma once

#include <filesystem>
#include <vector>

#include "core/config/settings.h"
#include "core/s3/blob_store.h"

namespace skerry::boot {

std::vector<Setting> blob_storage_settings();
// Throws invalid, naming the setting.
s3::Options s3_options(const Settings& settings,
                       const std::filesystem::path& cache);

}  // namespace skerry::boot
