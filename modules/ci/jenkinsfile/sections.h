// The sections of a pipeline and of a stage, each from its syntax into the
// plan, with all faults reported.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/syntax.h"
#include "plan.h"

namespace skerry::ci {

// agent any | none; nothing after a fault.
std::optional<Agent> read_agent(const Node& call, Faults& faults);

std::vector<EnvironmentEntry> read_environment(const Node& section,
                                               Faults& faults);

enum class OptionsOf { pipeline, stage };
Options read_options(const Node& section, OptionsOf of, Faults& faults);

std::vector<Parameter> read_parameters(const Node& section, Faults& faults);

// The conditions of `when { ... }` as one all_of.
std::optional<Condition> read_when(const Node& section, Faults& faults);

// Sorted into the order in which they run.
std::vector<PostBlock> read_post(const Node& section, Faults& faults);

// The stages of `stages` or `parallel`. `inside_parallel` is true at any depth
// below a parallel.
std::vector<Stage> read_stages(const Node& section, bool inside_parallel,
                               Faults& faults);

// Reports a directive of Jenkins that Skerry has not ("'tools' is not
// supported yet") or one that is unknown, with the nearest of `known`.
void report_directive(const Statement& statement, std::string_view where,
                      const std::vector<std::string_view>& known,
                      Faults& faults);

// Whether the section has a block, and no arguments; reports otherwise.
bool is_plain_section(const Node& section, Faults& faults);

// Reports the second of two sections of the same name.
class SeenOnce {
 public:
  explicit SeenOnce(Faults& faults) : faults_(faults) {}
  // False when `name` was there before.
  bool add(const std::string& name, const Place& place);

 private:
  Faults& faults_;
  std::set<std::string> names_;
};

}  // namespace skerry::ci
