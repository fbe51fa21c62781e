// The variables of a run: where each comes from and which one hides which.
#include <algorithm>

#include "executor/pipeline_run.h"

namespace skerry::ci {

// From the outermost to the innermost; an inner one hides an outer one:
// place, run, parameters, exported by steps, blocks.
std::map<std::string, std::string> PipelineRun::environment_of(
    const Frame& frame) const {
  std::map<std::string, std::string> all;
  if (frame.site != nullptr) {
    all = frame.site->environment();
    all["WORKSPACE"] = frame.site->workspace_path();
    all["WORKSPACE_TMP"] = "/tmp";
  }
  for (const auto& [name, value] : facts_.environment) all[name] = value;
  for (const auto& [name, value] : facts_.parameters) {
    all[name] = to_string(value);
  }
  {
    MutexLock lock(mutex_);
    for (const auto& [name, value] : exported_) all[name] = value;
  }
  for (const auto& [name, value] : frame.environment) all[name] = value;
  return all;
}

std::optional<std::string> PipelineRun::variable(const Frame& frame,
                                                 std::string_view name) const {
  const auto all = environment_of(frame);
  const auto it = all.find(std::string(name));
  if (it == all.end()) return std::nullopt;
  return it->second;
}

void PipelineRun::export_variable(const std::string& name,
                                  const std::string& value) {
  MutexLock lock(mutex_);
  exported_[name] = value;
}

void PipelineRun::add_image(BuiltImage image) {
  MutexLock lock(mutex_);
  images_.push_back(std::move(image));
}

std::optional<BuiltImage> PipelineRun::find_image(std::string_view name) const {
  MutexLock lock(mutex_);
  for (auto image = images_.rbegin(); image != images_.rend(); ++image) {
    std::string_view known = image->name;
    if (known == name) return *image;
    for (int part = 0; part < 2; ++part) {  // the host, then the project
      known.remove_prefix(known.find('/') + 1);
      if (known == name) return *image;
    }
  }
  return std::nullopt;
}

std::filesystem::path PipelineRun::stash_folder(const std::string& name,
                                                bool create) {
  MutexLock lock(mutex_);
  const auto it = stashes_.find(name);
  if (!create) {
    if (it == stashes_.end()) {
      fail(ErrorCode::not_found, "no stash '{}' was made in this run", name);
    }
    return it->second;
  }
  const auto folder =
      host_.scratch() / fmt::format("stash-{}", stashes_.size());
  if (it != stashes_.end()) {
    std::filesystem::remove_all(it->second);
    return it->second;
  }
  stashes_[name] = folder;
  return folder;
}

void PipelineRun::add_environment(const std::vector<EnvironmentEntry>& entries,
                                  Frame& frame, Cleanup& cleanup) {
  for (const EnvironmentEntry& entry : entries) {
    FrameScope scope(*this, frame);
    const std::string text = evaluate_text(entry.value, scope);
    if (entry.kind == EnvironmentEntry::Kind::value) {
      frame.environment[entry.name] = text;
      continue;
    }
    const Credential credential = host_.credential(text);
    switch (credential.kind) {
      case Credential::Kind::text:
        log_.add_secret(credential.secret);
        frame.environment[entry.name] = credential.secret;
        break;
      case Credential::Kind::username_password: {
        const std::string both = credential.user + ":" + credential.secret;
        log_.add_secret(credential.secret);
        log_.add_secret(both);
        frame.environment[entry.name] = both;
        frame.environment[entry.name + "_USR"] = credential.user;
        frame.environment[entry.name + "_PSW"] = credential.secret;
        break;
      }
      case Credential::Kind::file: {
        if (frame.site == nullptr) {
          fail(ErrorCode::invalid,
               "{}: the file credential '{}' needs an agent",
               to_string(entry.place), text);
        }
        Site* const site = frame.site;
        const std::string path =
            site->add_secret_file(credential.file_name, credential.secret);
        cleanup.add([site, path] { site->remove_secret_file(path); });
        frame.environment[entry.name] = path;
        break;
      }
    }
  }
}

std::optional<Value> FrameScope::parameter(std::string_view name) const {
  const auto& all = run_.facts().parameters;
  const auto it = all.find(std::string(name));
  if (it == all.end()) return std::nullopt;
  return it->second;
}

std::optional<Value> FrameScope::build(std::string_view property) const {
  const RunFacts& facts = run_.facts();
  const Result result = run_.result();
  const auto elapsed = run_.log().clock().now() - facts.started;
  if (property == "number") return Value(facts.number);
  if (property == "result") {
    return result == Result::success ? Value() : Value(to_string(result));
  }
  if (property == "currentResult") return Value(to_string(result));
  if (property == "displayName") return Value(fmt::format("#{}", facts.number));
  if (property == "fullDisplayName") {
    return Value(fmt::format("{} #{}", facts.job_name, facts.number));
  }
  if (property == "projectName") return Value(facts.job_name);
  if (property == "duration") return Value(elapsed);
  if (property == "durationString") {
    return Value(fmt::format("{} sec and counting", elapsed / 1000));
  }
  return std::nullopt;
}

}  // namespace skerry::ci
