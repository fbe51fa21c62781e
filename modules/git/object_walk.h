// Which objects belong to a set of commits and are not on the other side
// already: what a fetch must send, and what a push must bring.
//
// Trees are compared path by path with the trees of the other side's nearest
// commits, so the cost follows the size of the change. An object that the
// other side has under another path only may be listed again; that is allowed.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "commit_graph.h"
#include "libgit2.h"
#include "oid.h"
#include "upload_request.h"

namespace skerry::git {

enum class ObjectMark : std::uint8_t {
  none,
  wanted,     // belongs to what was asked for
  other_side  // the other side has it: fit as a delta's base
};

// Every object that a walk met. About 50 bytes each.
class ObjectSet {
 public:
  // True when the object was not marked as wanted before.
  bool want(const Oid& id);
  void set_other_side(const Oid& id) {
    marks_.insert(id, ObjectMark::other_side);
  }
  ObjectMark mark(const Oid& id) const {
    const ObjectMark* mark = marks_.find(id);
    return mark == nullptr ? ObjectMark::none : *mark;
  }
  std::size_t wanted() const { return wanted_; }
  template <typename F>
  void each_wanted(F&& visit) const {
    marks_.each([&](const Oid& id, ObjectMark mark) {
      if (mark == ObjectMark::wanted) visit(id);
    });
  }

 private:
  OidMap<ObjectMark> marks_;
  std::size_t wanted_ = 0;
};

struct WalkOptions {
  ObjectFilter filter;
  // Each commit and tree goes through check_object().
  bool check_objects = false;
  // Each blob must exist (a push; a fetch notices when it copies).
  bool blobs_must_exist = false;
  // Called every 1,024 objects with their number; may throw to end the walk.
  std::function<void(std::size_t)> on_step;
};

// Not thread-safe. Throws not_found naming a missing object, invalid for a
// malformed one.
class ObjectWalk {
 public:
  ObjectWalk(const ObjectReader& objects, WalkOptions options);

  // The commits and what their trees hold; `edges` are the other side's.
  void add_commits(CommitGraph& graph, const CommitGraph::Difference& commits);
  // An object by itself: a tag with what it names except commits, a tree with
  // what it holds (as far as the filter lets it), a blob.
  void add_object(const Oid& id);

  const ObjectSet& set() const { return set_; }
  ObjectSet take_set() { return std::move(set_); }

 private:
  struct Pending {
    Oid tree;
    std::vector<Oid> others;  // the other side's trees at the same path
  };
  void count_step();
  void walk_trees();
  void walk_tree(const Pending& pending);
  void add_blob(const Oid& id, bool filtered);

  const ObjectReader& objects_;
  const WalkOptions options_;
  ObjectSet set_;
  std::vector<Pending> pending_;
  std::size_t steps_ = 0;
};

}  // namespace skerry::git
