#include "history.h"

#include <algorithm>
#include <queue>
#include <set>

#include "commit_graph.h"
#include "core/error.h"

namespace skerry::git {
namespace {

bool is_abbreviation(std::string_view text) {
  return text.size() >= 4 && text.size() <= kOidHex &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::optional<Oid> find_abbreviated(git_odb* odb, std::string_view text) {
  git_oid start{};
  if (git_oid_fromstrn(&start, text.data(), text.size()) < 0) {
    return std::nullopt;
  }
  git_oid found;
  if (git_odb_exists_prefix(&found, odb, &start, text.size()) < 0) {
    return std::nullopt;
  }
  return from_git(found);
}

}  // namespace

std::optional<Oid> resolve(Context& context, const Repository& repository,
                           std::string_view revision) {
  auto lease = context.repositories.open(repository);
  auto refs = context.repositories.refs(repository, lease);
  std::optional<Oid> id;
  if (revision == "HEAD") {
    id = refs->head;
  } else {
    for (const char* prefix : {"", "refs/", "refs/tags/", "refs/heads/"}) {
      const Ref* ref = refs->find(prefix + std::string(revision));
      if (ref != nullptr && !id) id = ref->id;
    }
    if (!id && is_abbreviation(revision)) {
      id = find_abbreviated(lease.odb(), revision);
    }
  }
  if (!id) return std::nullopt;
  auto peeled = lease.objects().peel(*id);
  if (!peeled || peeled->type != ObjectType::commit) return std::nullopt;
  return peeled->id;
}

CommitInfo read_commit(const ObjectReader& objects, const Oid& id) {
  RawObject object = objects.read(id);
  git_commit* parsed = nullptr;
  if (object.type() != ObjectType::commit) {
    fail(ErrorCode::not_found, "there is no commit {}", id.hex());
  }
  // A repository without a folder is enough to parse a commit in memory.
  git_repository* wrapped = nullptr;
  check(git_repository_wrap_odb(&wrapped, objects.odb()), "read a commit");
  RepositoryPtr repository(wrapped);
  git_oid key = to_git(id);
  check(git_commit_lookup(&parsed, wrapped, &key), "read commit " + id.hex());
  CommitPtr commit(parsed);
  CommitInfo info;
  info.id = id.hex();
  info.tree = from_git(*git_commit_tree_id(parsed)).hex();
  info.message = git_commit_message(parsed);
  const git_signature* author = git_commit_author(parsed);
  info.author_name = author->name;
  info.author_email = author->email;
  info.time = author->when.time * 1000;
  for (unsigned i = 0; i < git_commit_parentcount(parsed); ++i) {
    info.parents.push_back(from_git(*git_commit_parent_id(parsed, i)).hex());
  }
  return info;
}

std::vector<CommitInfo> read_log(Context& context, const Repository& repository,
                                 const Oid& start, std::size_t limit) {
  auto lease = context.repositories.open(repository);
  CommitGraph graph(lease.objects());
  auto first = graph.find(start);
  if (!first) fail(ErrorCode::not_found, "there is no commit {}", start.hex());
  using Item = std::pair<std::int64_t, CommitGraph::Node>;
  std::priority_queue<Item> queue;
  std::set<CommitGraph::Node> seen{*first};
  queue.emplace(graph.committed(*first), *first);
  std::vector<CommitInfo> result;
  while (!queue.empty() && result.size() < limit) {
    CommitGraph::Node node = queue.top().second;
    queue.pop();
    result.push_back(read_commit(lease.objects(), graph.id(node)));
    for (CommitGraph::Node parent : graph.parents(node)) {
      if (seen.insert(parent).second) {
        queue.emplace(graph.committed(parent), parent);
      }
    }
  }
  return result;
}

}  // namespace skerry::git
