#include "sandbox/cgroup.h"

#include <signal.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "core/telemetry/log.h"

namespace skerry::ci::sandbox {
namespace {
namespace fs = std::filesystem;

const fs::path kMount = "/sys/fs/cgroup";

bool put(const fs::path& file, std::string_view text) {
  std::ofstream out(file);
  out << text << std::flush;
  return out.good();
}

std::string get(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool has_word(const std::string& text, const std::string& word) {
  std::istringstream words(text);
  for (std::string w; words >> w;) {
    if (w == word) return true;
  }
  return false;
}

// Controller name ("" for version 2) -> our group.
std::map<std::string, std::string> own_groups() {
  std::map<std::string, std::string> groups;
  std::istringstream lines(get("/proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::istringstream names(line.substr(first + 1, second - first - 1));
    const std::string path = line.substr(second + 1);
    if (second == first + 1) groups[""] = path;
    for (std::string name; std::getline(names, name, ',');) {
      groups[name] = path;
    }
  }
  return groups;
}

bool is_delegated(const fs::path& group) {
  char value[8] = {};
  for (const char* name : {"user.delegate", "trusted.delegate"}) {
    if (::getxattr(group.c_str(), name, value, sizeof value) > 0 &&
        value[0] == '1') {
      return true;
    }
  }
  return false;
}

void kill_all(const fs::path& group) {
  put(group / "cgroup.kill", "1");  // version 2, Linux 5.14
  std::istringstream pids(get(group / "cgroup.procs"));
  for (pid_t pid = 0; pids >> pid;) {
    if (pid > 0) ::kill(pid, SIGKILL);
  }
}

// A group goes only when its last process has been reaped by its parent.
void remove_group(const fs::path& group) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    if (::rmdir(group.c_str()) == 0 || errno == ENOENT) return;
    kill_all(group);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  log::warning("could not remove a control group", {{"group", group.native()}});
}

}  // namespace

RunGroups::~RunGroups() {
  for (const fs::path& folder : folders_) remove_group(folder);
}

std::vector<std::string> RunGroups::folders() const {
  std::vector<std::string> out;
  for (const fs::path& folder : folders_) out.push_back(folder.native());
  return out;
}

ControlGroups::ControlGroups(std::string owner)
    : prefix_("skerry-ci-" + std::move(owner) + "-") {
  const auto groups = own_groups();
  std::error_code ignored;
  if (fs::exists(kMount / "cgroup.controllers", ignored)) {
    const auto own = groups.find("");
    find_version_2(kMount /
                   fs::path(own == groups.end() ? "/" : own->second)
                       .relative_path());
    return;
  }
  for (const char* controller : {"memory", "pids"}) {
    const auto own = groups.find(controller);
    if (own == groups.end()) {
      missing_ += fmt::format("{}the kernel has no {} control groups",
                              missing_.empty() ? "" : "; ", controller);
      continue;
    }
    find_version_1(kMount / controller, controller,
                   fs::path(own->second).relative_path());
  }
}

void ControlGroups::find_version_2(const fs::path& own) {
  // After a restart in place we stand in the child already.
  const fs::path base = own.filename() == "skerry.daemon" ? own.parent_path()
                                                          : own;
  const bool is_root = fs::equivalent(base, kMount);
  if (!is_root && !is_delegated(base)) {
    missing_ = "the control group of Skerry is not delegated to it "
               "(systemd: Delegate=yes)";
    return;
  }
  if (!is_root && base == own) {
    std::error_code error;
    fs::create_directory(base / "skerry.daemon", error);
    if (error || !put(base / "skerry.daemon/cgroup.procs", "0")) {
      missing_ = "Skerry may not move to a child of its control group";
      return;
    }
  }
  put(base / "cgroup.subtree_control", "+memory");
  put(base / "cgroup.subtree_control", "+pids");
  const std::string enabled = get(base / "cgroup.subtree_control");
  Hierarchy found{base, {}, {}};
  if (has_word(enabled, "memory")) found.memory_file = "memory.max";
  if (has_word(enabled, "pids")) found.processes_file = "pids.max";
  if (found.memory_file.empty() || found.processes_file.empty()) {
    missing_ = "the memory or the pids controller is not available in Skerry's "
               "control group";
  }
  hierarchies_.push_back(found);
}

void ControlGroups::find_version_1(const fs::path& root,
                                   const std::string& controller,
                                   const fs::path& own) {
  std::error_code ignored;
  fs::path parent = root / own;
  if (!fs::exists(parent, ignored)) parent = root;  // another cgroup namespace
  if (::access(parent.c_str(), W_OK) != 0) {
    missing_ += fmt::format("{}Skerry may not make {} control groups",
                            missing_.empty() ? "" : "; ", controller);
    return;
  }
  Hierarchy found{parent, {}, {}};
  (controller == "memory" ? found.memory_file : found.processes_file) =
      controller == "memory" ? "memory.limit_in_bytes" : "pids.max";
  hierarchies_.push_back(found);
}

std::unique_ptr<RunGroups> ControlGroups::create(std::string_view run,
                                                 std::uint64_t memory_bytes,
                                                 std::uint64_t processes) const {
  std::vector<fs::path> folders;
  for (const Hierarchy& h : hierarchies_) {
    const fs::path folder = h.parent / fmt::format("{}{}", prefix_, run);
    std::error_code error;
    fs::create_directory(folder, error);
    if (error) {
      log::warning("no control group for a run",
                   {{"group", folder.native()}, {"error", error.message()}});
      continue;
    }
    folders.push_back(folder);
    if (!h.memory_file.empty() && memory_bytes != 0) {
      put(folder / h.memory_file, fmt::to_string(memory_bytes));
      put(folder / "memory.swap.max", "0");
      put(folder / "memory.oom.group", "1");
    }
    if (!h.processes_file.empty() && processes != 0) {
      put(folder / h.processes_file, fmt::to_string(processes));
    }
  }
  return std::make_unique<RunGroups>(std::move(folders));
}

void ControlGroups::remove_leftovers() const {
  std::set<fs::path> parents;
  for (const Hierarchy& h : hierarchies_) parents.insert(h.parent);
  for (const fs::path& parent : parents) {
    std::error_code ignored;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
      if (entry.path().filename().native().starts_with(prefix_)) {
        found.push_back(entry.path());
      }
    }
    for (const fs::path& group : found) remove_group(group);
  }
}

}  // namespace skerry::ci::sandbox
