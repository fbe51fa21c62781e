#include <algorithm>
#include <array>

#include "jenkinsfile/argument_reader.h"
#include "core/text/number.h"
#include "jenkinsfile/sections.h"

namespace skerry::ci {
namespace {

constexpr auto kUnsupported =
    std::to_array<std::string_view>({"ansiColor",
                                     "authorizationMatrix",
                                     "catchError",
                                     "checkoutToSubdirectory",
                                     "disableRestartFromStage",
                                     "disableResume",
                                     "durabilityHint",
                                     "gitLabConnection",
                                     "githubProjectProperty",
                                     "lock",
                                     "newContainerPerStage",
                                     "overrideIndexTriggers",
                                     "preserveStashes",
                                     "quietPeriod",
                                     "rateLimitBuilds",
                                     "throttle",
                                     "throttleJobProperty",
                                     "warnError",
                                     "withCredentials",
                                     "withEnv"});

constexpr auto kPipelineOptions = std::to_array<std::string_view>(
    {"timeout", "retry", "timestamps", "skipDefaultCheckout",
     "disableConcurrentBuilds", "buildDiscarder", "skipStagesAfterUnstable",
     "parallelsAlwaysFailFast"});
constexpr std::size_t kStageOptions = 4;  // the first of them

std::optional<std::chrono::seconds> read_timeout(ArgumentReader& args,
                                                 Faults& faults) {
  struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
  };
  static constexpr std::array<Unit, 7> kUnits = {{
      {"NANOSECONDS", 1},
      {"MICROSECONDS", 1'000},
      {"MILLISECONDS", 1'000'000},
      {"SECONDS", 1'000'000'000},
      {"MINUTES", 60'000'000'000},
      {"HOURS", 3'600'000'000'000},
      {"DAYS", 86'400'000'000'000},
  }};
  const auto time = args.integer("time");
  const std::string unit = args.text("unit").value_or("MINUTES");
  const auto activity = args.flag("activity");
  if (activity.value_or(false)) {
    faults.add(args.place(), "'activity' of 'timeout' is not supported yet");
  }
  if (!time) {
    if (!args.find("time")) {
      faults.add(args.place(), "'timeout' needs the argument 'time'");
    }
    return std::nullopt;
  }
  const auto* found =
      std::find_if(kUnits.begin(), kUnits.end(),
                   [&](const Unit& u) { return u.name == unit; });
  if (found == kUnits.end()) {
    faults.add(args.place(), "'{}' is not a unit of time", unit);
    return std::nullopt;
  }
  std::int64_t total = 0;
  if (*time < 1 || __builtin_mul_overflow(*time, found->nanoseconds, &total)) {
    faults.add(args.place(), "'timeout' must be between 1 {} and 292 years",
               unit);
    return std::nullopt;
  }
  return std::max(std::chrono::seconds(1),
                  std::chrono::seconds(total / 1'000'000'000));
}

// A number in a string, as logRotator wants it; "" and "-1" mean keep.
std::optional<int> read_count(ArgumentReader& args, std::string_view name,
                              Faults& faults) {
  const auto text = args.text(name);
  if (!text || text->empty() || *text == "-1") return std::nullopt;
  const auto count = parse_number<int>(*text);
  if (count && *count > 0) return count;
  faults.add(args.place(), "'{}' must be a positive number in quotes, not '{}'",
             name, *text);
  return std::nullopt;
}

std::optional<BuildDiscarder> read_discarder(const Node& call, Faults& faults) {
  const Node* rotator =
      call.arguments.size() == 1 ? &call.arguments[0].value : nullptr;
  if (!rotator || rotator->kind != Node::Kind::call ||
      rotator->name != "logRotator") {
    faults.add(call.place,
               "'buildDiscarder' needs logRotator(numToKeepStr: '...')");
    return std::nullopt;
  }
  ArgumentReader args(*rotator, "", faults);
  BuildDiscarder out;
  out.place = call.place;
  out.runs_to_keep = read_count(args, "numToKeepStr", faults);
  out.days_to_keep = read_count(args, "daysToKeepStr", faults);
  out.artifact_runs_to_keep = read_count(args, "artifactNumToKeepStr", faults);
  out.artifact_days_to_keep = read_count(args, "artifactDaysToKeepStr", faults);
  args.finish();
  return out;
}

void read_option(const Node& call, Options& out, Faults& faults) {
  if (call.name == "buildDiscarder") {
    out.build_discarder = read_discarder(call, faults);
    return;
  }
  if (call.name == "timeout") {
    ArgumentReader args(call, "time", faults);
    out.timeout = read_timeout(args, faults);
    args.finish();
  } else if (call.name == "retry") {
    ArgumentReader args(call, "count", faults);
    const auto count = args.integer("count");
    if (!count && !args.find("count")) {
      faults.add(call.place, "'retry' needs a count");
    } else if (count && (*count < 1 || *count > 1000)) {
      faults.add(call.place, "'retry' must be between 1 and 1000");
    } else if (count) {
      out.retry = static_cast<int>(*count);
    }
    args.finish();
  } else if (call.name == "skipDefaultCheckout") {
    ArgumentReader args(call, "value", faults);
    out.skip_default_checkout = args.flag("value").value_or(true);
    args.finish();
  } else if (call.name == "disableConcurrentBuilds") {
    ArgumentReader args(call, "", faults);
    out.disable_concurrent_builds = true;
    out.abort_previous = args.flag("abortPrevious").value_or(false);
    args.finish();
  } else {
    ArgumentReader(call, "", faults).finish();
    if (call.name == "timestamps") out.timestamps = true;
    if (call.name == "skipStagesAfterUnstable") {
      out.skip_stages_after_unstable = true;
    }
    if (call.name == "parallelsAlwaysFailFast") {
      out.parallels_always_fail_fast = true;
    }
  }
}

}  // namespace

Options read_options(const Node& section, OptionsOf of, Faults& faults) {
  Options out;
  if (!is_plain_section(section, faults)) return out;
  if (section.block.empty()) faults.add(section.place, "'options' is empty");
  const auto* end = of == OptionsOf::stage
                        ? kPipelineOptions.begin() + kStageOptions
                        : kPipelineOptions.end();
  SeenOnce seen(faults);
  for (const Statement& statement : section.block) {
    const std::string& name = statement.node.name;
    if (!statement.is_call()) {
      faults.add(statement.place, "an option is expected here");
    } else if (std::find(kPipelineOptions.begin(), end, name) != end) {
      if (statement.node.has_block) {
        faults.add(statement.place, "the option '{}' takes no block", name);
      }
      if (!seen.add(name, statement.place)) continue;
      out.places.emplace(name, statement.place);
      read_option(statement.node, out, faults);
    } else if (std::find(end, kPipelineOptions.end(), name) !=
               kPipelineOptions.end()) {
      faults.add(statement.place, "'{}' is an option of the whole pipeline",
                 name);
    } else if (std::find(kUnsupported.begin(), kUnsupported.end(), name) !=
               kUnsupported.end()) {
      faults.add(statement.place, "the option '{}' is not supported yet", name);
    } else {
      faults.add(statement.place, "unknown option '{}'{}", name,
                 suggestion(name, {kPipelineOptions.begin(), end}));
    }
  }
  return out;
}

}  // namespace skerry::ci
