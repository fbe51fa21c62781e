#include "executor/pipeline_run.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

#include "executor/steps.h"
#include "executor/stop_scope.h"

namespace skerry::ci {
namespace {

// Branches of one parallel stage that run at the same time; more wait.
constexpr std::size_t kMaxBranches = 16;

std::string duration_text(std::chrono::milliseconds time) {
  if (time.count() % 60'000 == 0) {
    return fmt::format("{} min", time.count() / 60'000);
  }
  if (time.count() % 1'000 == 0) {
    return fmt::format("{} s", time.count() / 1'000);
  }
  return fmt::format("{} ms", time.count());
}

}  // namespace

Result StageState::result() const {
  MutexLock lock(mutex_);
  return result_;
}

void StageState::worsen(Result result) {
  MutexLock lock(mutex_);
  result_ = worst(result_, result);
}

PipelineRun::Cleanup::~Cleanup() {
  while (!actions_.empty()) {
    try {
      actions_.back()();
    } catch (const Error&) {
      // What stays goes with the run's folder.
    }
    actions_.pop_back();
  }
}

PipelineRun::PipelineRun(const Pipeline& pipeline, RunFacts facts,
                         RunHost& host, RunLog& log, std::stop_token cancel,
                         std::stop_token shutdown)
    : pipeline_(pipeline),
      facts_(std::move(facts)),
      host_(host),
      log_(log),
      cancel_(std::move(cancel)),
      shutdown_(std::move(shutdown)) {
  int number = 0;
  each_stage(pipeline_.stages, [&](const Stage& stage, int) {
    stage_numbers_[&stage] = number++;
  });
}

PipelineRun::Outcome PipelineRun::run() {
  StopScope all(cancel_);
  const std::stop_callback ends(shutdown_, [&all] { all.request_stop(); });
  Frame frame;
  frame.stop = all.token();
  frame.stage = &state_;
  Outcome outcome;
  try {
    run_pipeline(frame);
  } catch (const std::exception&) {
    Halt halt = current_halt();
    tell(frame, halt);
    state_.worsen(halt.result());
    outcome.error = mask(log_.secrets(), halt.message());
  }
  outcome.result = state_.result();
  return outcome;
}

void PipelineRun::run_pipeline(Frame& frame) {
  std::unique_ptr<Site> site;
  Cleanup cleanup;
  if (pipeline_.options.timestamps.value_or(false)) frame.timestamps = true;
  if (pipeline_.agent == Agent::any) {
    site = host_.prepare_site();
    frame.site = site.get();
    if (!pipeline_.options.skip_default_checkout.value_or(false)) {
      check_out(frame);
    }
  }
  add_environment(pipeline_.environment, frame, cleanup);
  with_options(pipeline_.options, frame, [&](Frame& inner) {
    with_posts(pipeline_.post, inner,
               [&](Frame& f) { run_stages(pipeline_.stages, f); });
  });
}

int PipelineRun::number_of(const Stage& stage) const {
  return stage_numbers_.at(&stage);
}

void PipelineRun::check_out(Frame& frame) {
  host_.check_out_scm(*frame.site, frame.folder,
                      [&](std::string_view line) { say(frame, line); });
}

void PipelineRun::say(const Frame& frame, std::string_view line) {
  LogStream stream(log_, frame.prefix, frame.timestamps, true);
  stream.write(line);
  stream.write("\n");
}

// The log names a failure once, where it happened.
void PipelineRun::tell(const Frame& frame, Halt& halt) {
  if (halt.logged()) return;
  say(frame, fmt::format("ERROR: {}", halt.message()));
  halt = halt.as_logged();
}

void PipelineRun::worsen(const Frame& frame, Result build, Result stage) {
  state_.worsen(build);
  if (frame.stage != nullptr && frame.stage != &state_) {
    frame.stage->worsen(stage);
  }
}

// --- options -----------------------------------------------------------------

void PipelineRun::with_timeout(std::chrono::milliseconds time,
                               const Frame& frame, const Body& body) {
  StopScope scope(frame.stop, time);
  Frame inner = frame;
  inner.stop = scope.token();
  try {
    body(inner);
  } catch (const std::exception&) {
    if (!scope.timed_out() || frame.stop.stop_requested()) throw;
    throw Halt(Result::aborted,
               fmt::format("timed out after {}", duration_text(time)));
  }
}

void PipelineRun::with_retry(std::int64_t attempts, Frame& frame,
                             const Body& body) {
  for (std::int64_t attempt = 1;; ++attempt) {
    try {
      Frame inner = frame;
      body(inner);
      return;
    } catch (const std::exception&) {
      Halt halt = current_halt();
      if (attempt >= attempts || frame.stop.stop_requested()) throw;
      tell(frame, halt);
      say(frame, fmt::format("Retrying: attempt {} of {}", attempt + 1,
                             attempts));
    }
  }
}

void PipelineRun::with_options(const Options& options, const Frame& frame,
                               const Body& body) {
  Frame inner = frame;
  if (options.timestamps.value_or(false)) inner.timestamps = true;
  const auto attempts = [&](Frame& f) {
    with_retry(options.retry.value_or(1), f, body);
  };
  if (options.timeout) {
    with_timeout(*options.timeout, inner, attempts);
  } else {
    attempts(inner);
  }
}

// --- posts -------------------------------------------------------------------

void PipelineRun::with_posts(const std::vector<PostBlock>& posts, Frame& frame,
                             const Body& body) {
  std::optional<Halt> failure;
  try {
    body(frame);
  } catch (const std::exception&) {
    failure = current_halt();
    tell(frame, *failure);
  }
  failure = run_posts(posts, frame, std::move(failure));
  if (failure) throw *failure;
}

std::optional<Halt> PipelineRun::run_posts(const std::vector<PostBlock>& posts,
                                           Frame& frame,
                                           std::optional<Halt> failure) {
  if (posts.empty() || shutdown_.stop_requested()) return failure;
  // A flow that was stopped still cleans up, for a bounded time.
  std::optional<StopScope> grace;
  Frame inner = frame;
  if (frame.stop.stop_requested()) {
    grace.emplace(shutdown_, facts_.post_time);
    inner.stop = grace->token();
  }
  for (const PostBlock& post : posts) {
    Result now = worst(state_.result(), frame.stage->result());
    if (failure) now = worst(now, failure->result());
    if (!applies(post.when, now, facts_.previous)) continue;
    say(inner, fmt::format("[post] {}", to_string(post.when)));
    try {
      Frame own = inner;
      run_steps(post.steps, own);
    } catch (const std::exception&) {
      Halt halt = current_halt();
      tell(inner, halt);
      if (!failure) failure = halt;
    }
  }
  return failure;
}

// --- stages ------------------------------------------------------------------

void PipelineRun::run_stages(const std::vector<Stage>& stages, Frame& frame) {
  std::optional<Halt> failure;
  for (const Stage& stage : stages) {
    if (failure) {
      skip_stage(stage, frame, "due to earlier failure(s)");
      continue;
    }
    if (pipeline_.options.skip_stages_after_unstable.value_or(false) &&
        state_.result() == Result::unstable) {
      skip_stage(stage, frame, "due to an unstable result");
      continue;
    }
    try {
      run_stage(stage, frame);
    } catch (const std::exception&) {
      failure = current_halt();
    }
  }
  if (failure) throw *failure;
}

void PipelineRun::skip_stage(const Stage& stage, const Frame& frame,
                             std::string_view why) {
  say(frame, fmt::format("Stage \"{}\" skipped {}", stage.name, why));
  const std::uint64_t at = log_.size();
  host_.stage_finished(number_of(stage), Result::not_built, at);
  each_stage(stage.children, [&](const Stage& child, int) {
    host_.stage_finished(number_of(child), Result::not_built, at);
  });
}

bool PipelineRun::condition_holds(const Stage& stage, Frame& frame) {
  if (!stage.when) return true;
  WhenFacts facts{facts_.branch, facts_.tag, {}};
  const std::function<bool(const Condition&)> asks_changes =
      [&](const Condition& c) {
        return c.kind == Condition::Kind::changeset ||
               std::any_of(c.children.begin(), c.children.end(), asks_changes);
      };
  if (asks_changes(*stage.when)) facts.changed_paths = host_.changed_paths();
  FrameScope scope(*this, frame);
  return holds(*stage.when, facts, scope);
}

void PipelineRun::run_stage(const Stage& stage, const Frame& outer) {
  StageState state;
  Frame frame = outer;
  frame.stage = &state;
  const int number = number_of(stage);
  host_.stage_started(number, log_.size());
  std::optional<Halt> failure;
  bool skipped = false;
  try {
    if (frame.stop.stop_requested()) {
      throw Halt(Result::aborted, "the run was stopped");
    }
    say(frame, fmt::format("[stage] {}", stage.name));
    // Environment and parameters of the stage itself are not there yet, as
    // `when` comes first; those around it are.
    if (condition_holds(stage, frame)) {
      with_options(stage.options, frame,
                   [&](Frame& inner) { run_stage_body(stage, inner); });
    } else {
      skipped = true;
      skip_stage(stage, frame, "due to when conditional");
    }
  } catch (const std::exception&) {
    failure = current_halt();
    tell(frame, *failure);
    state.worsen(failure->result());
  }
  if (outer.stage != &state_) outer.stage->worsen(state.result());
  if (!skipped) host_.stage_finished(number, state.result(), log_.size());
  if (failure) throw *failure;
}

void PipelineRun::take_agent(const Stage& stage, Frame& frame,
                             std::unique_ptr<Site>& site) {
  if (!stage.agent) return;
  if (*stage.agent == Agent::none) {
    frame.site = nullptr;
    return;
  }
  site = host_.prepare_site();
  frame.site = site.get();
  frame.folder.clear();
  const bool skip = stage.options.skip_default_checkout.value_or(
      pipeline_.options.skip_default_checkout.value_or(false));
  if (!skip) check_out(frame);
}

void PipelineRun::run_stage_body(const Stage& stage, Frame& frame) {
  std::unique_ptr<Site> site;
  Cleanup cleanup;
  take_agent(stage, frame, site);
  add_environment(stage.environment, frame, cleanup);
  with_posts(stage.post, frame, [&](Frame& inner) {
    switch (stage.body) {
      case Stage::Body::steps:
        run_steps(stage.steps, inner);
        break;
      case Stage::Body::stages:
        run_stages(stage.children, inner);
        break;
      case Stage::Body::parallel:
        run_parallel(stage, inner);
        break;
    }
  });
}

void PipelineRun::run_parallel(const Stage& stage, Frame& frame) {
  StopScope branches(frame.stop);
  const bool fail_fast =
      stage.fail_fast ||
      pipeline_.options.parallels_always_fail_fast.value_or(false);
  Mutex mutex;
  std::optional<Halt> first;  // under mutex
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < stage.children.size(); i = next++) {
      const Stage& child = stage.children[i];
      Frame own = frame;
      own.prefix = fmt::format("{}[{}] ", frame.prefix, child.name);
      own.stop = branches.token();
      StageState state;
      own.stage = &state;
      try {
        run_stage(child, own);
        frame.stage->worsen(state.result());
      } catch (const std::exception&) {
        const Halt halt = current_halt();
        MutexLock lock(mutex);
        // With failFast the first failure stops the others, whose ends then
        // say nothing new.
        if (!first || (!fail_fast && halt.result() > first->result())) {
          first = halt;
        }
        if (fail_fast) branches.request_stop();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    const std::size_t count = std::min(stage.children.size(), kMaxBranches);
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work);
  }
  if (first) throw *first;
}

// --- steps -------------------------------------------------------------------

void PipelineRun::run_steps(const std::vector<Step>& steps, Frame& frame) {
  for (const Step& step : steps) run_step(step, frame);
}

Value PipelineRun::run_step(const Step& step, Frame& frame) {
  if (frame.stop.stop_requested()) {
    throw Halt(Result::aborted, "the run was stopped");
  }
  const StepFunction function = find_step_function(step.name);
  if (function == nullptr) {
    fail(ErrorCode::internal, "{}: step '{}' has no implementation",
         to_string(step.place), step.name);
  }
  FrameScope scope(*this, frame);
  const ArgumentValues arguments(step, scope);
  StepCall call{*this, frame, step, arguments};
  try {
    return function(call);
  } catch (const Halt&) {
    throw;
  } catch (const Error& error) {
    if (frame.stop.stop_requested()) {
      throw Halt(Result::aborted, "the run was stopped");
    }
    // A step's own fault, told with its place in the Jenkinsfile.
    throw Halt(Result::failure,
               step.place.line == 0
                   ? error.message()
                   : fmt::format("{}: {}: {}", to_string(step.place), step.name,
                                 error.message()));
  }
}

}  // namespace skerry::ci
