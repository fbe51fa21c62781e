#include "core/http/route.h"

namespace skerry::http {

std::string_view to_string(Access access) {
  switch (access) {
    case Access::anyone: return "anyone";
    case Access::signed_in: return "signed_in";
    case Access::project_viewer: return "project_viewer";
    case Access::project_developer: return "project_developer";
    case Access::project_maintainer: return "project_maintainer";
    case Access::project_admin: return "project_admin";
    case Access::server_admin: return "server_admin";
    case Access::in_handler: return "in_handler";
  }
  return "unknown";
}

}  // namespace skerry::http
