#include "object_walk.h"

#include <map>
#include <string>

#include "core/error.h"
#include "objects.h"

namespace skerry::git {

// More edges than these make a walk slower than what they save.
constexpr std::size_t kMaxOtherTrees = 16;

bool ObjectSet::want(const Oid& id) {
  auto [mark, added] = marks_.insert(id, ObjectMark::wanted);
  if (!added && *mark == ObjectMark::wanted) return false;
  *mark = ObjectMark::wanted;
  ++wanted_;
  return true;
}

ObjectWalk::ObjectWalk(const ObjectReader& objects, WalkOptions options)
    : objects_(objects), options_(std::move(options)) {}

void ObjectWalk::count_step() {
  constexpr std::size_t kStepEvery = 1024;
  if (++steps_ % kStepEvery == 0 && options_.on_step) {
    options_.on_step(set_.wanted());
  }
}

void ObjectWalk::add_commits(CommitGraph& graph,
                             const CommitGraph::Difference& commits) {
  std::vector<Oid> others;
  for (CommitGraph::Node edge : commits.edges) {
    if (others.size() == kMaxOtherTrees) break;
    others.push_back(graph.tree(edge));
  }
  for (const Oid& tree : others) set_.set_other_side(tree);
  // The oldest first: then a push is checked against what it stands on.
  for (auto it = commits.commits.rbegin(); it != commits.commits.rend(); ++it) {
    const Oid& id = graph.id(*it);
    if (options_.check_objects) {
      try {
        check_object(ObjectType::commit, objects_.read(id).data());
      } catch (const Error& error) {
        throw error.in("commit " + id.hex());
      }
    }
    if (!set_.want(id)) continue;
    count_step();
    if (options_.filter.kind == ObjectFilter::Kind::tree_zero) continue;
    const Oid& tree = graph.tree(*it);
    if (set_.mark(tree) == ObjectMark::none) {
      set_.want(tree);
      pending_.push_back({tree, others});
      walk_trees();
    }
  }
}

void ObjectWalk::add_object(const Oid& id) {
  auto header = objects_.header(id);
  if (!header) fail(ErrorCode::not_found, "object {} is missing", id.hex());
  switch (header->type) {
    case ObjectType::commit:
      return;
    case ObjectType::blob:
      add_blob(id, false);
      return;
    case ObjectType::tree:
      if (set_.want(id) &&
          options_.filter.kind != ObjectFilter::Kind::tree_zero) {
        pending_.push_back({id, {}});
        walk_trees();
      }
      return;
    case ObjectType::tag: {
      RawObject object = objects_.read(id);
      if (options_.check_objects) check_object(ObjectType::tag, object.data());
      set_.want(id);
      // A chain of tags cannot be circular: ids are hashes.
      add_object(parse_tag(object.data()).target);
      return;
    }
  }
}

void ObjectWalk::add_blob(const Oid& id, bool filtered) {
  if (filtered && options_.filter.kind == ObjectFilter::Kind::blob_none) {
    return;
  }
  if (set_.mark(id) != ObjectMark::none) return;
  if (filtered && options_.filter.kind == ObjectFilter::Kind::blob_limit) {
    auto header = objects_.header(id);
    if (header && header->size >= options_.filter.limit) return;
  }
  if (options_.blobs_must_exist && !objects_.exists(id)) {
    fail(ErrorCode::not_found, "object {} is missing", id.hex());
  }
  set_.want(id);
  count_step();
}

void ObjectWalk::walk_trees() {
  while (!pending_.empty()) {
    Pending next = std::move(pending_.back());
    pending_.pop_back();
    walk_tree(next);
  }
}

void ObjectWalk::walk_tree(const Pending& pending) {
  // The other side's subtrees by name, only while there is another side.
  std::map<std::string, std::vector<Oid>, std::less<>> other_trees;
  for (const Oid& id : pending.others) {
    auto other = objects_.find(id);
    if (!other || other->type() != ObjectType::tree) continue;
    std::string_view data = other->data();
    TreeItem item;
    while (next_tree_item(&data, &item)) {
      set_.set_other_side(item.id);
      if (item.is_tree()) {
        other_trees[std::string(item.name)].push_back(item.id);
      }
    }
  }
  RawObject object = objects_.read(pending.tree);
  if (object.type() != ObjectType::tree) {
    fail(ErrorCode::invalid, "object {} is used as a tree and is a {}",
         pending.tree.hex(), to_string(object.type()));
  }
  if (options_.check_objects) {
    try {
      check_object(ObjectType::tree, object.data());
    } catch (const Error& error) {
      throw error.in("tree " + pending.tree.hex());
    }
  }
  std::string_view data = object.data();
  TreeItem item;
  while (next_tree_item(&data, &item)) {
    if (item.is_submodule()) continue;
    if (!item.is_tree()) {
      add_blob(item.id, true);
    } else if (set_.mark(item.id) == ObjectMark::none) {
      set_.want(item.id);
      count_step();
      auto others = other_trees.find(item.name);
      pending_.push_back({item.id, others == other_trees.end()
                                       ? std::vector<Oid>()
                                       : others->second});
    }
  }
}

}  // namespace skerry::git
