#include "executor/local_executor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <set>

#include "ci/sandbox_init.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/os/mutex.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"
#include "executor/host_view.h"
#include "sandbox/cgroup.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

constexpr const char* kWorkspacePath = "/workspace";
constexpr const char* kSecretsPath = "/run/skerry/secrets";
constexpr const char* kScriptPath = "/run/skerry/script";
// Inside a user namespace every user may be called anything.
constexpr std::uint32_t kInnerUid = 1000;
// Time-outs are stop tokens here; the process runner's own must not fire.
constexpr std::chrono::hours kForever{24 * 365};

// Hands out small numbers, each to one holder at a time. Thread-safe.
class Numbers {
 public:
  std::uint32_t take() {
    MutexLock lock(mutex_);
    std::uint32_t n = 0;
    while (taken_.contains(n)) ++n;
    taken_.insert(n);
    return n;
  }
  void give_back(std::uint32_t n) {
    MutexLock lock(mutex_);
    taken_.erase(n);
  }

 private:
  Mutex mutex_;
  std::set<std::uint32_t> taken_ GUARDED_BY(mutex_);
};

class Slot {
 public:
  explicit Slot(std::shared_ptr<Numbers> numbers)
      : numbers_(std::move(numbers)), number_(numbers_->take()) {}
  ~Slot() { numbers_->give_back(number_); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  std::uint32_t number() const { return number_; }

 private:
  std::shared_ptr<Numbers> numbers_;
  std::uint32_t number_;
};

// Who scripts are, inside and outside.
struct Person {
  bool user_namespace = false;
  std::uint32_t uid = 0, gid = 0;             // inside
  std::optional<Workspace::Owner> owner;      // of files, when not us
};

fs::path make_folder(const fs::path& path, const Person& person, mode_t mode) {
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    fail_errno(path.native());
  }
  ::chmod(path.c_str(), mode);
  if (person.owner &&
      ::chown(path.c_str(), person.owner->uid, person.owner->gid) != 0) {
    fail_errno(path.native());
  }
  return path;
}

// One run's folder: workspace, tmp, home and secrets for the scripts; root and
// status for us.
class LocalSite : public Site {
 public:
  LocalSite(fs::path folder, fs::path workspace, bool temporary,
             Person person, const LocalOptions& options, bool host_network,
             const ProcessRunner& processes,
             std::unique_ptr<sandbox::RunGroups> groups,
             std::unique_ptr<Slot> slot)
      : folder_(std::move(folder)),
        person_(person),
        options_(options),
        host_network_(host_network),
        processes_(processes),
        slot_(std::move(slot)),
        workspace_(temporary ? make_folder(workspace, person, 0755) : workspace,
                   person.owner),
        groups_(std::move(groups)) {
    make_folder(folder_ / "tmp", person_, 01777);
    make_folder(folder_ / "home", person_, 0700);
    make_folder(folder_ / "secrets", person_, 0700);
    make_folder(folder_ / "root", {}, 0700);
  }

  ~LocalSite() override {
    groups_.reset();
    try {
      if (!keep_at_.empty()) keep_workspace();
      remove_tree(folder_);
    } catch (const Error& error) {
      log::warning("a workspace could not be removed or kept",
                   {{"folder", folder_.native()}, {"error", error.message()}});
    }
  }

  Workspace& workspace() override { return workspace_; }
  std::string workspace_path() const override { return kWorkspacePath; }
  std::map<std::string, std::string> environment() const override {
    return {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                     "/sbin:/bin"},
            {"HOME", "/home/ci"},
            {"USER", "ci"},
            {"LOGNAME", "ci"},
            {"SHELL", "/bin/sh"},
            {"LANG", "C.UTF-8"},
            {"TMPDIR", "/tmp"}};
  }
  ScriptResult run(const ScriptRequest& request) override;
  std::string add_secret_file(std::string_view name,
                              std::string_view content) override;
  void remove_secret_file(std::string_view path) override;

  void keep_at(fs::path folder) { keep_at_ = std::move(folder); }

 private:
  void keep_workspace();
  sandbox::Spec spec_for(const ScriptRequest& request);

  const fs::path folder_;
  const Person person_;
  const LocalOptions options_;
  const bool host_network_;
  const ProcessRunner& processes_;
  std::unique_ptr<Slot> slot_;
  Workspace workspace_;
  std::unique_ptr<sandbox::RunGroups> groups_;
  std::atomic<int> next_{0};
  fs::path keep_at_;
};

