#include "target/podman/engine.h"

#include <sys/stat.h>

#include <cstdlib>

#include "core/error.h"
#include "core/os/file.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "core/text/number.h"
#include "target/podman/conf.h"

namespace skerry::cd::podman {
namespace fs = std::filesystem;
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kAuthPrefix = ".auth-";

// The part of what podman printed that says what is wrong: the line that
// starts with "Error:", or the last one.
std::string complaint(const CommandResult& result) {
  if (result.timed_out) return "it took too long";
  if (result.stopped) return "the daemon is stopping";
  std::string_view text = result.error_output;
  while (text.ends_with('\n')) text.remove_suffix(1);
  const auto error = text.rfind("Error: ");
  if (error != std::string_view::npos) {
    text.remove_prefix(error + 7);
  } else if (const auto line = text.rfind('\n');
             line != std::string_view::npos) {
    text.remove_prefix(line + 1);
  }
  std::string message(text.substr(0, 1000));
  for (char& c : message) {
    if (c == '\n') c = ' ';
  }
  return message.empty() ? fmt::format("exit code {}", result.exit_code)
                         : message;
}

std::string label(const Json& container, const char* name) {
  const auto labels = container.find("Labels");
  return labels != container.end() && labels->is_object()
             ? optional_string(*labels, name)
             : "";
}

std::int64_t label_number(const Json& container, const char* name,
                          std::int64_t otherwise) {
  return parse_number<std::int64_t>(label(container, name)).value_or(otherwise);
}

bool names_registry(const PullAccess& access, const std::string& image) {
  for (const std::string& registry : access.registries) {
    if (image.starts_with(registry + "/")) return true;
  }
  return false;
}

// How long a command may take that waits for containers to end.
milliseconds grace_time(int grace_seconds) {
  return milliseconds(120'000) + std::chrono::seconds(grace_seconds);
}

std::string auth_file(const PullAccess& access) {
  Json auths = Json::object();
  for (const std::string& registry : access.registries) {
    auths[registry]["auth"] = to_base64(access.user + ":" + access.secret);
  }
  return Json{{"auths", std::move(auths)}}.dump();
}

std::string wrapper_script(const std::string& program,
                           const std::map<std::string, std::string>& variables) {
  std::string text = "#!/bin/sh\n# The podman of this data folder.\n";
  for (const char* name : {"CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF"}) {
    text += fmt::format("export {}='{}'\n", name, variables.at(name));
  }
  return text + fmt::format("exec '{}' \"$@\"\n", program);
}

}  // namespace

Engine::Engine(fs::path data, const ProcessRunner& processes,
               std::function<EngineOptions()> options)
    : folder_(std::move(data) / "podman"),
      processes_(processes),
      options_(std::move(options)) {}

std::map<std::string, std::string> Engine::environment() const {
  const char* path = std::getenv("PATH");
  return {{"PATH", path ? path : "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
          {"HOME", folder_.native()},
          {"LANG", "C.UTF-8"},
          {"CONTAINERS_CONF", (folder_ / "containers.conf").native()},
          {"CONTAINERS_STORAGE_CONF", (folder_ / "storage.conf").native()}};
}

void Engine::prepare() {
  MutexLock lock(mutex_);
  if (prepared_) return;
  try {
    prepare_locked();
    problem_.clear();
    prepared_ = true;
  } catch (const Error& error) {
    problem_ = error.message();
    throw;
  }
}

void Engine::prepare_locked() {
  const EngineOptions options = options_();
  const auto program = find_program(options.command);
  if (!program) {
    fail(ErrorCode::unavailable,
         "the program {} is not installed (Debian package podman)",
         options.command);
  }
  program_ = *program;
  const fs::path run_folder = run_folder_of(folder_);
  fs::create_directories(folder_ / "pods");
  fs::create_directories(folder_ / "pulled");
  remove_credentials();
  fs::create_directories(folder_ / "networks");
  fs::create_directories(run_folder);
  fs::permissions(folder_, fs::perms::owner_all);
  write_file_atomically(folder_ / "containers.conf",
                        containers_conf(look_at_machine(), options.runtime,
                                        folder_, run_folder));
  if (!fs::exists(folder_ / "storage.conf")) choose_storage(*program);
  write_file_atomically(folder_ / "podman",
                        wrapper_script(*program, environment()), 0755);
}

// What a daemon that was killed during a pull left.
void Engine::remove_credentials() {
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().filename().native().starts_with(kAuthPrefix)) {
      left.push_back(entry.path());
    }
  }
  for (const fs::path& path : left) remove_tree(path);
}

