#include <algorithm>

#include "jenkinsfile/argument_reader.h"
#include "jenkinsfile/convert.h"
#include "jenkinsfile/sections.h"

namespace skerry::ci {
namespace {

const std::vector<std::string_view>& directives() {
  static const std::vector<std::string_view> kDirectives = {
      "agent", "environment", "failFast", "options", "parallel",
      "post",  "stages",      "steps",    "when"};
  return kDirectives;
}

class StageReader {
 public:
  StageReader(const Node& call, bool inside_parallel, Faults& faults)
      : call_(call), inside_parallel_(inside_parallel), faults_(faults) {}

  Stage read() {
    out_.name = call_.arguments[0].value.value.text()
                    ? *call_.arguments[0].value.value.text()
                    : "";
    out_.place = call_.place;
    SeenOnce seen(faults_);
    for (const Statement& statement : call_.block) {
      if (!statement.is_call() || !is_known(statement.node.name)) {
        if (statement.is_call() && statement.node.name == "matrix") ++bodies_;
        report_directive(statement, "a stage", directives(), faults_);
        continue;
      }
      seen.add(statement.node.name, statement.place);
      read_directive(statement.node);
    }
    check();
    return std::move(out_);
  }

 private:
  static bool is_known(std::string_view name) {
    return std::find(directives().begin(), directives().end(), name) !=
           directives().end();
  }

  void read_directive(const Node& node) {
    if (node.name == "agent") {
      out_.agent = read_agent(node, faults_);
      agent_ = &node;
    } else if (node.name == "environment") {
      out_.environment = read_environment(node, faults_);
    } else if (node.name == "options") {
      out_.options = read_options(node, OptionsOf::stage, faults_);
    } else if (node.name == "when") {
      out_.when = read_when(node, faults_);
    } else if (node.name == "post") {
      out_.post = read_post(node, faults_);
    } else if (node.name == "failFast") {
      ArgumentReader args(node, "value", faults_);
      out_.fail_fast = args.flag("value").value_or(true);
      args.finish();
      fail_fast_ = &node;
    } else {
      read_body(node);
    }
  }

  void read_body(const Node& node) {
    ++bodies_;
    if (node.name == "steps") {
      out_.body = Stage::Body::steps;
      if (!is_plain_section(node, faults_)) return;
      out_.steps = to_steps(node.block, faults_);
      if (node.block.empty()) faults_.add(node.place, "'steps' is empty");
      return;
    }
    const bool is_parallel = node.name == "parallel";
    out_.body = is_parallel ? Stage::Body::parallel : Stage::Body::stages;
    if (is_parallel && inside_parallel_) {
      faults_.add(node.place,
                  "'parallel' cannot stand below another 'parallel'");
    }
    out_.children = read_stages(node, inside_parallel_ || is_parallel, faults_);
  }

  void check() {
    if (bodies_ == 0) {
      faults_.add(call_.place,
                  "stage '{}' needs 'steps', 'stages' or 'parallel'",
                  out_.name);
    } else if (bodies_ > 1) {
      faults_.add(call_.place,
                  "stage '{}' may have only one of 'steps', 'stages' and "
                  "'parallel'",
                  out_.name);
    }
    const bool is_parallel = bodies_ == 1 && out_.body == Stage::Body::parallel;
    if (agent_ && is_parallel) {
      faults_.add(agent_->place,
                  "a stage with 'parallel' cannot have an 'agent'");
    }
    if (fail_fast_ && !is_parallel) {
      faults_.add(fail_fast_->place,
                  "'failFast' may only stand in a stage with 'parallel'");
    }
  }

  const Node& call_;
  const bool inside_parallel_;
  Faults& faults_;
  Stage out_;
  int bodies_ = 0;
  const Node* agent_ = nullptr;
  const Node* fail_fast_ = nullptr;
};

bool is_stage(const Statement& statement, std::string_view section,
              Faults& faults) {
  constexpr std::size_t kMaxName = 255;
  const Node& call = statement.node;
  if (!statement.is_call() || call.name != "stage") {
    faults.add(statement.place, "'{}' holds stages only", section);
    return false;
  }
  const bool is_named =
      call.arguments.size() == 1 &&
      (call.arguments[0].name.empty() || call.arguments[0].name == "name") &&
      call.arguments[0].value.value.text();
  if (!is_named || call.arguments[0].value.value.text()->empty() ||
      call.arguments[0].value.value.text()->size() > kMaxName) {
    faults.add(call.place,
               "a stage needs a name of 1 to {} bytes: stage('...') {{ ... }}",
               kMaxName);
    return false;
  }
  if (!call.has_block) {
    faults.add(call.place, "stage '{}' needs a block",
               *call.arguments[0].value.value.text());
    return false;
  }
  return true;
}

}  // namespace

std::vector<Stage> read_stages(const Node& section, bool inside_parallel,
                               Faults& faults) {
  std::vector<Stage> out;
  if (!is_plain_section(section, faults)) return out;
  if (section.block.empty()) {
    faults.add(section.place, "'{}' has no stages", section.name);
  }
  std::set<std::string> names;
  for (const Statement& statement : section.block) {
    if (!is_stage(statement, section.name, faults)) continue;
    Stage stage = StageReader(statement.node, inside_parallel, faults).read();
    if (!names.insert(stage.name).second) {
      faults.add(stage.place, "there are two stages '{}' here", stage.name);
    }
    out.push_back(std::move(stage));
  }
  return out;
}

}  // namespace skerry::ci
