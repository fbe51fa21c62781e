#include "target/podman/jobs.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"

namespace skerry::cd::podman {
namespace fs = std::filesystem;
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kFinishedGrace = 10;

// Podman's times are the machine's; no other clock can be compared with them.
std::int64_t seconds_now() {
  return std::chrono::duration_cast<seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool has_ended(const ContainerState& c) {
  return c.state == "exited" || c.state == "stopped";
}

Json to_json(const ContainerState& c) {
  return {{"pod", c.pod},     {"name", c.name}, {"state", c.state},
          {"image", c.image}, {"app", c.app},   {"owner", c.owner},
          {"exit_code", c.exit_code}};
}

ContainerState state_from(const Json& value) {
  ContainerState c;
  c.pod = optional_string(value, "pod");
  c.name = optional_string(value, "name");
  c.state = optional_string(value, "state");
  c.image = optional_string(value, "image");
  c.app = optional_string(value, "app");
  c.owner = optional_string(value, "owner");
  c.exit_code = static_cast<int>(optional_int(value, "exit_code", 0));
  return c;
}

void add_states(const fs::path& file, const char* state,
                std::vector<ContainerState>& containers) {
  const Json kept = parse_json(read_file(file));
  for (const Json& item : kept.at("containers")) {
    ContainerState c = state_from(item);
    if (*state) c.state = state;
    containers.push_back(std::move(c));
  }
}

}  // namespace

seconds retry_delay(int retries) {
  return std::min(seconds(10LL << std::min(retries, 6)), seconds(360));
}

void Jobs::remember(const Workload& work, const std::string& pod,
                    const std::string& manifest, const std::string& network) {
  Json containers = Json::array();
  for (const Json& container : work.pod["spec"]["containers"]) {
    ContainerState c;
    c.pod = pod;
    c.name = optional_string(container, "name");
    c.image = optional_string(container, "image");
    c.app = work.pod["metadata"]["labels"]["skerry.app"].get<std::string>();
    c.owner = work.owner;
    containers.push_back(to_json(c));
  }
  fs::create_directories(folder(pod));
  // Environment variables may be secret.
  write_file_atomically(folder(pod) / "job.json",
                        Json{{"manifest", manifest},
                             {"network", network},
                             {"containers", std::move(containers)}}
                            .dump(),
                        0600);
}

void Jobs::sweep(const std::vector<ContainerState>& containers) {
  std::set<std::string> pods;
  for (const ContainerState& c : containers) pods.insert(c.pod);
  for (const std::string& pod : engine_.pods()) {
    if (!pods.contains(pod)) engine_.remove_pod(pod, 0);
  }
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(engine_.pods_folder())) {
    const fs::path& path = entry.path();
    if (!pods.contains(path.filename().native()) &&
        !fs::exists(path / "again") && !fs::exists(path / "finished.json")) {
      left.push_back(path);
    }
  }
  for (const fs::path& path : left) remove_tree(path);
}

int Jobs::retries(const std::string& pod) const {
  const fs::path file = folder(pod) / "retries";
  if (!fs::exists(file)) return 0;
  const std::string text = read_file(file);
  int count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

void Jobs::complete(std::vector<ContainerState>& containers) {
  std::set<std::string> pods;
  for (ContainerState& c : containers) {
    pods.insert(c.pod);
    c.retrying = c.retries > 0 && has_ended(c) && c.exit_code != 0 &&
                 retries(c.pod) < c.retries;
  }
  for (const auto& entry : fs::directory_iterator(engine_.pods_folder())) {
    if (pods.contains(entry.path().filename().native())) continue;
    if (fs::exists(entry.path() / "finished.json")) {
      add_states(entry.path() / "finished.json", "", containers);
    } else if (fs::exists(entry.path() / "again")) {
      add_states(entry.path() / "job.json", "created", containers);
    }
  }
}

void Jobs::play(const std::string& pod) {
  const Json job = parse_json(read_file(folder(pod) / "job.json"));
  engine_.remove_pod(pod, 0);
  engine_.create_pod(required_string(job, "manifest"),
                     optional_string(job, "network"));
  engine_.start_pod(pod);
  fs::remove(folder(pod) / "again");
}

void Jobs::retry(const std::string& pod) {
  if (!fs::exists(folder(pod) / "job.json")) return;  // removed meanwhile
  const int count = retries(pod) + 1;
  write_file_atomically(folder(pod) / "again", "");
  write_file_atomically(folder(pod) / "retries", std::to_string(count));
  log::info("a job is tried again", {{"pod", pod}, {"retry", count}});
  play(pod);
}

void Jobs::put_away(const std::string& pod, const Pod& containers) {
  Json states = Json::array();
  for (const ContainerState* c : containers) states.push_back(to_json(*c));
  fs::create_directories(folder(pod));
  write_file_atomically(folder(pod) / "finished.json",
                        Json{{"containers", std::move(states)}}.dump());
  engine_.remove_pod(pod, kFinishedGrace);
}

std::optional<milliseconds> Jobs::look(
    const std::vector<ContainerState>& containers) {
  std::map<std::string, Pod> pods;
  for (const ContainerState& c : containers) {
    if (c.retries > 0 || c.ttl >= 0) pods[c.pod].push_back(&c);
  }
  std::optional<milliseconds> next;
  const std::int64_t now = seconds_now();
  const auto wait_for = [&](std::int64_t due) {
    const milliseconds wait(std::max<std::int64_t>(due - now, 1) * 1000);
    next = next ? std::min(*next, wait) : wait;
  };
  MutexLock lock(mutex_);
  for (const auto& [pod, states] : pods) {
    if (!std::all_of(states.begin(), states.end(),
                     [](const auto* c) { return has_ended(*c); })) {
      continue;
    }
    std::int64_t ended = 0;
    bool again = false;
    for (const ContainerState* c : states) {
      ended = std::max(ended, c->ended);
      again = again || c->retrying;
    }
    const std::int64_t ttl = states.front()->ttl;
    if (!again && ttl < 0) continue;
    const std::int64_t due =
        ended + (again ? retry_delay(retries(pod)).count() : ttl);
    if (due > now) {
      wait_for(due);
    } else if (again) {
      retry(pod);
    } else {
      put_away(pod, states);
    }
  }
  for (const auto& entry : fs::directory_iterator(engine_.pods_folder())) {
    // A retry that the daemon's end interrupted.
    if (fs::exists(entry.path() / "again")) {
      play(entry.path().filename().native());
    }
  }
  return next;
}

}  // namespace skerry::cd::podman
