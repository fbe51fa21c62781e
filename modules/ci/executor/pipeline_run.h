// Carrying out a plan: stages in order, branches in parallel, steps, posts.
//
// One PipelineRun is one run; run() may be called once. A branch of a
// `parallel` stage is a thread; they share what stands in the PipelineRun and
// each has a Frame of its own.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "executor/halt.h"
#include "executor/host.h"
#include "plan.h"
#include "runs/run_log.h"

namespace skerry::ci {

struct RunFacts {
  std::string job_name;  // "demo/hello"
  std::int64_t number = 0;
  UnixMillis started = 0;
  std::string branch, tag;
  std::optional<Result> previous;        // of the same branch
  std::map<std::string, Value> parameters;
  std::map<std::string, std::string> environment;  // BUILD_NUMBER ...
  // How long posts may go on after the run was cancelled or timed out.
  std::chrono::milliseconds post_time{60'000};
  std::uint64_t max_file_bytes = 64u << 20;  // of readFile and a stashed file
};

// What a stage has come to so far. Thread-safe.
class StageState {
 public:
  Result result() const;
  void worsen(Result result);

 private:
  mutable Mutex mutex_;
  Result result_ GUARDED_BY(mutex_) = Result::success;
};

// Where a branch stands: copied when a block changes something, so that the
// change ends with the block.
struct Frame {
  std::map<std::string, std::string> environment;
  std::string folder;      // below the workspace
  Site* site = nullptr;  // none without an agent
  std::string prefix;      // of log lines: "[unit] "
  bool timestamps = false;
  std::stop_token stop;
  StageState* stage = nullptr;
};

class PipelineRun {
 public:
  // `cancel` ends the flow and lets posts run; `shutdown` ends everything.
  PipelineRun(const Pipeline& pipeline, RunFacts facts, RunHost& host,
              RunLog& log, std::stop_token cancel, std::stop_token shutdown);

  struct Outcome {
    Result result = Result::success;
    std::string error;  // of the first failure
  };
  Outcome run();

  // --- for the steps (executor/steps.h) --------------------------------------
  const RunFacts& facts() const { return facts_; }
  RunHost& host() { return host_; }
  RunLog& log() { return log_; }
  // A line of ours.
  void say(const Frame& frame, std::string_view line);
  Result result() const { return state_.result(); }
  void worsen(const Frame& frame, Result build, Result stage);
  // All that a script started in `frame` would see.
  std::map<std::string, std::string> environment_of(const Frame& frame) const;
  std::optional<std::string> variable(const Frame& frame,
                                      std::string_view name) const;
  // Sets a variable for all later steps and stages.
  void export_variable(const std::string& name, const std::string& value);
  // Images that this run has built. One is found by its whole name, without
  // the host ("demo/hello") and without the project ("hello").
  void add_image(BuiltImage image);
  std::optional<BuiltImage> find_image(std::string_view name) const;
  Value run_step(const Step& step, Frame& frame);
  void run_steps(const std::vector<Step>& steps, Frame& frame);
  // Adds environment entries and what they need; `cleanup` gets what must be
  // undone when the block ends.
  class Cleanup;
  void add_environment(const std::vector<EnvironmentEntry>& entries,
                       Frame& frame, Cleanup& cleanup);
  void with_timeout(std::chrono::milliseconds time, const Frame& frame,
                    const std::function<void(Frame&)>& body);
  void with_retry(std::int64_t attempts, Frame& frame,
                  const std::function<void(Frame&)>& body);
  // Where stashes lie: name -> folder in host().scratch().
  std::filesystem::path stash_folder(const std::string& name, bool create);

 private:
  using Body = std::function<void(Frame&)>;
  void run_pipeline(Frame& frame);
  void with_options(const Options& options, const Frame& frame,
                    const Body& body);
  void run_stages(const std::vector<Stage>& stages, Frame& frame);
  void run_parallel(const Stage& stage, Frame& frame);
  void run_stage(const Stage& stage, const Frame& outer);
  void run_stage_body(const Stage& stage, Frame& frame);
  void take_agent(const Stage& stage, Frame& frame,
                  std::unique_ptr<Site>& site);
  void check_out(Frame& frame);
  void skip_stage(const Stage& stage, const Frame& frame,
                  std::string_view why);
  bool condition_holds(const Stage& stage, Frame& frame);
  // Runs `body`, then the posts that its end calls for; throws what failed.
  void with_posts(const std::vector<PostBlock>& posts, Frame& frame,
                  const Body& body);
  std::optional<Halt> run_posts(const std::vector<PostBlock>& posts,
                                Frame& frame, std::optional<Halt> failure);
  void tell(const Frame& frame, Halt& halt);
  int number_of(const Stage& stage) const;

  const Pipeline& pipeline_;
  const RunFacts facts_;
  RunHost& host_;
  RunLog& log_;
  const std::stop_token cancel_;
  const std::stop_token shutdown_;
  std::map<const Stage*, int> stage_numbers_;
  StageState state_;  // of the whole run
  mutable Mutex mutex_;
  std::map<std::string, std::string> exported_ GUARDED_BY(mutex_);
  std::map<std::string, std::filesystem::path> stashes_ GUARDED_BY(mutex_);
  std::vector<BuiltImage> images_ GUARDED_BY(mutex_);  // the latest last
};

// Undoes things in reverse order at the end of a block.
class PipelineRun::Cleanup {
 public:
  Cleanup() = default;
  ~Cleanup();
  Cleanup(const Cleanup&) = delete;
  Cleanup& operator=(const Cleanup&) = delete;
  void add(std::function<void()> action) {
    actions_.push_back(std::move(action));
  }

 private:
  std::vector<std::function<void()>> actions_;
};

// A Scope over a frame, for evaluating expressions.
class FrameScope : public Scope {
 public:
  FrameScope(PipelineRun& run, Frame& frame) : run_(run), frame_(frame) {}
  std::optional<std::string> environment(std::string_view name) const override {
    return run_.variable(frame_, name);
  }
  std::optional<Value> parameter(std::string_view name) const override;
  std::optional<Value> build(std::string_view property) const override;
  Value call(const Step& step) override { return run_.run_step(step, frame_); }

 private:
  PipelineRun& run_;
  Frame& frame_;
};

}  // namespace skerry::ci
