// A syncer on fakes: a repository in memory, a target in memory, a clock that
// is moved by hand, and the real database.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "core/store/blob_store.h"
#include "core/temp.h"
#include "reconcile/reconciler.h"
#include "sample.h"
#include "target/directory.h"

namespace skerry::cd::test {

class HandClock : public Clock {
 public:
  UnixMillis now() const override { return time; }
  UnixMillis time = 1'000'000;
};

class NoAccounts : public auth::Accounts {
 public:
  http::Identity identify(const http::Request&) override { return {}; }
  bool allows(const http::Identity&, http::Access, std::string_view) override {
    return true;
  }
  std::optional<auth::Project> find_project(std::string_view) override {
    return {};
  }
  std::vector<auth::Project> projects_of(const http::Identity&) override {
    return {};
  }
  auth::Project create_project(Transaction&, std::string_view, std::string_view,
                               bool) override {
    return {};
  }
  std::optional<auth::Role> role_in(const http::Identity&,
                                    std::string_view) override {
    return {};
  }
  std::optional<http::Identity> check_credentials(std::string_view,
                                                  std::string_view,
                                                  std::string_view) override {
    return {};
  }
  NewToken create_robot_token(Transaction&, std::string_view,
                              std::vector<std::string>,
                              std::optional<UnixMillis>) override {
    return {};
  }
  std::string issue_scoped_token(const http::Identity&,
                                 std::vector<std::string>,
                                 std::chrono::seconds) override {
    return {};
  }
  bool allows_repository(const http::Identity&, std::string_view,
                         std::string_view, std::string_view) override {
    return true;
  }
  void audit(Transaction&, const http::Identity& who, std::string_view action,
             std::string_view subject, std::string_view) override {
    audited.push_back(fmt::format("{} {} {}", who.name, action, subject));
  }
  std::vector<std::string> audited;
};

// One repository with commits "c1", "c2" ...; "main" is the last.
class FakeGit : public GitSource {
 public:
  std::string commit(
      const std::vector<std::pair<std::string, std::string>>& files) {
    std::vector<std::pair<std::string, MemoryFile>> all;
    for (const auto& [path, text] : files) {
      all.emplace_back(path, MemoryFile{text, EntryKind::file});
    }
    const std::string id = fmt::format("c{}", trees.size() + 1);
    trees[id] = make_memory_tree(std::move(all));
    return id;
  }
  std::string resolve(std::string_view, std::string_view,
                      std::string_view revision) override {
    if (broken) fail(ErrorCode::unavailable, "the repository is broken");
    if (trees.contains(std::string(revision))) return std::string(revision);
    if (trees.empty()) fail(ErrorCode::not_found, "no revision {}", revision);
    return fmt::format("c{}", trees.size());
  }
  std::shared_ptr<const Tree> tree(std::string_view, std::string_view,
                                   std::string_view commit) override {
    ++trees_read;
    return trees.at(std::string(commit));
  }
  std::map<std::string, std::shared_ptr<const Tree>> trees;
  int trees_read = 0;
  bool broken = false;
};

class NoCharts : public ChartSource {
 public:
  ChartVersion resolve(std::string_view, std::string_view chart,
                       std::string_view) override {
    fail(ErrorCode::not_found, "no chart {}", chart);
  }
  std::shared_ptr<const Tree> tree(std::string_view, std::string_view,
                                   const ChartVersion&) override {
    return nullptr;
  }
};

class NoRenderer : public Renderer {
 public:
  std::vector<Json> render_helm(std::shared_ptr<const Tree>, std::string_view,
                                const HelmRequest&) override {
    fail(ErrorCode::invalid, "no Helm here");
  }
  std::vector<Json> render_kustomize(std::shared_ptr<const Tree>,
                                     std::string_view,
                                     const KustomizeRequest&) override {
    fail(ErrorCode::invalid, "no Kustomize here");
  }
};

// Keeps objects in memory. Jobs complete, unless they are in `failing_jobs` or
// `slow`; names in `refused` throw when applied.
class FakeTarget : public Target {
 public:
  void prepare(const TargetApp&, std::vector<Json>&) override {}
  Review review(const TargetApp&, const std::vector<Json>& desired) override {
    Review result;
    for (const Json& object : desired) {
      if (key_of(object).kind == "Ingress") {
        result.problems[key_of(object)] = "is not supported here";
      }
    }
    return result;
  }
  std::string fingerprint(const TargetApp&) override {
    return std::to_string(version);
  }
  std::vector<LiveResource> live(const TargetApp&) override {
    ++looks;
    std::vector<LiveResource> result;
    for (const auto& [key, stored] : objects) {
      Json object = stored;
      if (key.kind == "Job" && !slow.contains(key.name)) {
        const char* type = failing_jobs.contains(key.name) ? "Failed"
                                                           : "Complete";
        object["status"]["conditions"] = {{{"type", type},
                                           {"status", "True"},
                                           {"message", "exit code 1"}}};
      }
      result.push_back({key, std::move(object)});
    }
    return result;
  }
  void apply(const TargetApp&, const Json& object,
             const std::vector<Json>&) override {
    const ResourceKey key = key_of(object);
    if (refused.contains(key.name)) {
      fail(ErrorCode::unavailable, "{} is refused", key.name);
    }
    log.push_back("apply " + key.name);
    objects[key] = object;
    ++version;
  }
  void remove(const TargetApp&, const ResourceKey& key) override {
    if (objects.erase(key) == 0) return;
    log.push_back("remove " + key.name);
    ++version;
  }
  void forget(const TargetApp&) override { log.push_back("forget"); }
  void stop() override {}
  std::string health() override { return {}; }

