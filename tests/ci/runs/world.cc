#include "ci/runs/world.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "core/error.h"
#include "core/store/digest.h"

namespace skerry::ci {
namespace {

Paths make_paths(const std::filesystem::path& data) {
  Paths paths{data, data / "git", data / "work", data / "keys"};
  for (const auto& path : {paths.git, paths.work, paths.keys}) {
    std::filesystem::create_directories(path);
  }
  ::chmod(data.c_str(), 0755);
  return paths;
}

}  // namespace

// --- sources -----------------------------------------------------------------

std::string FakeSources::add(
    std::vector<std::pair<std::string, MemoryFile>> files) {
  std::string all;
  for (const auto& [path, file] : files) all += path + "\n" + file.content;
  const std::string id = digest_of(all).hex.substr(0, 40);
  MutexLock lock(mutex_);
  trees_[id] = make_memory_tree(std::move(files));
  return id;
}

std::string FakeSources::add_jenkinsfile(const std::string& text) {
  return add({{"Jenkinsfile", {text, EntryKind::file}}});
}

void FakeSources::set_ref(const std::string& ref, const std::string& commit) {
  MutexLock lock(mutex_);
  refs_[ref] = commit;
}

std::shared_ptr<const Tree> FakeSources::tree(std::string_view,
                                              std::string_view,
                                              std::string_view commit) {
  MutexLock lock(mutex_);
  const auto it = trees_.find(commit);
  if (it == trees_.end()) fail(ErrorCode::not_found, "no commit {}", commit);
  return it->second;
}

std::optional<std::string> FakeSources::resolve(std::string_view,
                                                std::string_view,
                                                std::string_view revision) {
  MutexLock lock(mutex_);
  const auto it = refs_.find(revision);
  if (it != refs_.end()) return it->second;
  if (trees_.contains(revision)) return std::string(revision);
  return std::nullopt;
}

CommitInfo FakeSources::commit(std::string_view, std::string_view,
                               std::string_view id) {
  tree("", "", id);
  return {
      std::string(id), "Say hello\n\nAt length.", "Ann", 1'700'000'000'000, {}};
}

std::string FakeSources::clone_external(const ExternalSource& source,
                                        const std::filesystem::path& folder,
                                        std::stop_token) {
  std::filesystem::create_directories(folder / ".git");
  std::ofstream(folder / "from")
      << source.url << " " << source.user << ":" << source.password;
  return "external";
}

std::optional<LocalRepository> FakeSources::local_repository(
    std::string_view url) {
  const std::string_view prefix = "http://skerry.test/git/";
  if (!url.starts_with(prefix)) return std::nullopt;
  url.remove_prefix(prefix.size());
  const auto slash = url.find('/');
  return LocalRepository{std::string(url.substr(0, slash)),
                         std::string(url.substr(slash + 1))};
}

// --- accounts, images, charts ------------------------------------------------

http::Identity OpenAccounts::identify(const http::Request&) {
  return {2, "dev", true};
}
bool OpenAccounts::allows(const http::Identity& who, http::Access,
                          std::string_view project) {
  return project != "private" || who.name == "reader";
}
std::optional<auth::Project> OpenAccounts::find_project(
    std::string_view name) {
  return auth::Project{1, std::string(name)};
}
std::vector<auth::Project> OpenAccounts::projects_of(const http::Identity&) {
  return {};
}
auth::Project OpenAccounts::create_project(Transaction&, std::string_view,
                                           std::string_view, bool) {
  return {};
}
std::optional<auth::Role> OpenAccounts::role_in(const http::Identity&,
                                                std::string_view) {
  return std::nullopt;
}
std::optional<http::Identity> OpenAccounts::check_credentials(
    std::string_view user, std::string_view secret, std::string_view) {
  if (user == "reader" && secret == "pw") return http::Identity{3, "reader"};
  return std::nullopt;
}
auth::Accounts::NewToken OpenAccounts::create_robot_token(
    Transaction&, std::string_view, std::vector<std::string>,
    std::optional<UnixMillis>) {
  return {};
}
std::string OpenAccounts::issue_scoped_token(const http::Identity&,
                                             std::vector<std::string>,
                                             std::chrono::seconds) {
  return {};
}
bool OpenAccounts::allows_repository(const http::Identity&, std::string_view,
                                     std::string_view, std::string_view) {
  return true;
}

std::unique_ptr<BlobWriter> NoImages::create_blob(std::string_view) {
  fail(ErrorCode::unavailable, "no registry in this test");
}
Digest NoImages::put_manifest(std::string_view, const std::vector<std::string>&,
                              std::string_view, std::string_view) {
  fail(ErrorCode::unavailable, "no registry in this test");
}

ChartPublicationResult KeptCharts::publish(const ChartPublication& chart) {
  chart.workspace->read(chart.path + "/Chart.yaml");
  return {"hello", chart.version.empty() ? "0.1.0" : chart.version,
          "sha256:1234"};
}

// --- the world ---------------------------------------------------------------

World::World(const std::filesystem::path& data,
             std::map<std::string, std::string> environment)
    : paths_(make_paths(data)),
      settings_("", std::move(environment)),
      db_(data / "skerry.db"),
      blobs_(open_file_blob_store(data / "blobs", data / "uploads")),
      events_(db_, clock_),
      jobs_(db_, clock_),
      client_(http::make_client("test")),
      services_{paths_,  clock_, processes_, settings_, db_,     *blobs_,
                events_, jobs_,  accounts_,  *client_,  metrics_},
      ci_(std::make_unique<CiModule>(
          services_, sources, images_, charts_,
          [] { return std::string("http://skerry.test"); })),
      module_(ci_->tables()) {
  db_.migrate("events", EventLog::migrations());
  db_.migrate("jobs", JobQueue::migrations());
  db_.migrate(module_.name, module_.migrations);
  settings_.declare(module_.settings);
  settings_.load();
  for (const JobKind& kind : module_.jobs) jobs_.add_kind(kind);
  for (const Follower& one : module_.followers) events_.follow(one);
}

void World::start() {
  module_.recover();
  http::ServerOptions options;
  options.listen = "http://127.0.0.1:0";
  options.threads = 16;
  server_ = std::make_unique<http::Server>(options, module_.routes, accounts_,
                                           metrics_);
  jobs_.start();
  consumers_ = std::make_unique<EventConsumers>(events_, db_);
  for (const Subscription& one : module_.subscriptions) consumers_->start(one);
}

std::int64_t World::push(const std::string& ref, const std::string& commit) {
  sources.set_ref(ref, commit);
  db_.write([&](Transaction& tx) {
    events_.append(tx, "RefUpdated", "demo/hello:" + ref, commit);
  });
  return events_.last_id();
}

Json World::api(const std::string& method, const std::string& path,
                const Json& body, int expect) {
  http::ClientRequest request;
  request.method = method;
  request.url = server_->url() + "/api/v1" + path;
  if (!body.is_null()) {
    request.body = body.dump();
    request.headers = {{"Content-Type", "application/json"}};
  }
  const auto answer = client_->send(request);
  EXPECT_EQ(answer.status, expect) << method << " " << path << "\n"
                                   << answer.body;
  return answer.body.empty() ? Json() : parse_json(answer.body);
}

std::string World::text(const std::string& path) {
  http::ClientRequest request;
  request.url = server_->url() + "/api/v1" + path;
  return client_->send(request).body;
}

Json World::wait_for(int number, const std::string& state,
                     std::chrono::seconds time) {
  Json last;
  const bool came = eventually(
      [&] {
        http::ClientRequest request;
        request.url = server_->url() +
                      "/api/v1/projects/demo/repos/hello/runs/" +
                      std::to_string(number);
        const auto answer = client_->send(request);
        if (answer.status != 200) return false;
        last = parse_json(answer.body);
        return last["state"] == state;
      },
      time);
  EXPECT_TRUE(came) << "run " << number << ": " << last.dump();
  return last;
}

std::string pipeline(const std::string& steps) {
  return "pipeline {\nagent any\nstages {\nstage('S') {\nsteps {\n" + steps +
         "\n}\n}\n}\n}\n";
}

bool eventually(const std::function<bool()>& holds,
                std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

World::~World() {
  if (server_) server_->stop();
  if (consumers_) consumers_->stop();
  jobs_.stop();
}

}  // namespace skerry::ci
