#include <array>
#include <utility>

#include "core/auth/accounts.h"

namespace skerry::auth {
namespace {

constexpr std::array kRoles = {
    std::pair{Role::viewer, std::string_view("viewer")},
    std::pair{Role::developer, std::string_view("developer")},
    std::pair{Role::maintainer, std::string_view("maintainer")},
    std::pair{Role::admin, std::string_view("admin")},
};

}  // namespace

std::string_view to_string(Role role) {
  for (const auto& [known, name] : kRoles) {
    if (known == role) return name;
  }
  return "none";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const auto& [role, name] : kRoles) {
    if (name == text) return role;
  }
  return std::nullopt;
}

}  // namespace skerry::auth
