// The audit log: who changed what. Called within a read or a write.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"

namespace skerry::auth {

void insert_audit(Transaction& tx, const AuditEntry& entry);
// At most `limit` entries with an id below `before`, newest first.
std::vector<AuditEntry> list_audit(Connection& db, std::int64_t before,
                                   std::int64_t limit);

}  // namespace skerry::auth
