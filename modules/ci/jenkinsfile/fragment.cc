#include "jenkinsfile/fragment.h"

#include <algorithm>

#include "core/text/unicode.h"
#include "jenkinsfile/parser.h"
#include "jenkinsfile/sections.h"

namespace skerry::ci {
namespace {

void read_section(const Node& node, Fragment& out, Faults& faults) {
  if (node.name == "agent") {
    out.agent = read_agent(node, faults);
    out.agent_place = node.place;
  } else if (node.name == "environment") {
    out.environment = read_environment(node, faults);
  } else if (node.name == "options") {
    out.options = read_options(node, OptionsOf::pipeline, faults);
  } else if (node.name == "parameters") {
    out.parameters = read_parameters(node, faults);
  } else if (node.name == "stages") {
    out.stages = read_stages(node, false, faults);
  } else {
    out.post = read_post(node, faults);
  }
}

void read_sections(const Node& pipeline, Fragment& out, Faults& faults) {
  static const std::vector<std::string_view> kSections = {
      "agent", "environment", "options", "parameters", "stages", "post"};
  SeenOnce seen(faults);
  for (const Statement& statement : pipeline.block) {
    const std::string& name = statement.node.name;
    if (!statement.is_call() || std::find(kSections.begin(), kSections.end(),
                                          name) == kSections.end()) {
      report_directive(statement, "'pipeline'", kSections, faults);
      continue;
    }
    if (seen.add(name, statement.place)) {
      read_section(statement.node, out, faults);
    }
  }
}

// What a pipeline says ends in logs and answers, so it must be UTF-8.
void check_encoding(std::string_view text, Origin origin, Faults& faults) {
  if (unicode::is_valid(text)) return;
  Place place{origin, 1, 1};
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!unicode::is_valid(line)) break;
    text.remove_prefix(line.size() + 1);
    ++place.line;
  }
  faults.add(place, "the line is not UTF-8");
}

void report_outside(const Statement& statement, Faults& faults) {
  const std::string& name =
      statement.is_call() ? statement.node.name : statement.name;
  if (name == "node" || name == "stage") {
    faults.add(statement.place,
               "scripted pipelines are not supported; write 'pipeline {{ ... "
               "}}'");
  } else if (name.empty()) {
    faults.add(statement.place, "only 'pipeline {{ ... }}' may stand here");
  } else {
    faults.add(statement.place,
               "'{}' is not supported here; only 'pipeline {{ ... }}' may "
               "stand outside of it",
               name);
  }
}

}  // namespace

Fragment read_fragment(std::string_view text, Origin origin, Faults& faults) {
  Fragment out;
  out.place = {origin, 1, 1};
  if (text.size() > kMaxPipelineBytes) {
    faults.add(out.place, "the file is larger than {} bytes",
               kMaxPipelineBytes);
    return out;
  }
  const std::size_t before = faults.size();
  check_encoding(text, origin, faults);
  if (faults.size() != before) return out;
  const std::vector<Statement> statements = parse_syntax(text, origin, faults);
  if (faults.size() != before) return out;
  bool found = false;
  for (const Statement& statement : statements) {
    if (!statement.is_call() || statement.node.name != "pipeline") {
      report_outside(statement, faults);
    } else if (found) {
      faults.add(statement.place, "there can be only one 'pipeline'");
    } else if (is_plain_section(statement.node, faults)) {
      found = true;
      out.place = statement.place;
      read_sections(statement.node, out, faults);
    }
  }
  if (!found && faults.size() == before) {
    faults.add(out.place, "there is no 'pipeline {{ ... }}' in the file");
  }
  return out;
}

}  // namespace skerry::ci