// Its files belong to the user of the scripts, whose number other runs have
// later: the folder around it is ours alone.
void LocalSite::keep_workspace() {
  fs::create_directories(keep_at_.parent_path());
  ::chmod(keep_at_.parent_path().c_str(), 0700);
  if (::rename(workspace_.folder().c_str(), keep_at_.c_str()) != 0) {
    fail_errno(keep_at_.native());
  }
}

sandbox::Spec LocalSite::spec_for(const ScriptRequest& request) {
  const int number = next_++;
  sandbox::Spec spec;
  spec.root = (folder_ / "root").native();
  spec.status_file = (folder_ / fmt::format("status-{}", number)).native();
  spec.uid = person_.uid;
  spec.gid = person_.gid;
  spec.user_namespace = person_.user_namespace;
  spec.host_network = host_network_;
  spec.merge_output = !request.capture;
  spec.bounds = options_.limits.bounds;
  if (groups_) spec.cgroups = groups_->folders();
  add_host_view(spec, host_network_);
  add_host_paths(spec, options_.host_paths, options_.data);
  add_identity(spec);
  const auto own = [&](const char* name, const char* target) {
    spec.binds.push_back({(folder_ / name).native(), target, true, false});
  };
  own("tmp", "/tmp");
  own("home", "/home/ci");
  own("secrets", kSecretsPath);
  spec.binds.push_back(
      {workspace_.folder().native(), kWorkspacePath, true, false});
  spec.links.push_back({"/var/tmp", "/tmp"});
  spec.files.push_back({kScriptPath, request.script, 0555});
  spec.folder = kWorkspacePath;
  if (!request.folder.empty()) spec.folder += "/" + request.folder;
  if (request.script.starts_with("#!")) {
    spec.argv = {kScriptPath};
  } else {
    spec.argv = {"/bin/sh", "-xe", kScriptPath};
  }
  spec.environment = request.environment;
  return spec;
}

ScriptResult LocalSite::run(const ScriptRequest& request) {
  const sandbox::Spec spec = spec_for(request);
  Command command;
  command.argv = {"/proc/self/exe", kSandboxInitCommand};
  command.environment.emplace();
  command.input = sandbox::to_json(spec);
  command.timeout = kForever;
  (request.capture ? command.on_error_output : command.on_output) =
      request.on_output;
  if (!request.capture) command.on_error_output = request.on_output;
  CommandResult ran = processes_.run(command, request.stop);
  std::string problem;
  try {
    problem = read_file(spec.status_file, 64u << 10);
  } catch (const Error&) {
    if (!ran.stopped) problem = "it did not start";
  }
  ::unlink(spec.status_file.c_str());
  if (!problem.empty() && !ran.stopped) {
    fail(ErrorCode::unavailable, "sandbox: {}", problem);
  }
  return {ran.exit_code, std::move(ran.output), ran.stopped};
}

std::string LocalSite::add_secret_file(std::string_view name,
                                        std::string_view content) {
  const std::string unique = fmt::format("{}-{}", random_name(8), name);
  Workspace secrets(folder_ / "secrets", person_.owner);
  secrets.write(unique, content);
  ::chmod((folder_ / "secrets" / unique).c_str(), 0400);
  return fmt::format("{}/{}", kSecretsPath, unique);
}

void LocalSite::remove_secret_file(std::string_view path) {
  Workspace(folder_ / "secrets").remove(path.substr(path.rfind('/') + 1));
}

