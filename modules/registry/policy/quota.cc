#include "policy/quota.h"

#include <fmt/format.h>

#include "errors.h"

namespace skerry::registry {
namespace {

[[noreturn]] void fail_full(const Place& place, std::int64_t used,
                            std::int64_t quota, std::uint64_t more) {
  fail_denied(fmt::format(
      "project {} is full: {} of {} bytes are used, and this needs {} more; "
      "remove images, or have an admin of the project raise quota_bytes",
      place.project, used, quota, more));
}

}  // namespace

std::int64_t used_bytes(Connection& db, std::int64_t project_id) {
  auto row = db.query("select bytes from registry_usage where project_id = ?",
                      project_id);
  return row.next() ? row.integer(0) : 0;
}

std::optional<std::uint64_t> Quota::require_room(const Place& place,
                                                 std::uint64_t bytes) {
  const auto quota = policies_.of(place.project_id)->quota_bytes;
  if (!quota) return {};
  const auto used = db_.read(
      [&](Connection& db) { return used_bytes(db, place.project_id); });
  const auto left =
      used < *quota ? static_cast<std::uint64_t>(*quota - used) : 0;
  if (bytes > left) fail_full(place, used, *quota, bytes);
  return left;
}

void Quota::within(Transaction& tx, const Place& place,
                   const std::function<void()>& change) {
  const auto quota = policies_.of(place.project_id)->quota_bytes;
  if (!quota) return change();
  const auto before = used_bytes(tx.connection(), place.project_id);
  change();
  const auto after = used_bytes(tx.connection(), place.project_id);
  if (after <= *quota || after <= before) return;
  fail_full(place, before, *quota, static_cast<std::uint64_t>(after - before));
}

}  // namespace skerry::registry