// Tries overlay first unless told otherwise: copying every layer, as vfs does,
// always works and costs disk.
void Engine::choose_storage(const std::string& program) {
  const std::string wanted = options_().storage_driver;
  const fs::path run_folder = run_folder_of(folder_);
  std::string reason;
  for (const std::string& driver :
       wanted.empty() ? std::vector<std::string>{"overlay", "vfs"}
                      : std::vector<std::string>{wanted}) {
    write_file_atomically(folder_ / "storage.conf.trial",
                          storage_conf(driver, folder_, run_folder));
    Command info;
    info.argv = {program, "info", "--format", "json"};
    info.environment = environment();
    (*info.environment)["CONTAINERS_STORAGE_CONF"] =
        (folder_ / "storage.conf.trial").native();
    info.folder = folder_.native();
    const CommandResult result = processes_.run(info, stopping_.get_token());
    if (result.ok()) {
      fs::rename(folder_ / "storage.conf.trial", folder_ / "storage.conf");
      return;
    }
    reason = complaint(result);
    remove_tree(folder_ / "storage");
  }
  fail(ErrorCode::unavailable, "podman does not start: {}", reason);
}

Command Engine::command(std::vector<std::string> arguments) {
  prepare();
  Command command;
  {
    MutexLock lock(mutex_);
    command.argv = {program_};
  }
  for (std::string& argument : arguments) {
    command.argv.push_back(std::move(argument));
  }
  command.environment = environment();
  // A relative image name that is a folder here would be built from it.
  command.folder = pods_folder().native();
  return command;
}

CommandResult Engine::run(std::vector<std::string> arguments,
                          milliseconds timeout, std::string input) {
  Command podman = command(std::move(arguments));
  podman.timeout = timeout;
  podman.input = std::move(input);
  return processes_.run(podman, stopping_.get_token());
}

std::string Engine::check(std::vector<std::string> arguments,
                          std::string input, milliseconds timeout) {
  const std::string what =
      arguments[0] == "pod" || arguments[0] == "kube"
          ? arguments[0] + " " + arguments[1]
          : arguments[0];
  CommandResult result =
      run(std::move(arguments), timeout, std::move(input));
  std::string problem;
  if (!result.ok()) problem = fmt::format("podman {}: {}", what, complaint(result));
  if (!problem.empty()) fail(ErrorCode::unavailable, "{}", problem);
  return std::move(result.output);
}

std::vector<ContainerState> Engine::containers() {
  const std::string text =
      check({"ps", "--all", "--pod", "--format", "json", "--filter",
             "label=skerry.app"});
  std::vector<ContainerState> result;
  for (const Json& item : parse_json(text)) {
    ContainerState state;
    state.pod = optional_string(item, "PodName");
    state.state = optional_string(item, "State");
    state.image = optional_string(item, "Image");
    state.exit_code = static_cast<int>(optional_int(item, "ExitCode", 0));
    state.app = label(item, "skerry.app");
    state.owner = label(item, "skerry.owner");
    state.retries = static_cast<int>(label_number(item, "skerry.retries", 0));
    state.ttl = label_number(item, "skerry.ttl", -1);
    state.ended = optional_int(item, "ExitedAt", 0);
    std::string name;
    if (item.contains("Names") && item["Names"].is_array() &&
        !item["Names"].empty() && item["Names"][0].is_string()) {
      name = item["Names"][0].get<std::string>();
    }
    state.name = name.starts_with(state.pod + "-")
                     ? name.substr(state.pod.size() + 1)
                     : name;
    result.push_back(std::move(state));
  }
  return result;
}

