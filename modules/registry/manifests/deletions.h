// Deleting manifests and tags, and bringing them back within
// registry.undo_window.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/collection.h"
#include "core/boot/module.h"
#include "manifests/deleted_rows.h"
#include "names.h"
#include "notify/notifier.h"
#include "policy/policies.h"
#include "upkeep/pace.h"

namespace skerry::registry {

// Thread-safe.
class Deletions {
 public:
  // `forget` is called after a commit with what a client could have read under
  // these names before.
  using Forget = std::function<void(const Place& place,
                                    const std::vector<std::string>& references)>;
  Deletions(Services& services, const Policies& policies, Notifier& notifier,
            Forget forget)
      : services_(services),
        policies_(policies),
        notifier_(notifier),
        forget_(std::move(forget)) {}

  // A digest removes the manifest and all its tags, a tag only itself. Throws
  // MANIFEST_UNKNOWN, DENIED for what a policy makes immutable.
  void remove(const Place& place, const Reference& reference,
              const http::Identity& who, const Origin& origin = {});
  // The same, if `still` says so in the transaction; otherwise false.
  using Still = std::function<bool(Connection& db, std::int64_t repository)>;
  bool remove_if(const Place& place, const Reference& reference,
                 const http::Identity& who, const Still& still,
                 const Origin& origin = {});
  // Every manifest of the repository; it goes itself when they are purged.
  // Throws not_found, denied.
  void remove_repository(const Place& place, const http::Identity& who,
                         const Origin& origin = {});

  // Newest first, with an id below `below`.
  std::vector<DeletedRow> list(std::int64_t project_id,
                               std::optional<std::string_view> repository,
                               std::int64_t below, std::size_t limit);
  // When it will be purged.
  UnixMillis purged_at(const DeletedRow& row) const;

  // The tags that could not come back, because they name something else now.
  // Throws not_found; conflict when a blob or manifest that is needed is gone,
  // or, for a tag, when it exists.
  std::vector<std::string> restore(std::int64_t project_id, std::int64_t id,
                                   const http::Identity& who,
                                   const Origin& origin = {});
  // For good, now. Throws not_found.
  void purge(std::int64_t project_id, std::int64_t id,
             const http::Identity& who);
  // Those whose time is over.
  void purge_expired();
  // The same as a step of garbage collection.
  void collect(Collection& collection);

 private:
  bool can_undo() const;
  void note(Transaction& tx, const DeletedRow& row, const http::Identity& who,
            std::string_view verb);
  void tell(Transaction& tx, const DeletedRow& row, const http::Identity& who,
            const Origin& origin);
  void tell_restored(Transaction& tx, const DeletedRow& row,
                     const std::vector<std::string>& skipped,
                     const http::Identity& who, const Origin& origin);
  std::vector<std::string> restore_tags(Transaction& tx, const DeletedRow& row,
                                        const http::Identity& who);
  DeletedRow require(Connection& db, std::int64_t project_id, std::int64_t id);
  bool remove_some(const Place& place, const http::Identity& who,
                   const Origin& origin, Pace& pace);
  void purge_rows(const std::vector<DeletedRow>& rows, Pace& pace);

  Services& services_;
  const Policies& policies_;
  Notifier& notifier_;
  const Forget forget_;
};

}  // namespace skerry::registry
