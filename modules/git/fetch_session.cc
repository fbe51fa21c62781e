#include "fetch_session.h"

#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "objects.h"

namespace skerry::git {

using Node = CommitGraph::Node;

FetchSession::FetchSession(Context& context, const Repository& repository,
                           std::stop_token stop)
    : context_(context),
      repository_(repository),
      stop_(std::move(stop)),
      lease_(context.repositories.open(repository)),
      refs_(context.repositories.refs(repository, lease_)),
      graph_(lease_.objects()) {
  graph_.on_step([this] { check_stop(); });
}

void FetchSession::check_stop() const {
  if (stop_.stop_requested()) {
    fail(ErrorCode::unavailable, "the server is stopping, try again");
  }
}

void FetchSession::set_wants(const std::vector<Oid>& wants) {
  OidMap<bool> named;
  if (refs_->head) named.insert(*refs_->head, true);
  for (const Ref& ref : refs_->refs) {
    named.insert(ref.id, true);
    if (ref.peeled) named.insert(*ref.peeled, true);
  }
  for (const Oid& want : wants) allow(want, named.contains(want));
}

void FetchSession::allow(const Oid& want, bool named) {
  auto refuse = [&] {
    fail(ErrorCode::not_found, "upload-pack: not our ref {}", want.hex());
  };
  auto peeled = objects().peel(want);
  if (!peeled) refuse();
  std::optional<Node> commit;
  if (peeled->type == ObjectType::commit) commit = graph_.find(peeled->id);
  if (!named && (commit || peeled->id != want)) {
    std::vector<Node> tips;
    for (const Ref& ref : refs_->refs) {
      if (auto tip = graph_.find(ref.peeled.value_or(ref.id))) {
        tips.push_back(*tip);
      }
    }
    // A tag object that no ref names is not reached by any commit either.
    if (!commit || peeled->id != want || !graph_.reaches(tips, *commit)) {
      refuse();
    }
  }
  if (commit) wants_.push_back(*commit);
  if (!commit || peeled->id != want) other_wants_.push_back(want);
}

bool FetchSession::add_have(const Oid& id) {
  auto node = graph_.find(id);
  if (!node) return objects().exists(id);
  haves_.push_back(*node);
  return true;
}

bool FetchSession::is_ready() { return graph_.all_reach(wants_, haves_); }

namespace {

// The commit that a ref's short or full name stands for.
const Ref* expand_ref(const RefList& refs, const std::string& name) {
  for (const char* prefix : {"", "refs/", "refs/tags/", "refs/heads/"}) {
    if (const Ref* ref = refs.find(prefix + name)) return ref;
  }
  return nullptr;
}

}  // namespace

ShallowChange FetchSession::set_depth(const FetchRequest& request) {
  std::vector<Node> client;
  for (const Oid& id : request.shallows) {
    if (auto node = graph_.find(id)) client.push_back(*node);
  }
  ShallowBoundary boundary;
  if (request.depth == kInfiniteDepth) {
    boundary.inner = client;
  } else if (request.depth > 0 && request.deepen_relative) {
    boundary = boundary_by_depth(graph_, client, request.depth + 1);
  } else if (request.depth > 0) {
    boundary = boundary_by_depth(graph_, wants_, request.depth);
  } else if (request.deepens()) {
    std::vector<Node> exclude;
    for (const std::string& name : request.deepen_not) {
      const Ref* ref = expand_ref(*refs_, name);
      if (ref == nullptr) {
        fail(ErrorCode::invalid, "deepen-not is not a ref: {}", name);
      }
      if (auto node = graph_.find(ref->peeled.value_or(ref->id))) {
        exclude.push_back(*node);
      }
    }
    boundary = boundary_by_choice(
        graph_, wants_, request.deepen_since.value_or(INT64_MIN), exclude);
  }

  ShallowChange change;
  auto is_in = [](const std::vector<Node>& sorted, Node node) {
    return std::binary_search(sorted.begin(), sorted.end(), node);
  };
  std::sort(client.begin(), client.end());
  std::sort(boundary.inner.begin(), boundary.inner.end());
  for (Node node : boundary.ends) {
    if (!is_in(client, node)) change.shallow.push_back(graph_.id(node));
  }
  for (Node node : client) {
    if (!is_in(boundary.inner, node)) continue;
    change.unshallow.push_back(graph_.id(node));
    for (Node parent : graph_.parents(node)) wants_.push_back(parent);
  }
  // From here on history ends where it does (or will) for the client. That
  // holds for its own shallow commits too: their parents are wants if at all.
  grafts_ = client;
  grafts_.insert(grafts_.end(), boundary.ends.begin(), boundary.ends.end());
  for (Node node : grafts_) graph_.set_graft(node);
  return change;
}

// Everything that the plan depends on: ids never change what they stand for.
std::string FetchSession::plan_key(const FetchRequest& request) const {
  Hasher hasher;
  auto add = [&](char kind, std::vector<Oid> ids) {
    std::sort(ids.begin(), ids.end());
    hasher.update(std::string(1, kind));
    for (const Oid& id : ids) {
      hasher.update(
          {reinterpret_cast<const char*>(id.bytes.data()), kOidBytes});
    }
  };
  auto ids_of = [&](const std::vector<Node>& nodes) {
    std::vector<Oid> ids;
    for (Node node : nodes) ids.push_back(graph_.id(node));
    return ids;
  };
  add('w', ids_of(wants_));
  add('o', other_wants_);
  add('h', ids_of(haves_));
  add('g', ids_of(grafts_));
  if (request.include_tag) {
    std::vector<Oid> tags;
    for (const Ref& ref : refs_->refs) {
      if (ref.peeled) tags.push_back(ref.id);
    }
    add('t', std::move(tags));
  }
  hasher.update(
      fmt::format("f{} {} {} {}", static_cast<int>(request.filter.kind),
                  request.filter.limit, request.thin_pack, request.ofs_delta));
  return fmt::format("{}:{}", repository_.id, hasher.finish().hex);
}

std::shared_ptr<const PackPlan> FetchSession::plan(
    const FetchRequest& request,
    const std::function<void(std::size_t)>& progress) {
  return context_.plans.get(plan_key(request),
                            [&] { return make_plan(request, progress); });
}

std::shared_ptr<const PackPlan> FetchSession::make_plan(
    const FetchRequest& request,
    const std::function<void(std::size_t)>& progress) {
  Slots::Slot slot = context_.walks.take(stop_);
  WalkOptions options;
  options.filter = request.filter;
  options.on_step = [&](std::size_t found) {
    check_stop();
    if (progress) progress(found);
  };
  ObjectWalk walk(objects(), options);
  walk.add_commits(graph_, graph_.difference(wants_, haves_));
  for (const Oid& id : other_wants_) walk.add_object(id);
  if (request.include_tag) add_tags(walk);
  constexpr std::size_t kLongWalk = 5000;
  if (walk.set().wanted() > kLongWalk) lease_.close_after();

  PlanOptions plan_options;
  plan_options.ofs_delta = request.ofs_delta;
  // A partial clone may lack the base that it seems to have.
  plan_options.thin_pack =
      request.thin_pack && request.filter.kind == ObjectFilter::Kind::none;
  return make_pack_plan(walk.set(), context_.repositories.packs(repository_),
                        plan_options);
}

// Annotated tags of what is sent anyway.
void FetchSession::add_tags(ObjectWalk& walk) const {
  for (const Ref& ref : refs_->refs) {
    if (ref.peeled && ref.name.starts_with("refs/tags/") &&
        walk.set().mark(*ref.peeled) == ObjectMark::wanted) {
      walk.add_object(ref.id);
    }
  }
}

}  // namespace skerry::git
