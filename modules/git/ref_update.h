// Moving refs, so that a crash at any moment loses neither a ref nor the event
// that tells of it.
//
// Git's refs are the truth. What is about to move is written to
// git_ref_intent first; then the refs move; then the intents are deleted in
// the transaction that appends the RefUpdated events. Intents that a crash
// left are settled before the next update or at the next start: a ref that
// moved gets its event; of an atomic push that began to move, the rest follows
// (it had passed every check).
#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "push_request.h"

namespace skerry::git {

struct RefChange {
  RefCommand command;
  std::string error;  // empty: done
};

struct PushNote {
  http::Identity who;
  std::vector<std::string> options;  // of the push, for the audit log
};

// Makes the changes that have no error yet, each only if the ref still has
// its old value; sets the error of those that fail. `atomic`: all or none.
// Takes the repository's lock. Thread-safe.
void update_refs(Context& context, const Repository& repository,
                 std::vector<RefChange>& changes, bool atomic,
                 const PushNote& note);

// Marks the changes without an error as failed when `atomic` and one has one.
void fail_together(std::vector<RefChange>& changes);

// Settles all intents. Before anything else runs.
void recover_refs(Context& context);

}  // namespace skerry::git
