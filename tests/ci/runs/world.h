// A server with nothing but CI: real database, job queue, event log, sandbox
// and HTTP; the Git remote, the registry and the accounts are in memory.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ci/ci.h"
#include "core/boot/module.h"
#include "core/http/server.h"
#include "core/os/file.h"

namespace skerry::ci {

// Commit ids are the text of the Jenkinsfile's name in `files`, padded.
class FakeSources : public SourceProvider {
 public:
  // A commit of demo/hello; its id.
  std::string add(std::vector<std::pair<std::string, MemoryFile>> files);
  std::string add_jenkinsfile(const std::string& text);
  void set_ref(const std::string& ref, const std::string& commit);

  std::shared_ptr<const Tree> tree(std::string_view, std::string_view,
                                   std::string_view commit) override;
  std::optional<std::string> resolve(std::string_view, std::string_view,
                                     std::string_view revision) override;
  CommitInfo commit(std::string_view, std::string_view,
                    std::string_view id) override;
  std::string clone_external(const ExternalSource& source,
                             const std::filesystem::path& folder,
                             std::stop_token stop) override;
  std::optional<LocalRepository> local_repository(
      std::string_view url) override;

 private:
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<const Tree>, std::less<>> trees_
      GUARDED_BY(mutex_);
  std::map<std::string, std::string, std::less<>> refs_ GUARDED_BY(mutex_);
};

// Everybody is "dev", who may do everything but in the project "private".
class OpenAccounts : public auth::Accounts {
 public:
  http::Identity identify(const http::Request&) override;
  bool allows(const http::Identity& who, http::Access access,
              std::string_view project) override;
  std::optional<auth::Project> find_project(std::string_view name) override;
  std::vector<auth::Project> projects_of(const http::Identity&) override;
  auth::Project create_project(Transaction&, std::string_view, std::string_view,
                               bool) override;
  std::optional<auth::Role> role_in(const http::Identity&,
                                    std::string_view) override;
  std::optional<http::Identity> check_credentials(std::string_view,
                                                  std::string_view,
                                                  std::string_view) override;
  NewToken create_robot_token(Transaction&, std::string_view,
                              std::vector<std::string>,
                              std::optional<UnixMillis>) override;
  std::string issue_scoped_token(const http::Identity&,
                                 std::vector<std::string>,
                                 std::chrono::seconds) override;
  bool allows_repository(const http::Identity&, std::string_view,
                         std::string_view, std::string_view) override;
  void audit(Transaction&, const http::Identity&, std::string_view,
             std::string_view, std::string_view) override {}
};

class NoImages : public ImageStore {
 public:
  std::optional<StoredManifest> find_manifest(
      std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  Fd open_blob(std::string_view, const Digest&) const override { return Fd(); }
  std::unique_ptr<BlobWriter> create_blob(std::string_view) override;
  void link_blob(std::string_view, const Digest&, std::string_view) override {}
  Digest put_manifest(std::string_view, const std::vector<std::string>&,
                      std::string_view, std::string_view) override;
};

class KeptCharts : public ChartPublisher {
 public:
  ChartPublicationResult publish(const ChartPublication& chart) override;
};

// One life of the server over a data folder.
class World {
 public:
  explicit World(const std::filesystem::path& data,
                 std::map<std::string, std::string> environment = {});
  ~World();
  // Repairs and begins to work: fill `sources` before.
  void start();

  // As the Git remote does after a push.
  std::int64_t push(const std::string& ref, const std::string& commit);
  Json api(const std::string& method, const std::string& path,
           const Json& body = {}, int expect = 200);
  std::string text(const std::string& path);
  Json run(int number) {
    return api("GET", "/projects/demo/repos/hello/runs/" +
                          std::to_string(number));
  }
  Json wait_for(int number, const std::string& state,
                std::chrono::seconds time = std::chrono::seconds(20));
  std::string log(int number) {
    return text("/projects/demo/repos/hello/runs/" + std::to_string(number) +
                "/log");
  }

  FakeSources sources;
  Services& services() { return services_; }
  CiModule& ci() { return *ci_; }
  const Module& module() const { return module_; }
  std::string url() const { return server_->url(); }

 private:
  Paths paths_;
  SystemClock clock_;
  SystemProcessRunner processes_;
  Settings settings_;
  Database db_;
  std::unique_ptr<BlobStore> blobs_;
  EventLog events_;
  JobQueue jobs_;
  OpenAccounts accounts_;
  std::unique_ptr<http::Client> client_;
  Metrics metrics_;
  Services services_;
  NoImages images_;
  KeptCharts charts_;
  std::unique_ptr<CiModule> ci_;
  Module module_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<EventConsumers> consumers_;
};

std::string pipeline(const std::string& steps);
bool eventually(const std::function<bool()>& holds,
                std::chrono::milliseconds time = std::chrono::seconds(10));

}  // namespace skerry::ci
