#include "target/podman/replace.h"

#include <sys/stat.h>

#include <algorithm>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"

namespace skerry::cd::podman {
namespace fs = std::filesystem;
namespace {

void replace_mark(Json& value, const std::string& mark,
                  const std::string& text) {
  if (value.is_string()) {
    std::string& content = value.get_ref<std::string&>();
    for (std::size_t at = content.find(mark); at != std::string::npos;
         at = content.find(mark, at + text.size())) {
      content.replace(at, mark.size(), text);
    }
  } else if (value.is_structured()) {
    for (Json& item : value) replace_mark(item, mark, text);
  }
}

void write_folders(const fs::path& where, const std::vector<Folder>& folders) {
  for (const Folder& folder : folders) {
    const fs::path path = where / folder.volume;
    fs::create_directories(path);
    // Any user of the container may write into an emptyDir, as kubelet has it.
    const unsigned mode = folder.empty_dir ? 0777 : 0755;
    if (::chmod(path.c_str(), mode) != 0) fail_errno(path.native());
    for (const auto& [name, content] : folder.files) {
      write_file_atomically(path / name, content, folder.mode);
      if (::chmod((path / name).c_str(), folder.mode) != 0) {
        fail_errno((path / name).native());
      }
    }
  }
}

}  // namespace

std::vector<RolloutStep> rollout_steps(int replicas, const Rollout& rollout,
                                       const std::vector<std::string>& missing,
                                       const std::set<std::string>& stale,
                                       int good) {
  std::vector<RolloutStep> steps;
  std::vector<std::string> olds(stale.begin(), stale.end());
  int running = good + static_cast<int>(olds.size());
  auto fresh = missing.begin();
  auto old = olds.begin();
  while (fresh != missing.end() || old != olds.end()) {
    const bool may_start =
        fresh != missing.end() &&
        (rollout.recreate ? old == olds.end()
                          : old == olds.end() ||
                                running < replicas + rollout.surge);
    if (may_start) {
      steps.push_back({true, *fresh++});
      ++running;
      continue;
    }
    steps.push_back({false, *old++});
    --running;
  }
  return steps;
}

bool Replacement::is_good(const Workload& work, const std::string& pod) const {
  return std::all_of(
      work.containers.begin(), work.containers.end(),
      [&](const std::string& name) {
        return std::any_of(containers_.begin(), containers_.end(),
                           [&](const ContainerState& c) {
                             if (c.pod != pod || c.name != name) return false;
                             return c.state == "running" ||
                                    (work.to_completion && c.state == "exited");
                           });
      });
}

void Replacement::pull(const TargetApp& app, const Workload& work) {
  const auto access = access_.pull_access(app.project);
  for (const Image& image : work.images) {
    images_.pull(image, access);
    if (!image.must_not_be_root) continue;
    const std::string user = engine_.image_user(image.name);
    if (user.empty() || user == "0" || user == "root" ||
        user.starts_with("0:") || user.starts_with("root:")) {
      fail(ErrorCode::invalid,
           "runAsNonRoot: the image {} runs as root; set runAsUser",
           image.name);
    }
  }
}

void Replacement::create(const Workload& work, const std::string& pod) {
  // What an interrupted attempt left under this name.
  discard(pod, 0);
  const fs::path folder = engine_.pods_folder() / pod;
  write_folders(folder, work.folders);
  Json manifest = work.pod;
  manifest["metadata"]["name"] = pod;
  for (const char* list : {"containers", "initContainers"}) {
    if (!manifest["spec"].contains(list)) continue;
    replace_mark(manifest["spec"][list], kPodNameMark, pod);
  }
  if (manifest["spec"].contains("volumes")) {
    replace_mark(manifest["spec"]["volumes"], kFolderMark, folder.native());
  }
  std::string network = network_;
  if (network != "host") {
    std::string separator = ":";
    for (const std::string& alias : work.aliases) {
      network += separator + "alias=" + alias;
      separator = ",";
    }
  }
  // JSON is YAML; the document mark keeps kube play from guessing.
  const std::string text = "---\n" + manifest.dump() + "\n";
  if (work.retries > 0) jobs_.remember(work, pod, text, network);
  engine_.create_pod(text, network);
}

void Replacement::discard(const std::string& pod, int grace_seconds) {
  engine_.remove_pod(pod, grace_seconds);
  remove_tree(engine_.pods_folder() / pod);
}

void Replacement::restart(const std::set<std::string>& pods) {
  for (const std::string& pod : pods) {
    try {
      engine_.start_pod(pod);
    } catch (const Error& error) {
      log::warning("an old pod does not start again",
                   {{"pod", pod}, {"error", error.message()}});
    }
  }
}

void Replacement::bring(const TargetApp& app, const Workload& work) {
  std::set<std::string> wanted, stale;
  std::vector<std::string> missing;
  for (int i = 0; i < work.replicas; ++i) {
    const std::string pod = work.pod_name(i);
    wanted.insert(pod);
    if (!is_good(work, pod)) missing.push_back(pod);
  }
  for (const ContainerState& c : containers_) {
    if (c.app == app.name && c.owner == work.owner && !wanted.contains(c.pod)) {
      stale.insert(c.pod);
    }
  }
  const Images::Hold hold(images_, work.images);
  if (!missing.empty()) {
    pull(app, work);
    if (network_ != "host") engine_.ensure_network(network_);
  }
  if (!work.to_completion) return exchange(work, missing, stale);
  // A Job's pod may be tried again at this very moment.
  MutexLock lock(jobs_.mutex());
  exchange(work, missing, stale);
}

void Replacement::exchange(const Workload& work,
                           const std::vector<std::string>& missing,
                           const std::set<std::string>& stale) {
  try {
    for (const std::string& pod : missing) create(work, pod);
    Rollout rollout = work.rollout;
    if (work.publishes) rollout.recreate = true;
    const int good = work.replicas - static_cast<int>(missing.size());
    for (const RolloutStep& step :
         rollout_steps(work.replicas, rollout, missing, stale, good)) {
      if (step.start) {
        engine_.start_pod(step.pod);
      } else {
        engine_.stop_pod(step.pod, work.grace_seconds);
      }
    }
  } catch (const Error&) {
    for (const std::string& pod : missing) discard(pod, 0);
    restart(stale);
    throw;
  }
  for (const std::string& pod : stale) discard(pod, work.grace_seconds);
}

}  // namespace skerry::cd::podman
