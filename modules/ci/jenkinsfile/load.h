// From text to plan: parse, check and overlay. Pure functions.
//
//   LoadResult r = load_pipeline({.repository = text});
//   if (!r.ok()) ... r.diagnostics, each with its line and column
//   run(r.pipeline)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan.h"

namespace skerry::ci {

// A text longer than this is refused.
inline constexpr std::size_t kMaxPipelineBytes = 256u << 10;

struct PipelineDiagnostic {
  Place place;
  std::string message;  // "'matrix' is not supported yet"
  // "Jenkinsfile:12:5: 'matrix' is not supported yet"
  std::string to_string() const;
};

struct LoadResult {
  // Complete only when ok().
  Pipeline pipeline;
  // All faults of all texts, by text and place; empty when the plan may run.
  std::vector<PipelineDiagnostic> diagnostics;
  bool ok() const { return diagnostics.empty(); }
  // The diagnostics, one a line.
  std::string message() const;
};

// The repository's Jenkinsfile and the defaults of its project and of the
// system. Defaults have the same form, `pipeline { ... }`, but need not be
// complete: agent, environment, options, parameters, stages and post may
// stand in them, each or none. An empty or absent text overlays nothing.
//
// The rules, lower text over upper (system < project < repository):
//   agent        the lowest one that is written
//   environment  by name; a new name is appended
//   options      by option; each has one value
//   parameters   by name; a new name is appended
//   stages       by the name of a top-level stage: a stage of the same name
//                stands in the place of the upper one, whole (nothing of the
//                upper one is kept); a new name is appended
//   post         by condition, whole
// Every node keeps in its Place which text it came from. After overlaying,
// the whole must be a complete pipeline: an agent and at least one stage.
struct PipelineTexts {
  std::optional<std::string> system;
  std::optional<std::string> project;
  std::string repository;
};
LoadResult load_pipeline(const PipelineTexts& texts);

// One text of defaults by itself: what is wrong with it, for the page that
// edits it.
std::vector<PipelineDiagnostic> check_defaults(std::string_view text,
                                               Origin origin);

}  // namespace skerry::ci
