// The REST routes of the syncer, /api/v1/.../applications. Handlers are short:
// they read the request, ask Store and Reconciler, and write JSON.
#pragma once

#include <vector>

#include "core/boot/module.h"
#include "reconcile/reconciler.h"
#include "store.h"
#include "target/targets.h"

namespace skerry::cd {

struct Api {
  Services& services;
  Store& store;
  Reconciler& reconciler;
  Targets& targets;
};

// `api` outlives the routes.
std::vector<http::Route> routes(Api& api);

}  // namespace skerry::cd