class LocalExecutor : public Executor {
 public:
  LocalExecutor(std::function<LocalOptions()> options,
                const ProcessRunner& processes)
      : options_(std::move(options)), processes_(processes) {}

  std::unique_ptr<Site> prepare(const SiteRequest& request) override {
    const LocalOptions options = options_();
    fs::create_directories(options.folder);
    ::chmod(options.folder.c_str(), 0700);
    auto slot = std::make_unique<Slot>(numbers_);
    Person person;
    if (::geteuid() == 0) {
      person.uid = person.gid = options.first_uid + slot->number();
      person.owner = {person.uid, person.gid};
    } else {
      person.user_namespace = true;
      person.uid = person.gid = kInnerUid;
    }
    const std::string name =
        fmt::format("{}-{}", request.name, random_name(6));
    const fs::path folder = options.folder / name;
    make_folder(folder, {}, 0700);
    auto site = std::make_unique<LocalSite>(
        folder, folder / "workspace", true, person, options,
        request.host_network, processes_,
        groups().create(name, options.limits.memory_bytes,
                        options.limits.processes),
        std::move(slot));
    site->keep_at(request.keep_at);
    return site;
  }

  std::string problem() override;
  void remove_leftovers() override {
    groups().remove_leftovers();
    remove_tree(options_().folder);
  }

 private:
  std::string probe();
  const sandbox::ControlGroups& groups() {
    MutexLock lock(mutex_);
    if (!groups_) {
      groups_ = std::make_unique<sandbox::ControlGroups>(options_().owner);
    }
    return *groups_;
  }

  const std::function<LocalOptions()> options_;
  const ProcessRunner& processes_;
  const std::shared_ptr<Numbers> numbers_ = std::make_shared<Numbers>();
  Mutex mutex_;
  std::unique_ptr<sandbox::ControlGroups> groups_ GUARDED_BY(mutex_);
  std::string problem_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point probed_ GUARDED_BY(mutex_){};
};

// Tries it: a sandbox that does nothing, at most once a minute.
std::string LocalExecutor::problem() {
  {
    MutexLock lock(mutex_);
    if (probed_ != std::chrono::steady_clock::time_point() &&
        std::chrono::steady_clock::now() - probed_ < std::chrono::minutes(1)) {
      return problem_;
    }
  }
  const std::string found = probe();
  MutexLock lock(mutex_);
  problem_ = found;
  probed_ = std::chrono::steady_clock::now();
  return found;
}

std::string LocalExecutor::probe() {
  try {
    const auto site = prepare({.name = "probe"});
    ScriptRequest request;
    request.script = "exit 0";
    request.environment = site->environment();
    const ScriptResult result = site->run(request);
    if (result.exit_code != 0) {
      return fmt::format("a trial script ended with {}", result.exit_code);
    }
  } catch (const Error& error) {
    return fmt::format("pipelines cannot run: {}", error.message());
  }
  const std::string& missing = groups().missing();
  if (missing.empty()) return {};
  return fmt::format(
      "memory and process bounds hold for each process, not for a whole run: "
      "{}",
      missing);
}

}  // namespace

std::unique_ptr<Executor> make_local_executor(
    std::function<LocalOptions()> options, const ProcessRunner& processes) {
  return std::make_unique<LocalExecutor>(std::move(options), processes);
}

std::unique_ptr<Site> make_folder_site(const fs::path& folder,
                                         const fs::path& scratch,
                                         const LocalOptions& options,
                                         const ProcessRunner& processes,
                                         bool host_network) {
  // The files are ours and stay ours, also when we are root: root of a
  // namespace without any capability.
  Person person;
  person.user_namespace = true;
  person.uid = ::geteuid() == 0 ? 0 : kInnerUid;
  person.gid = person.uid;
  const fs::path own = scratch / random_name(8);
  make_folder(own, {}, 0700);
  return std::make_unique<LocalSite>(own, folder, false, person, options,
                                      host_network, processes, nullptr,
                                      nullptr);
}

}  // namespace skerry::ci
