// Accounts, settings and the audit log as a module.
#pragma once

#include "core/auth/service.h"
#include "core/boot/module.h"

namespace skerry::boot {

// The references outlive the module.
Module accounts_module(auth::Service& accounts, Settings& settings,
                       Database& db, EventLog& events);

}  // namespace skerry::boot
