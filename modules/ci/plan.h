// The plan: a checked declarative pipeline, ready to be executed.
//
// jenkinsfile/load.h makes it. Everything in it is known to be supported:
// whatever the executor finds here it carries out, names and types of step
// arguments are right, and defaults are filled in. Immutable once made.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression.h"

namespace skerry::ci {

// One step. The arguments of each step, with type and default, are the table
// in jenkinsfile/step_table.cc; every argument listed there is present here,
// except those that are optional and have no default.
//
// Block steps (dir, withEnv, retry, timeout, timestamps, catchError,
// warnError, withCredentials, script) hold their steps in `block`; `script`
// is nothing but a group. `withCredentials` has the argument `bindings`: a
// list of maps with the member `kind` ("string", "usernamePassword", "file",
// "usernameColonPassword") and that binding's own arguments.
struct Step {
  std::string name;
  Place place;
  std::map<std::string, Expression, std::less<>> arguments;
  std::vector<Step> block;
};

// The step's arguments as values of the types that the table promises: a
// number or null given where text is due is turned into text, a GString that
// gives "5" where an integer is due into 5. Throws invalid
// ("Jenkinsfile:12:5: 'time' of 'timeout' must be an integer, not 'x'").
class ArgumentValues {
 public:
  ArgumentValues(const Step& step, Scope& scope);

  bool has(std::string_view name) const;
  // "" when absent.
  std::string text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  bool flag(std::string_view name) const;
  // Each element as text; empty when absent.
  std::vector<std::string> texts(std::string_view name) const;
  // nullptr when absent.
  const Value* find(std::string_view name) const;

 private:
  std::string step_;
  std::map<std::string, Value, std::less<>> values_;
};

struct EnvironmentEntry {
  std::string name;
  // credentials: `value` gives the credential's id. Secret text sets NAME;
  // user and password NAME=user:password, NAME_USR, NAME_PSW; a file sets
  // NAME to its path. All are masked in the log.
  enum class Kind { value, credentials } kind = Kind::value;
  Expression value;
  Place place;
};

enum class Agent { none, any };

struct BuildDiscarder {
  // Unset: keep. Artifacts may go before their run does.
  std::optional<int> runs_to_keep, days_to_keep;
  std::optional<int> artifact_runs_to_keep, artifact_days_to_keep;
  Place place;
};

// Options of the pipeline, or of one stage (which may have only timeout,
// retry, timestamps and skip_default_checkout). The places of those that are
// set are in `places` under their Jenkinsfile names.
struct Options {
  std::optional<std::chrono::seconds> timeout;
  std::optional<int> retry;  // attempts in all, at least 1
  std::optional<bool> timestamps;
  std::optional<bool> disable_concurrent_builds;
  // With disable_concurrent_builds: a newer run ends the running one.
  std::optional<bool> abort_previous;
  std::optional<BuildDiscarder> build_discarder;
  // Do not check out the commit when an agent is taken.
  std::optional<bool> skip_default_checkout;
  std::optional<bool> skip_stages_after_unstable;
  std::optional<bool> parallels_always_fail_fast;
  std::map<std::string, Place, std::less<>> places;
};

struct Parameter {
  enum class Kind { text_line, text, boolean, choice, password };
  Kind kind = Kind::text_line;  // text_line is Jenkins' `string`
  std::string name;
  std::string description;
  // Of a boolean: "true" or "false". Of a choice: its first.
  std::string default_value;
  std::vector<std::string> choices;
  bool trim = false;  // remove space at both ends of what the user gives
  Place place;
};

// A condition of `when`.
struct Condition {
  enum class Kind {
    branch,
    tag,
    building_tag,
    changeset,
    environment,
    equals,
    expression,
    negation,
    all_of,
    any_of,
  };
  enum class Comparator { glob, equals, regexp };
  Kind kind = Kind::all_of;
  Place place;
  Comparator comparator = Comparator::glob;  // branch, tag, changeset
  std::string pattern;                       // branch, tag, changeset
  bool case_sensitive = true;                // changeset
  std::string name;                          // environment
  bool ignore_case = false;                  // environment
  Expression left, right;  // environment: left; equals: both; expression: left
  std::vector<Condition> children;
};

// What `when` is held against.
struct WhenFacts {
  std::string branch;  // "main"; empty when no branch is built
  std::string tag;     // "v1.0"; empty when no tag is built
  // Unset when the run does not know (its first run of a branch): then a
  // changeset condition is false, as in Jenkins.
  std::optional<std::vector<std::string>> changed_paths;
};
bool holds(const Condition& condition, const WhenFacts& facts, Scope& scope);

// Worst last, as Jenkins orders them.
enum class Result { success, unstable, failure, not_built, aborted };
std::string_view to_string(Result result);  // "SUCCESS"
std::optional<Result> parse_result(std::string_view text);

// In the order in which they run.
enum class PostWhen {
  always,
  changed,
  fixed,
  regression,
  aborted,
  success,
  unsuccessful,
  unstable,
  failure,
  not_built,
  cleanup,
};
std::string_view to_string(PostWhen when);  // "always", "notBuilt"
// Whether it runs after `result`, given the previous finished run of the same
// branch, if there is one.
bool applies(PostWhen when, Result result, std::optional<Result> previous);

struct PostBlock {
  PostWhen when = PostWhen::always;
  std::vector<Step> steps;
  Place place;
};

struct Stage {
  std::string name;
  Place place;
  // Set: the stage asks for an agent of its own (a workspace of its own when
  // the pipeline has one already).
  std::optional<Agent> agent;
  std::vector<EnvironmentEntry> environment;
  Options options;
  // Tested before everything else of the stage.
  std::optional<Condition> when;
  // Exactly one of the three, as `body` says.
  enum class Body { steps, stages, parallel } body = Body::steps;
  std::vector<Step> steps;
  std::vector<Stage> children;  // of `stages` and `parallel`
  bool fail_fast = false;       // of `parallel`
  std::vector<PostBlock> post;  // in the order in which they run
};

struct Pipeline {
  Agent agent = Agent::any;
  Place agent_place;
  std::vector<EnvironmentEntry> environment;
  Options options;
  std::vector<Parameter> parameters;
  std::vector<Stage> stages;
  std::vector<PostBlock> post;  // in the order in which they run
};

// Calls `visit(stage, depth)` for every stage, parents before children, in
// the order written.
template <typename Visit>
void each_stage(const std::vector<Stage>& stages, const Visit& visit,
                int depth = 0) {
  for (const Stage& stage : stages) {
    visit(stage, depth);
    each_stage(stage.children, visit, depth + 1);
  }
}

}  // namespace skerry::ci
