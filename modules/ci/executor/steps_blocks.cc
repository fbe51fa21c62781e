// Steps with steps inside.
#include "executor/steps.h"
#include "executor/stop_scope.h"
#include "executor/time_unit.h"

namespace skerry::ci::steps {
namespace {

void run_block(StepCall& call, Frame& frame) {
  call.run.run_steps(call.step.block, frame);
}

// Runs the block; what it throws becomes results and a line in the log.
void run_caught(StepCall& call, const std::string& message, Result build,
                Result stage, bool catch_interruptions) {
  try {
    Frame inner = call.frame;
    run_block(call, inner);
  } catch (const std::exception&) {
    const Halt halt = current_halt();
    const bool interrupted = halt.result() == Result::aborted;
    // A stop that is meant for more than this block goes on.
    if (call.frame.stop.stop_requested() ||
        (interrupted && !catch_interruptions)) {
      throw;
    }
    if (!message.empty()) call.say(message);
    if (!halt.logged()) call.say(fmt::format("ERROR: {}", halt.message()));
    call.run.worsen(call.frame, build, stage);
  }
}

std::string member_text(const Value& map, std::string_view key) {
  const Value* value = map.member(key);
  return value == nullptr ? std::string() : to_string(*value);
}

void want(bool right, const std::string& id, std::string_view kind) {
  if (right) return;
  fail(ErrorCode::invalid, "the credential '{}' is not of the kind {}", id,
       kind);
}

void bind(StepCall& call, const Value& binding, Frame& frame,
          PipelineRun::Cleanup& cleanup) {
  const std::string kind = member_text(binding, "kind");
  const std::string id = member_text(binding, "credentialsId");
  const std::string variable = member_text(binding, "variable");
  const Credential credential = call.run.host().credential(id);
  RunLog& log = call.run.log();
  if (kind == "string") {
    want(credential.kind == Credential::Kind::text, id, "text");
    log.add_secret(credential.secret);
    frame.environment[variable] = credential.secret;
  } else if (kind == "file") {
    want(credential.kind == Credential::Kind::file, id, "file");
    Site& site = call.site();
    const std::string path =
        site.add_secret_file(credential.file_name, credential.secret);
    cleanup.add([&site, path] { site.remove_secret_file(path); });
    frame.environment[variable] = path;
  } else {
    want(credential.kind == Credential::Kind::username_password, id,
         "username_password");
    const std::string both = credential.user + ":" + credential.secret;
    log.add_secret(credential.secret);
    log.add_secret(both);
    if (kind == "usernameColonPassword") {
      frame.environment[variable] = both;
    } else {
      frame.environment[member_text(binding, "usernameVariable")] =
          credential.user;
      frame.environment[member_text(binding, "passwordVariable")] =
          credential.secret;
    }
  }
}

Result result_argument(StepCall& call, std::string_view name) {
  return parse_result(call.arguments.text(name)).value_or(Result::failure);
}

}  // namespace

Value script(StepCall& call) {
  run_block(call, call.frame);
  return {};
}

Value dir(StepCall& call) {
  const std::string folder = call.path(call.arguments.text("path"));
  call.site().workspace().make_folders(folder);
  Frame inner = call.frame;
  inner.folder = folder;
  run_block(call, inner);
  return {};
}

Value with_env(StepCall& call) {
  Frame inner = call.frame;
  for (const std::string& entry : call.arguments.texts("overrides")) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0) {
      fail(ErrorCode::invalid, "'{}' is not NAME=value", entry);
    }
    std::string name = entry.substr(0, equals);
    std::string value = entry.substr(equals + 1);
    // PATH+ANYTHING=x puts x in front of PATH.
    if (const std::size_t plus = name.find('+'); plus != std::string::npos) {
      name.resize(plus);
      const auto old = call.run.variable(inner, name);
      if (old && !old->empty()) value += ":" + *old;
    }
    inner.environment[name] = value;
  }
  run_block(call, inner);
  return {};
}

Value retry(StepCall& call) {
  const std::int64_t count = call.arguments.integer("count");
  if (count < 1) fail(ErrorCode::invalid, "count: {} is below 1", count);
  call.run.with_retry(count, call.frame,
                      [&](Frame& inner) { run_block(call, inner); });
  return {};
}

Value timeout(StepCall& call) {
  call.run.with_timeout(duration_of(call.arguments), call.frame,
                        [&](Frame& inner) { run_block(call, inner); });
  return {};
}

Value timestamps(StepCall& call) {
  Frame inner = call.frame;
  inner.timestamps = true;
  run_block(call, inner);
  return {};
}

Value catch_error(StepCall& call) {
  run_caught(call, call.arguments.text("message"),
             result_argument(call, "buildResult"),
             result_argument(call, "stageResult"),
             call.arguments.flag("catchInterruptions"));
  return {};
}

Value warn_error(StepCall& call) {
  run_caught(call, "WARNING: " + call.arguments.text("message"),
             Result::unstable, Result::unstable,
             call.arguments.flag("catchInterruptions"));
  return {};
}

Value with_credentials(StepCall& call) {
  PipelineRun::Cleanup cleanup;
  Frame inner = call.frame;
  if (const Value* bindings = call.arguments.find("bindings")) {
    for (const Value& binding : *bindings->list()) {
      bind(call, binding, inner, cleanup);
    }
  }
  run_block(call, inner);
  return {};
}

}  // namespace skerry::ci::steps
