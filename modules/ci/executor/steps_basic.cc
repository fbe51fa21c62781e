#include <chrono>

#include "executor/steps.h"
#include "executor/stop_scope.h"
#include "executor/time_unit.h"

namespace skerry::ci::steps {

Value echo(StepCall& call) {
  call.say(call.arguments.text("message"));
  return {};
}

Value error(StepCall& call) {
  throw Halt(Result::failure, call.arguments.text("message"));
}

Value unstable(StepCall& call) {
  call.say(fmt::format("WARNING: {}", call.arguments.text("message")));
  call.run.worsen(call.frame, Result::unstable, Result::unstable);
  return {};
}

Value sleep(StepCall& call) {
  const auto time = duration_of(call.arguments);
  if (!sleep_for(time, call.frame.stop)) {
    throw Halt(Result::aborted, "the run was stopped");
  }
  return {};
}

Value sh(StepCall& call) {
  const ArgumentValues& arguments = call.arguments;
  if (arguments.has("label")) {
    call.say(fmt::format("[sh] {}", arguments.text("label")));
  }
  const bool wants_output = arguments.flag("returnStdout");
  const bool wants_status = arguments.flag("returnStatus");
  if (wants_output && wants_status) {
    fail(ErrorCode::invalid, "returnStdout and returnStatus exclude each other");
  }
  ScriptRequest request;
  request.script = arguments.text("script");
  request.folder = call.frame.folder;
  request.environment = call.run.environment_of(call.frame);
  request.capture = wants_output;
  request.stop = call.frame.stop;
  LogStream stream(call.run.log(), call.frame.prefix, call.frame.timestamps);
  request.on_output = [&](std::string_view bytes) { stream.write(bytes); };
  ScriptResult result = call.site().run(request);
  if (result.stopped) throw Halt(Result::aborted, "the script was stopped");
  if (wants_status) return Value(result.exit_code);
  if (result.exit_code != 0) {
    throw Halt(Result::failure, fmt::format("script returned exit code {}",
                                            result.exit_code));
  }
  if (wants_output) return Value(std::move(result.output));
  return {};
}

}  // namespace skerry::ci::steps
