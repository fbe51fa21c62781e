// All that CI adds to the program.
#include "ci/ci.h"
#include "core/error.h"
#include "executor/local_executor.h"
#include "runs/context.h"
#include "runs/removal.h"
#include "runs/retention.h"
#include "runs/routes.h"
#include "runs/runner.h"
#include "runs/trigger.h"

namespace skerry::ci {
namespace {

// Workers of the job queue; ci.max_parallel, which may change at any time,
// says how many of them may run a pipeline.
constexpr int kWorkers = 8;

using http::Access;

std::vector<Setting> settings() {
  using T = SettingType;
  return {
      {"ci.max_parallel", T::integer, "2",
       "Runs that are carried out at the same time", 1, kWorkers},
      {"ci.network", T::text, "none",
       "Network of scripts: none (their own loopback) or host; a project may "
       "differ",
       {}, {}, {"none", "host"}},
      {"ci.max_log_size", T::size, "64MiB",
       "Size at which the log of a run is cut", 4096},
      {"ci.max_artifact_size", T::size, "2GiB", "Size of one archived file"},
      {"ci.resume_interrupted", T::text, "fail",
       "What becomes of a run that a restart interrupted: fail, or rerun "
       "(it fails and begins again as a new run, at most 3 times)",
       {}, {}, {"fail", "rerun"}},
      {"ci.keep_failed_workspaces", T::duration, "0s",
       "How long the workspace of a failed run is kept in the data folder, "
       "below runs/PROJECT/REPO/NUMBER/kept, to be looked at; 0: not at all"},
      {"ci.keep_runs", T::integer, "200",
       "Runs kept of each repository; 0 keeps all", 0},
      {"ci.post_timeout", T::duration, "1m",
       "How long the post blocks of a cancelled or timed-out run may go on"},
      {"ci.memory", T::size, "4GiB",
       "Memory of all processes of a run (control groups)", 0},
      {"ci.processes", T::integer, "2048", "Processes of a run", 16},
      {"ci.address_space", T::size, "0",
       "Address space of each process; 0 is unbounded", 0},
      {"ci.cpu_time", T::duration, "0s",
       "Processor time of each process; 0 is unbounded", 0},
      {"ci.file_size", T::size, "8GiB", "Size of one file that a script writes",
       0},
      {"ci.open_files", T::integer, "4096", "Open files of each process", 64},
      {"ci.first_uid", T::integer, "1990000000",
       "Run N of those at the same time is this user plus N, when Skerry runs "
       "as root",
       1000, 4'000'000'000},
      {"ci.host_paths", T::text, "",
       "Further folders of the machine that scripts may read, separated by "
       "commas"},
  };
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

LocalOptions executor_options(const Services& services) {
  const Settings& s = services.settings;
  const auto number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(s.integer(name));
  };
  LocalOptions options;
  options.folder = services.paths.work / "ci";
  options.owner = digest_of(services.paths.data.native()).hex.substr(0, 8);
  options.data = services.paths.data;
  options.first_uid = static_cast<std::uint32_t>(number("ci.first_uid"));
  options.host_paths = split(s.text("ci.host_paths"));
  options.limits.memory_bytes = number("ci.memory");
  options.limits.processes = number("ci.processes");
  options.limits.bounds.processes = number("ci.processes");
  options.limits.bounds.address_space = number("ci.address_space");
  options.limits.bounds.cpu_seconds =
      static_cast<std::uint64_t>(s.duration("ci.cpu_time").count() / 1000);
  options.limits.bounds.file_size = number("ci.file_size");
  options.limits.bounds.open_files = number("ci.open_files");
  return options;
}

std::vector<http::Route> route_table(Context& context) {
  using Function = void (*)(Context&, http::Request&, http::Response&);
  const auto bound = [&context](Function function) {
    return [&context, function](http::Request& request,
                                http::Response& response) {
      function(context, request, response);
    };
  };
  const std::string project = "/api/v1/projects/{project}";
  const std::string runs = project + "/repos/{repo}/runs";
  const std::string run = runs + "/{number}";
  return {
      {"GET", "/api/v1/runs", Access::signed_in, bound(routes::list_visible),
       "Runs of all projects that the caller sees, newest first"},
      {"GET", runs, Access::project_viewer, bound(routes::list),
       "Runs of a repository, newest first"},
      {"POST", runs, Access::project_developer, bound(routes::start),
       "Start a run of a branch, tag or commit with parameters"},
      {"GET", run, Access::project_viewer, bound(routes::show), "One run"},
      {"POST", run + "/cancel", Access::project_developer,
       bound(routes::cancel), "Cancel a run"},
      {"POST", run + "/rerun", Access::project_developer,
       bound(routes::repeat), "Run the same commit again"},
      {"GET", run + "/log", Access::project_viewer, bound(routes::log),
       "The log from an offset"},
      {"GET", run + "/log/stream", Access::project_viewer,
       bound(routes::stream_log), "The log as it grows (server-sent events)"},
      {"GET", run + "/artifacts", Access::project_viewer,
       bound(routes::artifacts), "Files that the run archived"},
      {"GET", run + "/artifacts/{path+}", Access::project_viewer,
       bound(routes::artifact), "One archived file"},
      {"GET", run + "/tests", Access::project_viewer, bound(routes::tests),
       "Test results of the run"},
      {"GET", "/api/v1/pipeline-defaults", Access::signed_in,
       bound(routes::show_defaults), "Pipeline defaults of the system"},
      {"PUT", "/api/v1/pipeline-defaults", Access::server_admin,
       bound(routes::set_defaults), "Set the pipeline defaults of the system",
       http::Dialect::api, 2u << 20},
      {"GET", project + "/pipeline-defaults", Access::project_viewer,
       bound(routes::show_defaults), "Pipeline defaults of a project"},
      {"PUT", project + "/pipeline-defaults", Access::project_maintainer,
       bound(routes::set_defaults), "Set the pipeline defaults of a project",
       http::Dialect::api, 2u << 20},
      {"GET", project + "/pipeline-settings", Access::project_viewer,
       bound(routes::show_project), "Network of a project's pipelines"},
      {"PUT", project + "/pipeline-settings", Access::server_admin,
       bound(routes::set_project), "Set the network of a project's pipelines"},
      {"GET", project + "/repos/{repo}/pipeline-settings",
       Access::project_viewer, bound(routes::show_repository),
       "Where a repository's pipeline stands"},
      {"PUT", project + "/repos/{repo}/pipeline-settings",
       Access::project_maintainer, bound(routes::set_repository),
       "Set the path of a repository's pipeline"},
      {"GET", project + "/credentials", Access::project_maintainer,
       bound(routes::list_credentials), "Credentials, without their secrets"},
      {"POST", project + "/credentials", Access::project_maintainer,
       bound(routes::put_credential), "Add or replace a credential"},
      {"DELETE", project + "/credentials/{id}", Access::project_maintainer,
       bound(routes::remove_credential), "Delete a credential"},
  };
}

void prune_after(Context& context, const Event& event) {
  // "<project>/<repo>#<number>"
  const auto slash = event.subject.find('/');
  const auto hash = event.subject.rfind('#');
  if (slash == std::string::npos || hash == std::string::npos) return;
  prune_runs(context, event.subject.substr(0, slash),
             event.subject.substr(slash + 1, hash - slash - 1));
}

}  // namespace

struct CiModule::Parts {
  Context context;
};

CiModule::CiModule(Services& services, SourceProvider& sources,
                   ImageStore& images, ChartPublisher& charts,
                   std::function<std::string()> base_url)
    : parts_(new Parts{{services, sources, images, charts, std::move(base_url),
                        RunStore(services.db, services.events),
                        Configuration(services.db),
                        Credentials(services.db, services.paths.keys)}}) {
  parts_->context.executor = make_local_executor(
      [&services] { return executor_options(services); }, services.processes);
}

CiModule::~CiModule() = default;

Module CiModule::tables() {
  Context& context = parts_->context;
  Module module;
  module.name = "ci";
  const auto migrations = RunStore::migrations();
  module.migrations.assign(migrations.begin(), migrations.end());
  module.settings = settings();
  module.routes = route_table(context);
  module.jobs = {{std::string(kRunJob),
                  [&context](JobContext& job) { run_job(context, job); },
                  kWorkers}};
  module.subscriptions = {
      {"ci.trigger",
       {"RefUpdated"},
       [&context](const Event& event) { on_ref_updated(context, event); }},
      {"ci.retention",
       {"RunFinished"},
       [&context](const Event& event) { prune_after(context, event); },
       [&context] {
         prune_all_runs(context);
         sweep_run_folders(context);
         remove_old_workspaces(context);
       },
       std::chrono::hours(1)}};
  module.followers = {
      {"RepositoryDeleted",
       [&context](Transaction& tx, const Event& event) {
         const auto slash = event.subject.find('/');
         forget_repository(context, tx, event.subject.substr(0, slash),
                           event.subject.substr(slash + 1));
       }},
      {"ProjectDeleted", [&context](Transaction& tx, const Event& event) {
         forget_project(context, tx, event.subject);
       }}};
  module.holdings = {
      {"run that is still ending", "runs that are still ending",
       [&context](std::string_view project) {
         return count_live_runs(context, project);
       }}};
  module.blobs.user = [](Connection& db, const Digest& digest) {
    return RunStore::blob_user(db, digest);
  };
  module.health = {
      {"pipelines", [&context] { return context.executor->problem(); }}};
  module.recover = [&context] { recover_runs(context); };
  return module;
}

}  // namespace skerry::ci
