// One text's part of a pipeline, before the texts are laid over each other.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "plan.h"

namespace skerry::ci {

struct Fragment {
  Place place;  // of `pipeline`
  std::optional<Agent> agent;
  Place agent_place;
  std::vector<EnvironmentEntry> environment;
  Options options;
  std::vector<Parameter> parameters;
  std::vector<Stage> stages;
  std::vector<PostBlock> post;
};

// Parses and checks one text by itself; what only the whole can tell (is
// there an agent?) is left to check_whole().
Fragment read_fragment(std::string_view text, Origin origin, Faults& faults);

// `lower` over `upper`, by the rules of load.h.
Fragment overlay(Fragment upper, Fragment lower);

// Makes the pipeline of the overlaid texts, reporting what is missing in it
// and steps that need an agent where there is none.
Pipeline check_whole(Fragment whole, Faults& faults);

}  // namespace skerry::ci
