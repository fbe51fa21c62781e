// How much a project's images may weigh (policy.h, quota_bytes): its blobs,
// each once however many repositories have it, and its manifests. A push that
// does not fit is refused as soon as that can be seen, and for certain in the
// transaction that would add to the project.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/store/sqlite.h"
#include "policy/policies.h"
#include "repositories.h"

namespace skerry::registry {

std::int64_t used_bytes(Connection& db, std::int64_t project_id);

// Thread-safe.
class Quota {
 public:
  Quota(Database& db, const Policies& policies)
      : db_(db), policies_(policies) {}

  // Throws DENIED when `bytes` more do not fit. How many would; nothing: any
  // number. Others may fill the project meanwhile.
  std::optional<std::uint64_t> require_room(const Place& place,
                                            std::uint64_t bytes);
  // Does `change`, which may link blobs and add manifests; throws DENIED when
  // the project has grown by it beyond what it may weigh.
  void within(Transaction& tx, const Place& place,
              const std::function<void()>& change);

 private:
  Database& db_;
  const Policies& policies_;
};

}  // namespace skerry::registry
