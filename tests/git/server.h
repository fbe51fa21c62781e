// The Git module on a real HTTP server with everything else small: accounts
// that know three users, a scratch data folder, a git client without the
// machine's configuration.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/auth/service.h"
#include "core/http/server.h"
#include "core/os/file.h"
#include "core/os/process.h"
#include "git/git.h"

namespace skerry::git::test {

// "dev" may do everything, "reader" only read, others nothing. Any password
// will do.
class FakeAccounts : public auth::Service {
 public:
  using Service::Service;
  http::Identity identify(const http::Request& request) override;
  bool allows(const http::Identity& who, http::Access access,
              std::string_view project) override;
  std::optional<auth::Project> find_project(std::string_view name) override;
  void audit(Transaction& tx, const http::Identity& who,
             std::string_view action, std::string_view subject,
             std::string_view detail) override;
};

class NoClient : public http::Client {
 public:
  http::ClientResponse send(const http::ClientRequest&,
                            std::stop_token) override;
};

class TestServer {
 public:
  // `settings` by name, as in the environment.
  explicit TestServer(std::map<std::string, std::string> settings = {});
  ~TestServer();

  // As a crash would: everything in memory is lost; then a new start.
  void restart();

  std::string url(const std::string& repository,
                  const std::string& user = "dev") const;
  std::filesystem::path bare(const std::string& repository) const;
  GitModule& module() { return *module_; }
  Services& services() { return *services_; }
  // Over the REST API; returns the status.
  int request(const std::string& method, const std::string& path,
              const std::string& body = "", std::string* answer = nullptr);
  void create(const std::string& repository);
  // "action subject detail" of every change so far.
  std::vector<std::string> audit();
  std::vector<std::string> events();

  // A client in the scratch folder (below it: `folder`).
  CommandResult git(const std::vector<std::string>& arguments,
                    const std::string& folder = "");
  // The same, failing the test when git fails; standard output, trimmed.
  std::string good(const std::vector<std::string>& arguments,
                   const std::string& folder = "");
  // A clone named `folder` with `commits` commits on main, not pushed.
  void make_work(const std::string& folder, const std::string& repository,
                 int commits);
  void commit(const std::string& folder, const std::string& file,
              const std::string& content);
  // Asserts that `git fsck --strict` finds nothing wrong.
  void expect_sound(const std::string& repository);
  // Files left over by interrupted pushes.
  int leftovers(const std::string& repository);
  const std::filesystem::path& scratch() const { return scratch_.path(); }

 private:
  void start();
  void stop();

  TempFolder scratch_;
  Paths paths_;
  std::map<std::string, std::string> environment_;
  SystemClock clock_;
  SystemProcessRunner processes_;
  NoClient client_;
  std::unique_ptr<Settings> settings_;
  std::unique_ptr<Database> db_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<EventLog> events_;
  std::unique_ptr<JobQueue> jobs_;
  std::unique_ptr<FakeAccounts> accounts_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<GitModule> module_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace skerry::git::test
