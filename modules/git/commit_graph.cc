#include "commit_graph.h"

#include <algorithm>
#include <queue>

#include "core/error.h"
#include "objects.h"

namespace skerry::git {

std::optional<CommitGraph::Node> CommitGraph::find(const Oid& id) {
  if (Node* known = index_.find(id)) {
    return *known == kAbsent ? std::nullopt : std::optional(*known);
  }
  auto object = objects_.find(id);
  if (!object || object->type() != ObjectType::commit) {
    index_.insert(id, kAbsent);
    return std::nullopt;
  }
  CommitHeader header = parse_commit(object->data());
  Record record;
  record.id = id;
  record.tree = header.tree;
  record.committed = header.committed;
  record.first_parent = static_cast<std::uint32_t>(parents_.size());
  record.parent_count = static_cast<std::uint32_t>(header.parents.size());
  parents_.insert(parents_.end(), header.parents.begin(), header.parents.end());
  auto node = static_cast<Node>(nodes_.size());
  nodes_.push_back(record);
  index_.insert(id, node);
  stepped();
  return node;
}

void CommitGraph::stepped() {
  constexpr std::uint32_t kStepEvery = 1024;
  if (step_ && ++steps_ % kStepEvery == 0) step_();
}

std::vector<Oid> CommitGraph::true_parents(Node node) const {
  const Record& record = nodes_[node];
  auto first = parents_.begin() + record.first_parent;
  return {first, first + record.parent_count};
}

std::vector<CommitGraph::Node> CommitGraph::parents(Node node) {
  std::vector<Node> result;
  if (nodes_[node].graft) return result;
  for (const Oid& id : true_parents(node)) {
    auto parent = find(id);
    if (!parent) {
      fail(ErrorCode::not_found, "commit {} is missing, a parent of {}",
           id.hex(), nodes_[node].id.hex());
    }
    result.push_back(*parent);
  }
  return result;
}

bool CommitGraph::reaches(std::span<const Node> from, Node ancestor) {
  std::vector<bool> seen;
  std::vector<Node> stack(from.begin(), from.end());
  while (!stack.empty()) {
    Node node = stack.back();
    stack.pop_back();
    if (node == ancestor) return true;
    if (seen.size() < nodes_.size()) seen.resize(nodes_.size());
    if (seen[node]) continue;
    seen[node] = true;
    for (Node parent : parents(node)) stack.push_back(parent);
  }
  return false;
}

bool CommitGraph::all_reach(std::span<const Node> wants,
                            std::span<const Node> haves) {
  if (haves.empty()) return false;
  std::vector<bool> had(nodes_.size());
  std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
  for (Node have : haves) {
    had[have] = true;
    oldest = std::min(oldest, committed(have));
  }
  for (Node want : wants) {
    std::vector<bool> seen;
    std::vector<Node> stack{want};
    bool reached = false;
    while (!stack.empty() && !reached) {
      Node node = stack.back();
      stack.pop_back();
      if (seen.size() < nodes_.size()) seen.resize(nodes_.size());
      if (seen[node]) continue;
      seen[node] = true;
      reached = node < had.size() && had[node];
      if (reached || committed(node) < oldest) continue;
      for (Node parent : parents(node)) stack.push_back(parent);
    }
    if (!reached) return false;
  }
  return true;
}

namespace {

enum : std::uint8_t { kQueued = 1, kHad = 2, kEdge = 4, kTaken = 8 };

}  // namespace

CommitGraph::Difference CommitGraph::difference(std::span<const Node> wants,
                                                std::span<const Node> haves) {
  std::vector<std::uint8_t> marks(nodes_.size());
  using Item = std::pair<std::int64_t, Node>;  // newest first
  std::priority_queue<Item> queue;
  std::size_t wanted = 0;  // in the queue and not known to be had
  auto push = [&](Node node, bool had) {
    if (marks.size() < nodes_.size()) marks.resize(nodes_.size());
    std::uint8_t& mark = marks[node];
    if (had && !(mark & kHad)) {
      if ((mark & kQueued) && !(mark & kTaken)) --wanted;
      // A commit that was taken before this was known is pushed again, so
      // that the news travels on to its parents.
      bool again = (mark & kTaken) != 0;
      mark |= kHad;
      if (again) queue.emplace(committed(node), node);
    }
    if (mark & kQueued) return;
    mark |= kQueued;
    if (!(mark & kHad)) ++wanted;
    queue.emplace(committed(node), node);
  };
  for (Node node : haves) push(node, true);
  for (Node node : wants) push(node, false);

  std::vector<Node> taken;
  while (wanted > 0) {
    Node node = queue.top().second;
    queue.pop();
    bool had = marks[node] & kHad;
    if (!had && !(marks[node] & kTaken)) {
      --wanted;
      taken.push_back(node);
    }
    marks[node] |= kTaken;
    for (Node parent : parents(node)) push(parent, had);
  }

  Difference result;
  for (Node node : taken) {
    if (marks[node] & kHad) continue;
    result.commits.push_back(node);
    for (Node parent : parents(node)) {
      if ((marks[parent] & (kHad | kEdge)) == kHad) {
        marks[parent] |= kEdge;
        result.edges.push_back(parent);
      }
    }
  }
  return result;
}

}  // namespace skerry::git
