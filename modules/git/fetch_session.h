// One fetch: which wants are allowed, what the two sides have in common, where
// a shallow history ends, and the pack that is missing. Used by one thread.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "commit_graph.h"
#include "context.h"
#include "upload_request.h"

namespace skerry::git {

struct ShallowChange {
  std::vector<Oid> shallow;    // commits whose parents the client will lack
  std::vector<Oid> unshallow;  // commits whose parents it is about to get
};

class FetchSession {
 public:
  FetchSession(Context& context, const Repository& repository,
               std::stop_token stop);

  const RefList& refs() const { return *refs_; }
  const ObjectReader& objects() const { return lease_.objects(); }

  // Throws not_found "not our ref <id>" unless each want is named by a ref or
  // is a commit that one reaches. Trees and blobs (which partial clones ask
  // for later) only need to exist: checking what reaches them would cost a
  // walk of the whole history each time.
  void set_wants(const std::vector<Oid>& wants);
  // The client's shallow commits and how deep it wants to go; may widen the
  // wants. Call after set_wants. Throws invalid.
  ShallowChange set_depth(const FetchRequest& request);
  // True when the object is known here.
  bool add_have(const Oid& id);
  std::size_t common() const { return haves_.size(); }
  // Whether the haves so far suffice to make a good pack.
  bool is_ready();

  // What `request` lacks. `progress` hears how many objects were found.
  std::shared_ptr<const PackPlan> plan(
      const FetchRequest& request,
      const std::function<void(std::size_t)>& progress);

 private:
  void allow(const Oid& want, bool named);
  std::string plan_key(const FetchRequest& request) const;
  std::shared_ptr<const PackPlan> make_plan(
      const FetchRequest& request,
      const std::function<void(std::size_t)>& progress);
  void add_tags(ObjectWalk& walk) const;
  void check_stop() const;

  Context& context_;
  const Repository& repository_;
  const std::stop_token stop_;
  RepositoryPool::Lease lease_;
  std::shared_ptr<const RefList> refs_;
  CommitGraph graph_;
  std::vector<CommitGraph::Node> wants_;  // commits
  std::vector<Oid> other_wants_;          // tags, trees, blobs
  std::vector<CommitGraph::Node> haves_;
  std::vector<CommitGraph::Node> grafts_;
};

// The commits of a shallow history: those at its end, and those before it.
struct ShallowBoundary {
  std::vector<CommitGraph::Node> ends;
  std::vector<CommitGraph::Node> inner;
};

// All commits less than `depth` steps from `heads` (a head itself is the first
// step), those at the last step being the ends.
ShallowBoundary boundary_by_depth(CommitGraph& graph,
                                  const std::vector<CommitGraph::Node>& heads,
                                  int depth);
// All commits not older than `since` (seconds) and not reached from `exclude`.
ShallowBoundary boundary_by_choice(
    CommitGraph& graph, const std::vector<CommitGraph::Node>& heads,
    std::int64_t since, const std::vector<CommitGraph::Node>& exclude);

}  // namespace skerry::git
