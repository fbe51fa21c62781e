// The commit graph as one request sees it: loaded from the object database as
// it is walked, cut at grafts (shallow commits, whose parents count as none).
// Costs about 120 bytes a commit that was looked at. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "libgit2.h"
#include "oid.h"

namespace skerry::git {

class CommitGraph {
 public:
  using Node = std::uint32_t;

  explicit CommitGraph(const ObjectReader& objects) : objects_(objects) {}

  // The commit, read if it was not yet. Nothing when the object is missing or
  // no commit.
  std::optional<Node> find(const Oid& id);
  const Oid& id(Node node) const { return nodes_[node].id; }
  const Oid& tree(Node node) const { return nodes_[node].tree; }
  std::int64_t committed(Node node) const { return nodes_[node].committed; }
  // Throws not_found when a parent is missing. None for a graft.
  std::vector<Node> parents(Node node);
  // As the commit says, grafted or not; reads nothing.
  std::vector<Oid> true_parents(Node node) const;

  void set_graft(Node node) { nodes_[node].graft = true; }
  std::size_t size() const { return nodes_.size(); }

  // Called now and then during long walks; may throw to end them.
  void on_step(std::function<void()> step) { step_ = std::move(step); }

  // Whether `ancestor` is `from` or is reached from it.
  bool reaches(std::span<const Node> from, Node ancestor);
  // Whether each of `wants` reaches one of `haves` (or is one), looking no
  // further back than the oldest have.
  bool all_reach(std::span<const Node> wants, std::span<const Node> haves);

  struct Difference {
    std::vector<Node> commits;  // reached from wants, not from haves
    std::vector<Node> edges;    // of haves' side, next to one of `commits`
  };
  // `git rev-list wants --not haves`. Commits whose dates lie about the order
  // may be in `commits` although haves reach them; none is left out wrongly.
  Difference difference(std::span<const Node> wants,
                        std::span<const Node> haves);

 private:
  struct Record {
    Oid id;
    Oid tree;
    std::int64_t committed = 0;
    std::uint32_t first_parent = 0;  // in parents_
    std::uint32_t parent_count = 0;
    bool graft = false;
  };
  void stepped();

  const ObjectReader& objects_;
  OidMap<Node> index_;  // kAbsent: no such commit
  std::vector<Record> nodes_;
  std::vector<Oid> parents_;
  std::function<void()> step_;
  std::uint32_t steps_ = 0;
  static constexpr Node kAbsent = std::numeric_limits<Node>::max();
};

}  // namespace skerry::git
