#include "core/boot/accounts_module.h"

#include <iterator>

#include "core/auth/routes.h"
#include "core/auth/schema.h"

namespace skerry::boot {

Module accounts_module(auth::Service& accounts, Settings& settings,
                       Database& db, EventLog& events) {
  Module module;
  module.name = "accounts";
  const auto migrations = auth::migrations();
  module.migrations.assign(migrations.begin(), migrations.end());
  module.settings = auth::Service::settings();
  for (auto& routes :
       {auth::session_routes(accounts), auth::user_routes(accounts, db),
        auth::project_routes(accounts, db, settings, events),
        auth::token_routes(accounts, db), auth::audit_routes(db),
        auth::setting_routes(accounts, db, settings, events)}) {
    module.routes.insert(module.routes.end(), routes.begin(), routes.end());
  }
  return module;
}

}  // namespace skerry::boot
