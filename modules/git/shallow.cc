#include <algorithm>

#include "core/error.h"
#include "fetch_session.h"

namespace skerry::git {
namespace {

using Node = CommitGraph::Node;

// A bit for each commit of a graph that grows.
class NodeSet {
 public:
  bool add(Node node) {
    if (bits_.size() <= node) bits_.resize(node + 1024);
    bool added = !bits_[node];
    bits_[node] = true;
    return added;
  }
  bool has(Node node) const { return node < bits_.size() && bits_[node]; }

 private:
  std::vector<bool> bits_;
};

NodeSet all_reached(CommitGraph& graph, const std::vector<Node>& from) {
  NodeSet seen;
  std::vector<Node> stack(from);
  while (!stack.empty()) {
    Node node = stack.back();
    stack.pop_back();
    if (!seen.add(node)) continue;
    for (Node parent : graph.parents(node)) stack.push_back(parent);
  }
  return seen;
}

}  // namespace

ShallowBoundary boundary_by_depth(CommitGraph& graph,
                                  const std::vector<Node>& heads, int depth) {
  ShallowBoundary result;
  NodeSet seen;
  std::vector<Node> level(heads), next;
  // By levels, so each commit is met first at its least depth.
  for (int at = 1; !level.empty(); ++at) {
    next.clear();
    for (Node node : level) {
      if (!seen.add(node)) continue;
      if (at >= depth) {
        result.ends.push_back(node);
        continue;
      }
      result.inner.push_back(node);
      for (Node parent : graph.parents(node)) next.push_back(parent);
    }
    level.swap(next);
  }
  return result;
}

ShallowBoundary boundary_by_choice(CommitGraph& graph,
                                   const std::vector<Node>& heads,
                                   std::int64_t since,
                                   const std::vector<Node>& exclude) {
  NodeSet excluded = all_reached(graph, exclude);
  NodeSet chosen;
  std::vector<Node> all;
  std::vector<Node> stack(heads);
  while (!stack.empty()) {
    Node node = stack.back();
    stack.pop_back();
    if (excluded.has(node) || graph.committed(node) < since) continue;
    if (!chosen.add(node)) continue;
    all.push_back(node);
    for (Node parent : graph.parents(node)) stack.push_back(parent);
  }
  if (all.empty()) {
    fail(ErrorCode::invalid, "no commits selected for shallow requests");
  }
  ShallowBoundary result;
  for (Node node : all) {
    auto parents = graph.parents(node);
    bool whole = std::all_of(parents.begin(), parents.end(),
                             [&](Node parent) { return chosen.has(parent); });
    (whole ? result.inner : result.ends).push_back(node);
  }
  return result;
}

}  // namespace skerry::git
