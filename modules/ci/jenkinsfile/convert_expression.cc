#include <array>

#include "jenkinsfile/convert.h"

namespace skerry::ci {
namespace {

Expression make(Expression::Kind kind, const Node& node) {
  Expression e;
  e.kind = kind;
  e.place = node.place;
  e.name = node.name;
  return e;
}

void add_parts(Expression& e, const std::vector<Node>& nodes, Faults& faults) {
  for (const Node& node : nodes) e.parts.push_back(to_expression(node, faults));
}

Expression convert_name(const Node& node, Faults& faults) {
  const std::string_view name = node.name;
  const std::size_t dot = name.find('.');
  const std::string_view first = name.substr(0, dot);
  const bool is_object =
      first == "env" || first == "params" || first == "currentBuild";
  if (dot == std::string_view::npos) {
    if (is_object || name == "scm") {
      faults.add(node.place, "'{}' is not a value", name);
    }
    return make(Expression::Kind::variable, node);
  }
  const std::string_view rest = name.substr(dot + 1);
  if (!is_object || rest.find('.') != std::string_view::npos) {
    faults.add(node.place,
               "'{}' is not supported; env.NAME, params.NAME and "
               "currentBuild.NAME are",
               name);
  } else if (first == "currentBuild" && !is_build_property(rest)) {
    faults.add(node.place, "'{}' is not supported yet", name);
  }
  return make(Expression::Kind::variable, node);
}

Expression convert_map(const Node& node, Faults& faults) {
  Expression e = make(Expression::Kind::map, node);
  e.keys = node.keys;
  add_parts(e, node.children, faults);
  return e;
}

bool is_literally_true(const Step& step, std::string_view argument) {
  const auto found = step.arguments.find(argument);
  return found != step.arguments.end() && found->second.is_literal() &&
         is_true(found->second.value);
}

Expression convert_call(const Node& node, Faults& faults) {
  Expression e = make(Expression::Kind::step, node);
  const StepRule* rule = find_step(node.name);
  if (node.name == "credentials") {
    faults.add(node.place,
               "credentials() may only be the whole value of a variable in "
               "'environment'");
    return e;
  }
  if (!rule) {
    if (is_unsupported_step(node.name)) {
      faults.add(node.place, "'{}' is not supported yet", node.name);
    } else {
      faults.add(node.place, "unknown function '{}'", node.name);
    }
    return e;
  }
  if (!rule->gives_value) {
    faults.add(node.place, "'{}' gives no value", node.name);
    return e;
  }
  auto step = std::make_shared<Step>();
  step->name = node.name;
  step->place = node.place;
  step->arguments = bind_arguments(node, *rule, faults);
  if (node.name == "sh" && !is_literally_true(*step, "returnStdout") &&
      !is_literally_true(*step, "returnStatus")) {
    faults.add(node.place,
               "'sh' gives a value only with returnStdout: true or "
               "returnStatus: true");
  }
  e.step = std::move(step);
  return e;
}

Expression convert_method(const Node& node, Faults& faults) {
  Expression e = make(Expression::Kind::method, node);
  if (!is_text_method(node.name, node.arguments.size()) || node.has_block) {
    faults.add(node.place,
               "the method '{}' with {} argument{} is not supported", node.name,
               node.arguments.size(), node.arguments.size() == 1 ? "" : "s");
    return e;
  }
  add_parts(e, node.children, faults);
  for (const Argument& argument : node.arguments) {
    if (!argument.name.empty()) {
      faults.add(argument.place, "'{}' takes no named arguments", node.name);
    }
    e.parts.push_back(to_expression(argument.value, faults));
  }
  return e;
}

Expression convert_operation(const Node& node, Faults& faults) {
  using Kind = Expression::Kind;
  struct Sign {
    std::string_view name;
    Kind kind;
  };
  static constexpr std::array kSigns = {
      Sign{"+", Kind::plus},         Sign{"!", Kind::negation},
      Sign{"&&", Kind::conjunction}, Sign{"||", Kind::disjunction},
      Sign{"==", Kind::equal},       Sign{"!=", Kind::not_equal},
      Sign{"?", Kind::conditional},  Sign{"?:", Kind::elvis}};
  Expression e = make(Kind::plus, node);
  for (const Sign& sign : kSigns) {
    if (sign.name == node.name) e.kind = sign.kind;
  }
  add_parts(e, node.children, faults);
  return e;
}

}  // namespace

Expression to_expression(const Node& node, Faults& faults) {
  switch (node.kind) {
    case Node::Kind::literal:
      return Expression::of(node.value, node.place);
    case Node::Kind::text: {
      Expression e = make(Expression::Kind::text, node);
      add_parts(e, node.children, faults);
      return e;
    }
    case Node::Kind::name:
      return convert_name(node, faults);
    case Node::Kind::list: {
      Expression e = make(Expression::Kind::list, node);
      add_parts(e, node.children, faults);
      return e;
    }
    case Node::Kind::map:
      return convert_map(node, faults);
    case Node::Kind::call:
      return convert_call(node, faults);
    case Node::Kind::method:
      return convert_method(node, faults);
    case Node::Kind::operation:
      return convert_operation(node, faults);
    case Node::Kind::block:
      faults.add(node.place, "a block cannot be a value");
      break;
  }
  return {};
}

}  // namespace skerry::ci
