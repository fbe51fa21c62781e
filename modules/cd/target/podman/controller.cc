// What stands around a pod's template: replicas, strategy, a Job's retries.
#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

constexpr std::int64_t kMostRetries = 1000;

// "25%" of `whole`, or a number.
int share(Fields& fields, const char* key, const char* otherwise, int whole,
          bool round_up) {
  std::string text = fields.scalar(key);
  if (text.empty()) text = otherwise;
  std::string_view digits = text;
  const bool percent = digits.ends_with('%');
  if (percent) digits.remove_suffix(1);
  int value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() ||
      value < 0 || value > 1000) {
    fail(ErrorCode::invalid, "{} must be a number or a percentage, not \"{}\"",
         fields.path_of(key), text);
  }
  return percent ? (value * whole + (round_up ? 99 : 0)) / 100 : value;
}

// A Deployment's strategy, a DaemonSet's updateStrategy.
void read_strategy(Fields& spec, const char* key, const char* other,
                   const char* surge, const char* unavailable, int replicas,
                   Rollout& rollout) {
  rollout.unavailable = 0;
  rollout.surge = 1;
  const auto read = [&](Fields& f) {
    rollout.surge = share(f, "maxSurge", surge, replicas, true);
    rollout.unavailable =
        share(f, "maxUnavailable", unavailable, replicas, false);
    if (f.scalar("maxSurge") == "0" && f.scalar("maxUnavailable") == "0") {
      fail(ErrorCode::invalid, "{}: maxSurge and maxUnavailable are both 0",
           f.path());
    }
    if (rollout.surge == 0 && rollout.unavailable == 0) rollout.unavailable = 1;
  };
  const Json none = Json::object();
  Fields defaults(none, spec.path_of(key));
  read(defaults);
  spec.object(key, [&](Fields& f) {
    const std::string type = f.text("type", "RollingUpdate");
    rollout.recreate = type == "Recreate" && type == other;
    if (type != "RollingUpdate" && !rollout.recreate) {
      fail(ErrorCode::invalid, "{} {} {}", f.path_of("type"), type, kUnknown);
    }
    if (rollout.recreate) f.refuse({"rollingUpdate"});
    f.object("rollingUpdate", read);
  });
}

void read_job(Fields& spec, PodContext& context) {
  for (const char* key : {"completions", "parallelism"}) {
    if (spec.integer(key, 1) != 1) {
      fail(ErrorCode::invalid, "{} other than 1 {}", spec.path_of(key),
           kUnknown);
    }
  }
  const auto retries = spec.integer("backoffLimit", 6);
  if (retries < 0 || retries > kMostRetries) {
    fail(ErrorCode::invalid, "{} must be 0 to {}",
         spec.path_of("backoffLimit"), kMostRetries);
  }
  context.workload.retries = static_cast<int>(retries);
  if (spec.boolean("suspend", false)) spec.refuse({"suspend"});
  if (spec.has("ttlSecondsAfterFinished")) {
    context.workload.ttl = spec.integer("ttlSecondsAfterFinished", 0);
    if (context.workload.ttl < 0) {
      fail(ErrorCode::invalid, "{} must not be negative",
           spec.path_of("ttlSecondsAfterFinished"));
    }
  }
  spec.drop({"selector"});
  if (spec.text("completionMode", "NonIndexed") != "NonIndexed") {
    spec.refuse({"completionMode"});
  }
}

}  // namespace

void PodContext::notice(const ResourceKey& about, std::string sentence) {
  auto& sentences = workload.notices[about];
  if (std::find(sentences.begin(), sentences.end(), sentence) ==
      sentences.end()) {
    sentences.push_back(std::move(sentence));
  }
}

void read_controller(Fields& spec, const std::string& kind,
                     PodContext& context) {
  if (kind == "Job") return read_job(spec, context);
  Workload& work = context.workload;
  work.replicas = 1;
  if (kind != "DaemonSet") {
    const auto replicas = spec.integer("replicas", 1);
    if (replicas < 0 || replicas > 100) {
      fail(ErrorCode::invalid, "{} must be 0 to 100",
           spec.path_of("replicas"));
    }
    work.replicas = static_cast<int>(replicas);
  }
  if (kind == "Deployment") {
    read_strategy(spec, "strategy", "Recreate", "25%", "25%", work.replicas,
                  work.rollout);
  } else if (kind == "DaemonSet") {
    read_strategy(spec, "updateStrategy", "", "0", "1", 1, work.rollout);
  }
  if (spec.integer("minReadySeconds", 0) != 0 ||
      spec.boolean("paused", false)) {
    fail(ErrorCode::invalid, "{} and paused {}",
         spec.path_of("minReadySeconds"), kUnknown);
  }
  if (spec.given("revisionHistoryLimit")) {
    context.notice("revisionHistoryLimit changes nothing: the application's "
                   "own history is what a rollback uses");
  }
  if (spec.given("progressDeadlineSeconds")) {
    context.notice("progressDeadlineSeconds changes nothing: the setting "
                   "cd.wave_timeout says how long a sync waits");
  }
  spec.drop({"selector"});
}

}  // namespace skerry::cd::podman
