// The first user.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/auth/service.h"

namespace skerry::auth {

// When there is no user yet: makes the server admin "admin", with `password`
// (from SKERRY_ADMIN_PASSWORD) or a random one that is written to
// <keys_folder>/admin-password, readable by its owner only. The file's path if
// it was written now.
std::optional<std::filesystem::path> ensure_admin(
    Service& accounts, Database& db, const std::filesystem::path& keys_folder,
    const std::optional<std::string>& password);

}  // namespace skerry::auth
