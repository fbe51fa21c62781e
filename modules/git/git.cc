#include "git/git.h"

#include "core/error.h"
#include "external_clone.h"
#include "git_tree.h"
#include "history.h"
#include "module_impl.h"

namespace skerry::git {
namespace {

Oid need_oid(std::string_view id) {
  auto parsed = Oid::parse(id);
  if (!parsed) fail(ErrorCode::invalid, "'{}' is no commit id", id);
  return *parsed;
}

}  // namespace

GitModule::GitModule(Services& services)
    : impl_(std::make_unique<Impl>(services)) {}

GitModule::~GitModule() = default;

bool GitModule::exists(std::string_view project,
                       std::string_view repository) const {
  return impl_->context.repositories.find(project, repository).has_value();
}

std::string GitModule::default_branch(std::string_view project,
                                      std::string_view repository) const {
  auto& repositories = impl_->context.repositories;
  Repository found = repositories.need(project, repository);
  auto lease = repositories.open(found);
  std::string head = repositories.refs(found, lease)->head_target;
  constexpr std::string_view kHeads = "refs/heads/";
  return head.starts_with(kHeads) ? head.substr(kHeads.size()) : head;
}

std::optional<std::string> GitModule::resolve(std::string_view project,
                                              std::string_view repository,
                                              std::string_view revision) const {
  Repository found = impl_->context.repositories.need(project, repository);
  auto id = git::resolve(impl_->context, found, revision);
  if (!id) return std::nullopt;
  return id->hex();
}

CommitInfo GitModule::commit(std::string_view project,
                             std::string_view repository,
                             std::string_view id) const {
  auto& repositories = impl_->context.repositories;
  auto lease = repositories.open(repositories.need(project, repository));
  return read_commit(lease.objects(), need_oid(id));
}

std::vector<CommitInfo> GitModule::log(std::string_view project,
                                       std::string_view repository,
                                       std::string_view revision,
                                       std::size_t limit) const {
  Repository found = impl_->context.repositories.need(project, repository);
  auto start = git::resolve(impl_->context, found, revision);
  if (!start) {
    fail(ErrorCode::not_found, "{} has no commit named '{}'", found.full_name(),
         revision);
  }
  return read_log(impl_->context, found, *start, limit);
}

std::vector<RefInfo> GitModule::refs(std::string_view project,
                                     std::string_view repository) const {
  auto& repositories = impl_->context.repositories;
  Repository found = repositories.need(project, repository);
  auto lease = repositories.open(found);
  std::vector<RefInfo> result;
  for (const Ref& ref : repositories.refs(found, lease)->refs) {
    if (ref.name.starts_with("refs/heads/") ||
        ref.name.starts_with("refs/tags/")) {
      result.push_back({ref.name, ref.peeled.value_or(ref.id).hex()});
    }
  }
  return result;
}

std::shared_ptr<const Tree> GitModule::tree(std::string_view project,
                                            std::string_view repository,
                                            std::string_view commit) const {
  Repository found = impl_->context.repositories.need(project, repository);
  return open_git_tree(impl_->context, found, need_oid(commit));
}

std::string GitModule::clone_external(const ExternalClone& clone,
                                      std::stop_token stop) const {
  return clone_foreign(clone, std::move(stop));
}

}  // namespace skerry::git
