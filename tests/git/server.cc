#include "git/server.h"

#include "core/error.h"
#include "core/text/encoding.h"

namespace skerry::git::test {
namespace fs = std::filesystem;

http::Identity FakeAccounts::identify(const http::Request& request) {
  auto header = request.header("Authorization");
  if (!header || !header->starts_with("Basic ")) return {0, "anonymous"};
  auto text = from_base64(header->substr(6)).value_or("");
  return {1, text.substr(0, text.find(':'))};
}

bool FakeAccounts::allows(const http::Identity& who, http::Access access,
                          std::string_view project) {
  if (project != "demo" || who.anonymous() || who.name == "stranger") {
    return false;
  }
  return who.name == "dev" || access == http::Access::project_viewer;
}

std::optional<auth::Project> FakeAccounts::find_project(std::string_view name) {
  if (name != "demo") return std::nullopt;
  return auth::Project{1, "demo"};
}

void FakeAccounts::audit(Transaction& tx, const http::Identity& who,
                         std::string_view action, std::string_view subject,
                         std::string_view detail) {
  tx.run("insert into test_audit values (?)",
         fmt::format("{} {} {} {}", who.name, action, subject, detail));
}

http::ClientResponse NoClient::send(const http::ClientRequest&,
                                    std::stop_token) {
  fail(ErrorCode::internal, "the tests send nothing");
}

TestServer::TestServer(std::map<std::string, std::string> settings)
    : scratch_(fs::temp_directory_path(), "skerry-git-"),
      environment_(std::move(settings)) {
  fs::path data = scratch_.path() / "data";
  paths_ = {data, data / "git", data / "work", data / "keys"};
  for (const fs::path& path : {paths_.git, paths_.work, paths_.keys}) {
    fs::create_directories(path);
  }
  start();
}

TestServer::~TestServer() { stop(); }

void TestServer::restart() {
  stop();
  start();
}

void TestServer::start() {
  settings_ = std::make_unique<Settings>("", environment_);
  db_ = std::make_unique<Database>(paths_.data / "skerry.db");
  blobs_ = open_file_blob_store(paths_.data / "blobs", paths_.work / "blobs");
  events_ = std::make_unique<EventLog>(*db_, clock_);
  jobs_ = std::make_unique<JobQueue>(*db_, clock_);
  accounts_ = std::make_unique<FakeAccounts>(*db_, clock_, *settings_,
                                             std::string(32, 'k'));
  metrics_ = std::make_unique<Metrics>();
  services_ = std::make_unique<Services>(
      Services{paths_, clock_, processes_, *settings_, *db_, *blobs_, *events_,
               *jobs_, *accounts_, client_, *metrics_});
  module_ = std::make_unique<GitModule>(*services_);
  Module tables = module_->tables();
  settings_->declare(tables.settings);
  settings_->load();
  constexpr Migration kAudit{1, "create table test_audit (text text)"};
  db_->migrate("test", {&kAudit, 1});
  db_->migrate("events", EventLog::migrations());
  db_->migrate("jobs", JobQueue::migrations());
  db_->migrate("git", tables.migrations);
  tables.recover();
  for (JobKind& kind : tables.jobs) jobs_->add_kind(std::move(kind));
  jobs_->start();
  server_ = std::make_unique<http::Server>(
      http::ServerOptions{.listen = "http://127.0.0.1:0"}, tables.routes,
      *accounts_, *metrics_);
}

void TestServer::stop() {
  if (server_) server_->stop();
  if (jobs_) jobs_->stop();
  server_.reset();
  module_.reset();
  services_.reset();
  metrics_.reset();
  accounts_.reset();
  jobs_.reset();
  events_.reset();
  blobs_.reset();
  db_.reset();
  settings_.reset();
}

std::string TestServer::url(const std::string& repository,
                            const std::string& user) const {
  return fmt::format("http://{}:x@127.0.0.1:{}/git/demo/{}.git", user,
                     server_->port(), repository);
}

fs::path TestServer::bare(const std::string& repository) const {
  return paths_.git / "demo" / (repository + ".git");
}

int TestServer::request(const std::string& method, const std::string& path,
                        const std::string& body, std::string* answer) {
  Command command;
  command.argv = {"curl", "-s",   "-u", "dev:x",
                  "-X",   method, "-w", "\n%{http_code}"};
  if (!body.empty()) {
    command.argv.insert(command.argv.end(),
                        {"-H", "Content-Type: application/json", "-d", body});
  }
  command.argv.push_back(server_->url() + path);
  CommandResult result = processes_.run(command);
  std::size_t line = result.output.rfind('\n');
  if (answer != nullptr) *answer = result.output.substr(0, line);
  return std::atoi(result.output.c_str() + line + 1);
}

void TestServer::create(const std::string& repository) {
  ASSERT_EQ(201, request("POST", "/api/v1/projects/demo/repos",
                         R"({"name":")" + repository + "\"}"));
}

