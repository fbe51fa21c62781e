#include "jenkinsfile/fragment.h"
#include "jenkinsfile/step_table.h"

namespace skerry::ci {
namespace {

// Finds steps that need a workspace where no agent gives one.
class AgentCheck {
 public:
  explicit AgentCheck(Faults& faults) : faults_(faults) {}

  void pipeline(const Pipeline& pipeline) {
    const bool has_agent = pipeline.agent == Agent::any;
    environment(pipeline.environment, has_agent);
    for (const Stage& one : pipeline.stages) stage(one, has_agent);
    post(pipeline.post, has_agent);
  }

 private:
  void stage(const Stage& stage, bool has_agent) {
    if (stage.agent) has_agent = *stage.agent == Agent::any;
    environment(stage.environment, has_agent);
    steps(stage.steps, has_agent);
    for (const Stage& child : stage.children) this->stage(child, has_agent);
    post(stage.post, has_agent);
  }

  void environment(const std::vector<EnvironmentEntry>& entries,
                   bool has_agent) {
    for (const EnvironmentEntry& entry : entries) {
      expression(entry.value, has_agent);
    }
  }

  void post(const std::vector<PostBlock>& blocks, bool has_agent) {
    for (const PostBlock& block : blocks) steps(block.steps, has_agent);
  }

  void steps(const std::vector<Step>& steps, bool has_agent) {
    for (const Step& one : steps) step(one, has_agent);
  }

  void step(const Step& step, bool has_agent) {
    const StepRule* rule = find_step(step.name);
    if (rule && rule->needs_workspace && !has_agent) {
      faults_.add(step.place,
                  "'{}' needs an agent, and there is 'agent none' here",
                  step.name);
    }
    for (const auto& [name, value] : step.arguments) {
      expression(value, has_agent);
    }
    steps(step.block, has_agent);
  }

  void expression(const Expression& expression, bool has_agent) {
    if (expression.step) step(*expression.step, has_agent);
    for (const Expression& part : expression.parts) {
      this->expression(part, has_agent);
    }
  }

  Faults& faults_;
};

}  // namespace

Pipeline check_whole(Fragment whole, Faults& faults) {
  if (!whole.agent) {
    faults.add(whole.place, "'agent' is missing; write 'agent any'");
  }
  if (whole.stages.empty()) faults.add(whole.place, "'stages' is missing");
  Pipeline out;
  out.agent = whole.agent.value_or(Agent::any);
  out.agent_place = whole.agent_place;
  out.environment = std::move(whole.environment);
  out.options = std::move(whole.options);
  out.parameters = std::move(whole.parameters);
  out.stages = std::move(whole.stages);
  out.post = std::move(whole.post);
  AgentCheck(faults).pipeline(out);
  return out;
}

}  // namespace skerry::ci