  // Forgets an object behind the syncer's back.
  void lose(const std::string& name) {
    std::erase_if(objects, [&](const auto& e) { return e.first.name == name; });
    ++version;
  }
  std::string value(const std::string& name) {
    for (const auto& [key, object] : objects) {
      if (key.name == name) return object["data"]["key"].get<std::string>();
    }
    return "";
  }

  std::map<ResourceKey, Json> objects;
  std::vector<std::string> log;
  std::set<std::string> refused, failing_jobs, slow;
  int version = 0, looks = 0;
};

class FakePolicy : public ImagePolicy {
 public:
  void require_deployable(std::string_view project,
                          std::string_view image) override {
    asked.insert(fmt::format("{} {}", project, image));
    if (refused.contains(std::string(image))) {
      fail(ErrorCode::conflict, "{} is not signed", image);
    }
  }
  std::set<std::string> asked, refused;
};

class World {
 public:
  World() {
    settings.declare({{"cd.wave_timeout", SettingType::duration, "1m", ""}});
    settings.load();
    db.migrate("core.events", EventLog::migrations());
    db.migrate("cd", Store::migrations());
    start();
  }

  // A new process on the same data and the same target.
  void start() {
    reconciler.reset();
    targets.reset();
    store = std::make_unique<Store>(db);
    sources = std::make_unique<Sources>(git, charts, renderer);
    std::vector<Targets::Scheme> schemes;
    schemes.push_back({"fake://", std::make_unique<Borrowed>(target)});
    targets = std::make_unique<Targets>(std::move(schemes),
                                        [] { return std::string(); });
    reconciler = std::make_unique<Reconciler>(
        services, *store, *sources, *targets, policy,
        [] { return std::chrono::milliseconds(1000); });
  }

  void create(const std::string& more, const std::string& metadata = "") {
    const Application app = application(more, metadata);
    db.write([&](Transaction& tx) { store->create(tx, app, 0, "me"); });
  }
  Record record() { return *store->find("hello"); }
  std::string phase() {
    const Record now = record();
    return now.operation ? now.operation->phase : "";
  }

  // Looks until nothing is left to do now; waits are skipped by moving the
  // clock, at most `limit` times.
  void settle(int limit = 50) {
    for (int i = 0; i < limit; ++i) {
      std::optional<std::chrono::milliseconds> again;
      try {
        again = reconciler->reconcile("hello");
      } catch (const Error& error) {
        last_error = error.message();
        return;
      }
      if (!again) return;
      clock.time += again->count();
    }
  }

  // Lets several owners share the one fake target.
  class Borrowed : public Target {
   public:
    explicit Borrowed(FakeTarget& target) : target_(target) {}
    void prepare(const TargetApp& a, std::vector<Json>& d) override {
      target_.prepare(a, d);
    }
    Review review(const TargetApp& a, const std::vector<Json>& d) override {
      return target_.review(a, d);
    }
    std::string fingerprint(const TargetApp& a) override {
      return target_.fingerprint(a);
    }
    std::vector<LiveResource> live(const TargetApp& a) override {
      return target_.live(a);
    }
    void apply(const TargetApp& a, const Json& o,
               const std::vector<Json>& d) override {
      target_.apply(a, o, d);
    }
    void remove(const TargetApp& a, const ResourceKey& k) override {
      target_.remove(a, k);
    }
    void forget(const TargetApp& a) override { target_.forget(a); }
    void stop() override {}
    std::string health() override { return {}; }

   private:
    FakeTarget& target_;
  };

  skerry::test::Scratch scratch;
  HandClock clock;
  Paths paths{scratch.path(), scratch / "git", scratch / "work",
              scratch / "keys"};
  SystemProcessRunner processes;
  Settings settings{scratch / "none.yaml", {}};
  Database db{scratch / "skerry.db"};
  std::unique_ptr<BlobStore> blobs =
      open_file_blob_store(scratch / "blobs", scratch / "uploads");
  EventLog events{db, clock};
  JobQueue jobs{db, clock};
  NoAccounts accounts;
  std::unique_ptr<http::Client> http_client = http::make_client("test");
  Metrics metrics;
  Services services{paths,  clock, processes, settings,     db,     *blobs,
                    events, jobs,  accounts,  *http_client, metrics};
  FakeGit git;
  NoCharts charts;
  NoRenderer renderer;
  FakeTarget target;
  FakePolicy policy;
  std::unique_ptr<Store> store;
  std::unique_ptr<Sources> sources;
  std::unique_ptr<Targets> targets;
  std::unique_ptr<Reconciler> reconciler;
  std::string last_error;
};

}  // namespace skerry::cd::test
