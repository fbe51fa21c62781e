// The JSON of the API's answers. Pure functions.
#pragma once

#include "reconcile/reconciler.h"
#include "store.h"

namespace skerry::cd {

Json application_json(const Record& record, UnixMillis last_look);
Json history_json(const std::vector<HistoryEntry>& history);
Json resources_json(const Look& look);
Json diff_json(const Look& look);
Json manifests_json(const Look& look);
Json steps_json(const std::vector<Step>& steps);

}  // namespace skerry::cd
