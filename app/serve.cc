#include "serve.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>

#include "core/auth/first_boot.h"
#include "core/auth/service.h"
#include "core/boot/accounts_module.h"
#include "core/boot/blob_storage.h"
#include "core/boot/data_folder.h"
#include "core/boot/signals.h"
#include "core/boot/stages.h"
#include "core/boot/system.h"
#include "core/boot/systemd.h"
#include "core/http/openapi.h"
#include "core/http/server.h"
#include "core/http/tls.h"
#include "core/telemetry/log.h"
#include "modules.h"
#include "version.h"
#include "web/page.h"

namespace skerry::app {
namespace {

using std::chrono::milliseconds;

// As many as the system lets us have, within reason: programs that builds start
// inherit the number, and some close every possible descriptor one by one.
std::int64_t open_files_allowed() {
  constexpr rlim_t kReason = 65536;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 1024;
  files.rlim_cur = std::max(files.rlim_cur, std::min(files.rlim_max, kReason));
  ::setrlimit(RLIMIT_NOFILE, &files);
  ::getrlimit(RLIMIT_NOFILE, &files);
  return static_cast<std::int64_t>(std::min<rlim_t>(files.rlim_cur, 1 << 20));
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

std::vector<Setting> server_settings() {
  return {
      {"http.listen", SettingType::text, "http://127.0.0.1:8080",
       "Where the server listens: http://ADDRESS:PORT or https://ADDRESS:PORT; "
       "read at start"},
      {"http.public_url", SettingType::text, "",
       "How clients reach this server, when that is not where it listens "
       "(behind a proxy); read at start"},
      {"http.names", SettingType::text, "",
       "More names and addresses for the server's own certificate, separated "
       "by commas; read at start"},
      {"http.threads", SettingType::integer, "192",
       "Connections served at once; read at start", 8, 4000},
      {"http.max_waiting", SettingType::integer, "8192",
       "Connections that may be open beyond those, waiting for their next "
       "request; who waited longest goes first; read at start", 16, 1'000'000},
      {"http.idle_timeout", SettingType::duration, "75s",
       "How long a connection may wait between requests; read at start", 100,
       3'600'000},
      {"http.stall_timeout", SettingType::duration, "30s",
       "How long a client may stall within a request; read at start", 100,
       3'600'000},
  };
}

void configure_log(const ServeOptions& options) {
  log::Format format =
      isatty(STDERR_FILENO) != 0 ? log::Format::human : log::Format::json;
  if (options.log_format == "human") format = log::Format::human;
  if (options.log_format == "json") format = log::Format::json;
  log::Level level = log::Level::info;
  if (options.log_level == "debug") level = log::Level::debug;
  if (options.log_level == "warning") level = log::Level::warning;
  if (options.log_level == "error") level = log::Level::error;
  log::configure(format, level);
}

// The parts in the order in which they are made; they go in reverse.
class Daemon {
 public:
  explicit Daemon(const ServeOptions& options)
      : options_(options),
        folder_(options.data),
        settings_(options.config.empty() ? folder_.paths().data / "skerry.yaml"
                                         : options.config,
                  environment()),
        db_(folder_.paths().data / "skerry.db"),
        storage_(folder_.paths(), settings_, db_, clock_, metrics_),
        events_(db_, clock_),
        jobs_(db_, clock_),
        accounts_(auth::make_accounts(db_, clock_, settings_,
                                       folder_.secret_key("accounts.key"))),
        client_(http::make_client(fmt::format("skerry/{}", kVersion))),
        services_{folder_.paths(), clock_,   processes_, settings_,
                  db_,             blobs_,   events_,    jobs_,
                  *accounts_,      *client_, metrics_},
        collector_(services_),
        scrubber_(services_, collector_),
        modules_(services_, [this] { return url_; }),
        consumers_(events_, db_) {}

  void boot() {
    boot::stage("database", [this] { migrate_core(); });
    boot::stage("modules", [this] { gather(); });
    boot::stage("settings", [this] { load_settings(); });
    boot::stage("migrations", [this] { migrate_modules(); });
    boot::stage("blob storage", [this] { storage_.open(blobs_); });
    boot::stage("self-test", [this] { self_test(); });
    boot::stage("administrator", [this] { ensure_admin(); });
    boot::stage("recovery", [this] { recover(); });
    boot::stage("listen", [this] { listen(); });
    boot::stage("work", [this] { start_work(); });
    state_.ready = true;
    boot::notify_systemd("READY=1\nSTATUS=serving " + url_);
    log::info("serving", {{"url", url_}, {"data", folder_.paths().data.native()}});
  }

  // Instead of serving.
  void move_blobs(boot::BlobPlace place) {
    migrate_core();
    gather();
    load_settings();
    storage_.move_to(place,
                     [](const std::string& line) { log::info(line); });
    folder_.empty_work();
  }

  // Until a signal asks to stop. The watchdog is fed only while the database
  // answers.
  void run(boot::Signals& signals) {
    const milliseconds tick =
        boot::watchdog_interval().value_or(milliseconds(60'000));
    while (signals.wait(tick) == 0) {
      db_.read([](Connection& c) { c.query("select 1").next(); });
      boot::notify_systemd("WATCHDOG=1");
      malloc_trim(0);
    }
  }

  // New work is refused first, then running work is ended, then the rest goes
  // in the reverse order of its making.
  void stop() {
    boot::notify_systemd("STOPPING=1");
    log::info("stopping");
    state_.ready = false;
    server_->stop();
    consumers_.stop();
    jobs_.stop();
    folder_.empty_work();
  }

 private:
  void migrate_core() {
    db_.migrate("events", EventLog::migrations());
    db_.migrate("jobs", JobQueue::migrations());
    db_.migrate("settings", Settings::migrations());
    db_.migrate("small_blobs", small_blob_migrations());
    db_.migrate("storage_runs", boot::StorageRuns::migrations());
    db_.migrate("scrub", boot::Scrubber::migrations());
  }

  void gather() {
    tables_.push_back(boot::system_module(services_, state_, collector_, scrubber_));
    tables_.push_back(
        boot::accounts_module(*accounts_, settings_, db_, events_));
    tables_.push_back(storage_.module());
    for (Module& module : modules_.tables()) {
      tables_.push_back(std::move(module));
    }
    for (const Module& module : tables_) {
      state_.checks.insert(state_.checks.end(), module.health.begin(),
                           module.health.end());
      for (const Follower& follower : module.followers) {
        events_.follow(follower);
      }
      for (const Holding& holding : module.holdings) guard_projects(holding);
      collector_.add(module.name, module.blobs);
    }
  }

  void guard_projects(const Holding& holding) {
    accounts_->guard_projects([holding](std::string_view project) {
      const std::int64_t count = holding.count(project);
      if (count == 0) return std::string();
      return fmt::format("{} {}", count,
                         count == 1 ? holding.one : holding.many);
    });
  }

  void load_settings() {
    settings_.declare(server_settings());
    for (const Module& module : tables_) settings_.declare(module.settings);
    settings_.load();
    settings_.attach(db_, folder_.secret_key("secret.key"));
  }

  void migrate_modules() {
    for (const Module& module : tables_) {
      if (!module.migrations.empty()) {
        db_.migrate(module.name, module.migrations);
      }
    }
  }

  // The parts that everything else trusts: the hash, the cipher, the disk.
  void self_test() {
    const Digest digest = digest_of("abc");
    if (digest.hex.substr(0, 16) != "ba7816bf8f01cfea") {
      fail(ErrorCode::internal, "SHA-256 does not compute what it should");
    }
    try {
      BlobStore& blobs = blobs_;
      auto writer = blobs.create();
      writer->write("abc");
      if (blobs.read(writer->commit(digest)) != "abc") {
        fail(ErrorCode::io,
             "the blob store does not give back what it was given");
      }
    } catch (const Error& error) {
      // A full disk is told by the health page; room is made through a server.
      if (error.code() != ErrorCode::unavailable) throw;
    }
    blobs_.remove(digest);
  }

  void ensure_admin() {
    const char* password = std::getenv("SKERRY_ADMIN_PASSWORD");
    const auto file = auth::ensure_admin(
        *accounts_, db_, folder_.paths().keys,
        password == nullptr ? std::nullopt
                            : std::optional<std::string>(password));
    if (file) log::info("admin password", {{"file", file->native()}});
  }

  void recover() {
    for (const Module& module : tables_) {
      if (module.recover) module.recover();
    }
  }

  void listen() {
    http::ServerOptions server;
    server.listen =
        options_.listen.empty() ? settings_.text("http.listen") : options_.listen;
    server.threads = static_cast<int>(settings_.integer("http.threads"));
    server.max_waiting = static_cast<std::size_t>(
        std::min(settings_.integer("http.max_waiting"), open_files_allowed() / 2));
    server.idle_timeout = settings_.duration("http.idle_timeout");
    server.stall_timeout = settings_.duration("http.stall_timeout");
    if (server.listen.rfind("https:", 0) == 0) {
      http::ensure_certificates(folder_.paths().keys, certificate_names());
      server.certificate = folder_.paths().keys / "server.pem";
    }
    std::vector<http::Route> routes = web::page_routes();
    for (const Module& module : tables_) {
      routes.insert(routes.end(), module.routes.begin(), module.routes.end());
    }
    state_.version = kVersion;
    state_.started = clock_.now();
    state_.openapi = http::openapi_document(routes, kVersion).dump();
    server_.emplace(std::move(server), std::move(routes), *accounts_, metrics_);
    url_ = settings_.text("http.public_url");
    if (url_.empty()) url_ = server_->url();
  }

  std::vector<std::string> certificate_names() const {
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    char host[256] = {};
    if (::gethostname(host, sizeof host - 1) == 0) names.emplace_back(host);
    std::string more = settings_.text("http.names");
    for (std::size_t at = 0; at < more.size();) {
      const std::size_t comma = std::min(more.find(',', at), more.size());
      if (comma > at) names.push_back(more.substr(at, comma - at));
      at = comma + 1;
    }
    return names;
  }

  void start_work() {
    for (const Module& module : tables_) {
      for (const JobKind& kind : module.jobs) jobs_.add_kind(kind);
    }
    jobs_.start();
    for (const Module& module : tables_) {
      for (const Subscription& subscription : module.subscriptions) {
        consumers_.start(subscription);
      }
    }
  }

  const ServeOptions& options_;
  SystemClock clock_;
  SystemProcessRunner processes_;
  Metrics metrics_;
  boot::DataFolder folder_;
  Settings settings_;
  Database db_;
  boot::BlobStorage storage_;
  LateBlobStore blobs_;
  EventLog events_;
  JobQueue jobs_;
  std::unique_ptr<auth::Service> accounts_;
  std::unique_ptr<http::Client> client_;
  Services services_;
  boot::SystemState state_;
  boot::Collector collector_;
  boot::Scrubber scrubber_;
  std::string url_;  // set before any work starts, constant from then on
  Modules modules_;
  std::vector<Module> tables_;
  EventConsumers consumers_;
  std::optional<http::Server> server_;
};

}  // namespace

void serve(const ServeOptions& options) {
  configure_log(options);
  // Two arenas: with one for each of the many threads, idle memory would be
  // mostly what their allocators keep.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TRIM_THRESHOLD, 256 << 10);
  boot::Signals signals;
  std::optional<Daemon> daemon;
  boot::stage("data folder", [&] { daemon.emplace(options); });
  daemon->boot();
  daemon->run(signals);
  daemon->stop();
}

void move_blobs(const ServeOptions& options, bool to_s3) {
  configure_log(options);
  Daemon daemon(options);
  daemon.move_blobs(to_s3 ? boot::BlobPlace::s3 : boot::BlobPlace::files);
}

}  // namespace skerry::app
