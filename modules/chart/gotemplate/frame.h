// One template being executed: its variables, its place for errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/exec.h"

namespace skerry::chart {

class Frame {
 public:
  Frame(Execution& execution, const Template& running, std::string& out)
      : execution_(execution), template_(running), out_(out) {}
  void run(const Value& data);
  // What is being executed: "app/templates/x.yaml:3:5: executing ... at <.x>".
  std::string place() const;

 private:
  enum class Flow { normal, leave_loop, next_round };
  struct Variable {
    std::string_view name;
    Value value;
  };
  // Go's missingVal: no value comes down the pipeline.
  using Final = const Value*;

  [[noreturn]] void fail(const std::string& message);
  [[noreturn]] void fail_calling(std::string_view name,
                                 const TemplateError& cause);
  void at(const Node& node) { node_ = &node; }

  Flow walk(const Value& dot, const Node& node);
  Flow walk_list(const Value& dot, const Node& node);
  Flow walk_if_or_with(const Value& dot, const Node& node);
  Flow walk_range(const Value& dot, const Node& node);
  Flow walk_round(const Node& node, const Value& index, const Value& item);
  void walk_template(const Value& dot, const Node& node);
  void print(const Node& node, const Value& value);

  Value eval_pipeline(const Value& dot, const Node& pipe);
  Value eval_command(const Value& dot, const Node& command, Final final);
  Value eval_field_chain(const Value& dot, Value receiver, const Node& node,
                         const std::vector<std::string>& names,
                         std::size_t first, const Node* command, Final final);
  Value eval_field(const Value& dot, const std::string& name, const Node& node,
                   const Node* command, Final final, const Value& receiver);
  Value eval_method(const Value& dot, const std::string& name,
                    const Node& node, const Node* command, Final final,
                    const Value& receiver);
  Value eval_chain(const Value& dot, const Node& chain, const Node* command,
                   Final final);
  Value eval_variable(const Value& dot, const Node& variable,
                      const Node* command, Final final);
  Value eval_function(const Value& dot, const Node& identifier,
                      const Node& at_node, const Node* command, Final final);
  Value eval_and_or(const Value& dot, bool is_or, const Node* command,
                    Final final);
  Value eval_argument(const Value& dot, Type type, const Node& node);
  Value eval_constant(Type type, const Node& node);
  Value check_type(const Value& value, Type type);
  void not_a_function(const Node* command, Final final);

  Value& variable(std::string_view name);
  void pop(std::size_t mark) { variables_.resize(mark); }

  Execution& execution_;
  const Template& template_;
  std::string& out_;
  const Node* node_ = nullptr;
  std::vector<Variable> variables_;
};

// Whether a value may be passed as a parameter of that Go type.
bool is_assignable(const Value& value, Type type);
// Whether nil is a value of that type.
bool can_be_nil(Type type);
// The text without what Go writes for absent values, as Helm prints it.
std::string without_no_value(std::string text);

}  // namespace skerry::chart
