// What the Git remote adds to the program.
#include <string>
#include <utility>
#include <vector>

#include "api.h"
#include "core/error.h"
#include "git/git.h"
#include "libgit2.h"
#include "module_impl.h"
#include "ref_update.h"
#include "repack.h"
#include "smart_http.h"

namespace skerry::git {
namespace {

using http::Access;
using http::Dialect;
using ContextHandler = void (*)(Context&, http::Request&, http::Response&);

// Of a fetch request (haves), compressed or not; a push counts its own pack
// against git.max_pack_size.
constexpr std::uint64_t kMaxFetch = 64u << 20;

std::vector<http::Route> routes_of(Context& context) {
  std::vector<http::Route> routes;
  const auto bind = [&context](ContextHandler handler) {
    return
        [&context, handler](http::Request& request, http::Response& response) {
          handler(context, request, response);
        };
  };
  const auto git = [&](const char* method, const char* rest, Access access,
                       ContextHandler handler, const char* summary,
                       std::uint64_t max_body = 1u << 20) {
    routes.push_back({method, std::string("/git/{project}/{repo}/") + rest,
                      access, bind(handler), summary, Dialect::git, max_body});
  };
  const auto api = [&](const char* method, const char* rest, Access access,
                       ContextHandler handler, const char* summary) {
    routes.push_back({method,
                      std::string("/api/v1/projects/{project}/repos") + rest,
                      access, bind(handler), summary});
  };
  const Access viewer = Access::project_viewer;
  const Access developer = Access::project_developer;
  const Access maintainer = Access::project_maintainer;

  git("GET", "info/refs", Access::in_handler, get_info_refs,
      "viewer, to push developer: capabilities and refs");
  git("POST", "git-upload-pack", viewer, post_upload_pack, "fetch", kMaxFetch);
  git("POST", "git-receive-pack", developer, post_receive_pack, "push",
      UINT64_MAX);
  git("GET", "archive/{ref+}", viewer, get_archive,
      "the files of <ref>.tar.gz");

  api("GET", "", viewer, api::list_repos, "repositories of a project");
  api("POST", "", maintainer, api::create_repo, "create a repository");
  api("GET", "/{repo}", viewer, api::get_repo, "a repository");
  api("PATCH", "/{repo}", maintainer, api::change_repo,
      "rename, describe, choose the default branch");
  api("DELETE", "/{repo}", maintainer, api::delete_repo,
      "delete a repository and its history");
  api("GET", "/{repo}/refs", viewer, api::get_refs, "refs and their commits");
  api("GET", "/{repo}/commits", viewer, api::get_commits,
      "commits from ?ref= back, at most ?limit=");
  api("GET", "/{repo}/files", viewer, api::get_files,
      "a folder's entries or a file's content at ?ref=&path=");
  api("GET", "/{repo}/protection", viewer, api::get_protection,
      "patterns of refs that refuse force and deletion");
  api("PUT", "/{repo}/protection", maintainer, api::put_protection,
      "replace these patterns");
  return routes;
}

std::vector<Setting> settings() {
  return {
      {"git.max_pack_size", SettingType::size, "2GiB",
       "Largest pack that a push may bring, in bytes.", 1 << 10},
      {"git.max_object_size", SettingType::size, "512MiB",
       "Largest single file or other object in a push, in bytes.", 1 << 10},
      {"git.max_objects", SettingType::integer, "10000000",
       "Most objects that one push may bring.", 1, UINT32_MAX},
      {"git.check_objects", SettingType::boolean, "true",
       "Whether pushed commits and trees must be well formed; switch it off "
       "to import an old history that is not."},
      {"git.plan_cache_size", SettingType::size, "16MiB",
       "Memory for clones that were worked out already, in bytes.", 0,
       std::int64_t{1} << 32},
  };
}

// A repository that is gone needs no repack.
void run_repack(Context& context, JobContext& job) {
  constexpr std::chrono::milliseconds kGrace = std::chrono::minutes(10);
  std::string subject = job.job().subject;
  std::size_t slash = subject.find('/');
  auto repository = context.repositories.find(subject.substr(0, slash),
                                              subject.substr(slash + 1));
  if (!repository) return;
  repack(context, *repository, context.services.clock.now() - kGrace.count(),
         job.stop());
  context.plans.forget(fmt::format("{}:", repository->id));
}

std::string first_damaged(Context& context) {
  for (const Repository& repository : context.repositories.list_all()) {
    try {
      open_bare(context.repositories.folder(repository));
    } catch (const Error& error) {
      return fmt::format("{} cannot be opened: {}", repository.full_name(),
                         error.message());
    }
  }
  return "";
}

}  // namespace

Module GitModule::tables() {
  Context& context = impl_->context;
  context.services.metrics.gauge(
      "skerry_git_repositories", "Repositories on this server", {},
      [&context] { return static_cast<double>(context.repositories.count()); });
  Module module;
  module.name = "git";
  module.migrations = Repositories::migrations();
  module.settings = settings();
  module.routes = routes_of(context);
  module.jobs = {{std::string(kRepackJob),
                  [&context](JobContext& job) { run_repack(context, job); }}};
  module.followers = {
      {"ProjectDeleted", [&context](Transaction& tx, const Event& event) {
         context.repositories.forget_project(tx, event.subject);
       }}};
  module.holdings = {
      {"repository", "repositories", [&context](std::string_view project) {
         return context.repositories.count(project);
       }}};
  module.health = {
      {"git repositories", [&context] { return first_damaged(context); }}};
  module.recover = [&context] {
    context.repositories.recover();
    recover_refs(context);
  };
  return module;
}

}  // namespace skerry::git
