// Carries a sync operation out, a few steps at a time. What must be waited for
// is not slept for: advance() returns, and is called again later. Going on
// after a restart is the same call.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "cd/image_policy.h"
#include "compare/compare.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "operation.h"
#include "source/sources.h"
#include "store.h"
#include "target/targets.h"

namespace skerry::cd {

// The steps of a sync, in order. Throws nothing; pure.
std::vector<Step> plan_steps(const Operation& op, const Desired& desired,
                             const Comparison& comparison);

// Thread-safe for different applications.
class Syncer {
 public:
  // `wave_timeout` is how long a wave may take to become healthy. While
  // `stopping`, errors leave the operation as it is stored.
  Syncer(Store& store, Sources& sources, Targets& targets, ImagePolicy& policy,
         const Clock& clock,
         std::function<std::chrono::milliseconds()> wave_timeout,
         const std::atomic<bool>& stopping)
      : store_(store),
        sources_(sources),
        targets_(targets),
        policy_(policy),
        clock_(clock),
        wave_timeout_(std::move(wave_timeout)),
        stopping_(stopping) {}

  // Nothing when the operation is over (phase Succeeded or Failed, not saved
  // yet); otherwise when to call again.
  std::optional<std::chrono::milliseconds> advance(const Record& record,
                                                   Operation& op);

 private:
  struct Run;
  Run begin(const Record& record, Operation& op);
  void refuse_images(const Run& run);
  void refuse_shared(Run& run);
  void plan(Run& run);
  std::optional<std::chrono::milliseconds> run_group(Run& run,
                                                     std::size_t begin,
                                                     std::size_t end);
  void start_step(Run& run, Step& step);
  bool watch_hook(Run& run, Step& step);
  bool group_is_healthy(Run& run, std::size_t begin, std::size_t end);
  std::optional<std::chrono::milliseconds> run_all(Run& run);
  std::optional<std::chrono::milliseconds> failed(Run& run,
                                                  const Error& error);
  std::optional<std::chrono::milliseconds> give_up(Run& run);
  void save(Run& run);

  Store& store_;
  Sources& sources_;
  Targets& targets_;
  ImagePolicy& policy_;
  const Clock& clock_;
  const std::function<std::chrono::milliseconds()> wave_timeout_;
  const std::atomic<bool>& stopping_;
};

}  // namespace skerry::cd
