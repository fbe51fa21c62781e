#include "core/auth/audit.h"

namespace skerry::auth {

void insert_audit(Transaction& tx, const AuditEntry& entry) {
  tx.run(
      "insert into audit (time, actor, action, subject, detail) "
      "values (?, ?, ?, ?, ?)",
      entry.time, entry.actor, entry.action, entry.subject, entry.detail);
}

std::vector<AuditEntry> list_audit(Connection& db, std::int64_t before,
                                   std::int64_t limit) {
  std::vector<AuditEntry> entries;
  Rows rows = db.query(
      "select id, time, actor, action, subject, detail from audit "
      "where id < ? order by id desc limit ?",
      before, limit);
  while (rows.next()) {
    entries.push_back({rows.integer(0), rows.integer(1), rows.text(2),
                       rows.text(3), rows.text(4), rows.text(5)});
  }
  return entries;
}

}  // namespace skerry::auth
