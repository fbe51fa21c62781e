// The steps of a pipeline: one function each.
//
// A step is described in jenkinsfile/step_table.cc; here is what it does. It
// gives a value (null for most) or throws: Halt with a result, or any Error,
// which fails the stage.
#pragma once

#include <string>
#include <string_view>

#include "executor/pipeline_run.h"

namespace skerry::ci {

struct StepCall {
  PipelineRun& run;
  Frame& frame;
  const Step& step;
  const ArgumentValues& arguments;

  // The agent's place; invalid without one.
  Site& site() const;
  // A path of an argument, relative to the current folder, made relative to
  // the workspace; denied when it leads out.
  std::string path(std::string_view relative) const;
  void say(std::string_view line) const { run.say(frame, line); }
};

using StepFunction = Value (*)(StepCall&);
// nullptr for an unknown name.
StepFunction find_step_function(std::string_view name);

// By file: executor/steps_<what>.cc.
namespace steps {
// basic
Value echo(StepCall&);
Value error(StepCall&);
Value unstable(StepCall&);
Value sleep(StepCall&);
Value sh(StepCall&);
// blocks
Value script(StepCall&);
Value dir(StepCall&);
Value with_env(StepCall&);
Value retry(StepCall&);
Value timeout(StepCall&);
Value timestamps(StepCall&);
Value catch_error(StepCall&);
Value warn_error(StepCall&);
Value with_credentials(StepCall&);
// files
Value read_file(StepCall&);
Value write_file(StepCall&);
Value file_exists(StepCall&);
Value delete_dir(StepCall&);
Value stash(StepCall&);
Value unstash(StepCall&);
Value checkout(StepCall&);
Value git(StepCall&);
// results
Value archive_artifacts(StepCall&);
Value junit(StepCall&);
Value build_image(StepCall&);
Value publish_chart(StepCall&);
}  // namespace steps

}  // namespace skerry::ci