std::vector<std::string> TestServer::audit() {
  return db_->read([](Connection& c) {
    std::vector<std::string> lines;
    Rows rows = c.query("select text from test_audit order by rowid");
    while (rows.next()) lines.push_back(rows.text(0));
    return lines;
  });
}

std::vector<std::string> TestServer::events() {
  std::vector<std::string> lines;
  for (const Event& event : events_->after(0)) {
    lines.push_back(
        fmt::format("{} {} {}", event.topic, event.subject, event.version));
  }
  return lines;
}

CommandResult TestServer::git(const std::vector<std::string>& arguments,
                              const std::string& folder) {
  Command command;
  command.argv = {"git",       "-c", "safe.directory=*",       "-c",
                  "gc.auto=0", "-c", "init.defaultBranch=main"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.folder = (scratch_.path() / folder).string();
  const char* path = std::getenv("PATH");
  command.environment = std::map<std::string, std::string>{
      {"PATH", path == nullptr ? "/usr/bin:/bin" : path},
      {"HOME", scratch_.path().string()},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"GIT_TERMINAL_PROMPT", "0"},
      {"GIT_AUTHOR_NAME", "Ann"},
      {"GIT_AUTHOR_EMAIL", "ann@example.com"},
      {"GIT_COMMITTER_NAME", "Ann"},
      {"GIT_COMMITTER_EMAIL", "ann@example.com"}};
  command.timeout = std::chrono::minutes(5);
  return processes_.run(command);
}

std::string TestServer::good(const std::vector<std::string>& arguments,
                             const std::string& folder) {
  CommandResult result = git(arguments, folder);
  std::string text;
  for (const std::string& argument : arguments) text += argument + " ";
  EXPECT_TRUE(result.ok()) << "git " << text << "\n"
                           << result.output << result.error_output;
  while (!result.output.empty() && result.output.back() == '\n') {
    result.output.pop_back();
  }
  return result.output;
}

void TestServer::commit(const std::string& folder, const std::string& file,
                        const std::string& content) {
  fs::path path = scratch_.path() / folder / file;
  fs::create_directories(path.parent_path());
  write_file_atomically(path, content);
  good({"add", "-A"}, folder);
  good({"commit", "-qm", "change " + file}, folder);
}

void TestServer::make_work(const std::string& folder,
                           const std::string& repository, int commits) {
  good({"init", "-q", folder});
  good({"remote", "add", "origin", url(repository)}, folder);
  for (int i = 1; i <= commits; ++i) {
    commit(folder, "src/file" + std::to_string(i % 3) + ".txt",
           "line " + std::to_string(i) + "\n");
  }
}

void TestServer::expect_sound(const std::string& repository) {
  CommandResult result = git({"--git-dir", bare(repository).string(), "fsck",
                              "--strict", "--no-dangling"});
  EXPECT_TRUE(result.ok()) << result.output << result.error_output;
  EXPECT_EQ("", result.output);
}

int TestServer::leftovers(const std::string& repository) {
  int count = 0;
  for (const auto& item : fs::recursive_directory_iterator(bare(repository))) {
    std::string name = item.path().filename().string();
    count += name.starts_with("tmp_") || name.ends_with(".lock") ||
             name.starts_with("pack_");
  }
  return count;
}

}  // namespace skerry::git::test