std::vector<std::string> Engine::pods() {
  const std::string text = check({"pod", "ps", "--format", "json", "--filter",
                                  "label=skerry.app"});
  std::vector<std::string> result;
  const Json pods = parse_json(text);
  if (!pods.is_array()) return result;  // null for none
  for (const Json& pod : pods) {
    result.push_back(optional_string(pod, "Name"));
  }
  return result;
}

void Engine::pull(const std::string& image,
                  const std::optional<PullAccess>& access) {
  std::vector<std::string> arguments = {"pull", "--quiet"};
  std::optional<TempFolder> secrets;
  if (access && names_registry(*access, image)) {
    prepare();
    secrets.emplace(folder_, kAuthPrefix);
    write_file_atomically(secrets->path() / "auth.json", auth_file(*access),
                          0600);
    arguments.push_back("--authfile=" + (secrets->path() / "auth.json").native());
    if (access->plain_http) {
      arguments.push_back("--tls-verify=false");
    } else if (!access->ca_file.empty()) {
      write_file_atomically(secrets->path() / "ca.crt",
                            read_file(access->ca_file));
      arguments.push_back("--cert-dir=" + secrets->path().native());
    }
  }
  arguments.push_back(image);
  const CommandResult result = run(arguments, options_().pull_timeout);
  if (!result.ok()) {
    fail(ErrorCode::unavailable, "the image {} cannot be pulled: {}", image,
         complaint(result));
  }
}

std::string Engine::image_id(const std::string& image) {
  CommandResult result =
      run({"image", "inspect", "--format", "{{.Id}}", image});
  std::string id = result.ok() ? std::move(result.output) : "";
  while (id.ends_with('\n')) id.pop_back();
  return id;
}

bool Engine::remove_image(const std::string& image) {
  return run({"image", "rm", image}).ok();
}

std::string Engine::image_user(const std::string& image) {
  std::string user =
      check({"image", "inspect", "--format", "{{.User}}", image});
  while (user.ends_with('\n')) user.pop_back();
  return user;
}

void Engine::create_pod(const std::string& manifest,
                        const std::string& network) {
  std::vector<std::string> arguments = {"kube", "play", "--quiet",
                                        "--build=false", "--start=false"};
  if (!network.empty()) arguments.push_back("--network=" + network);
  arguments.push_back("-");
  check(std::move(arguments), manifest);
}

void Engine::start_pod(const std::string& pod) { check({"pod", "start", pod}); }

void Engine::stop_pod(const std::string& pod, int grace_seconds) {
  check({"pod", "stop", "--ignore", fmt::format("--time={}", grace_seconds),
         pod},
        {}, grace_time(grace_seconds));
}

void Engine::remove_pod(const std::string& pod, int grace_seconds) {
  check({"pod", "rm", "--ignore", "--force",
         fmt::format("--time={}", grace_seconds), pod},
        {}, grace_time(grace_seconds));
}

void Engine::ensure_network(const std::string& name) {
  if (run({"network", "exists", name}).exit_code == 0) return;
  check({"network", "create", "--label=skerry.network=1", name});
}

void Engine::create_volume(const std::string& name) {
  if (run({"volume", "exists", name}).exit_code == 0) return;
  check({"volume", "create", "--label=skerry.volume=1", name});
}

void Engine::remove_volume(const std::string& name) {
  if (run({"volume", "exists", name}).exit_code != 0) return;
  check({"volume", "rm", name});
}

void Engine::watch(const std::function<void(std::string_view)>& each,
                   std::stop_token stop) {
  Command podman = command({"events", "--format", "json", "--filter",
                            "type=container", "--filter", "type=pod"});
  podman.timeout = std::chrono::hours(24);
  podman.on_output = each;
  const CommandResult result = processes_.run(podman, stop);
  if (!result.ok() && !result.stopped && !result.timed_out) {
    fail(ErrorCode::unavailable, "podman events: {}", complaint(result));
  }
}

std::string Engine::problem() {
  MutexLock lock(mutex_);
  return problem_;
}

}  // namespace skerry::cd::podman
