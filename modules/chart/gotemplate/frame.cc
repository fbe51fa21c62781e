#include "gotemplate/frame.h"

#include "gotemplate/lexer.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

// Maps up to this size are copied without counting it.
constexpr std::size_t kSmallMap = 256;

}  // namespace

std::string Frame::place() const {
  return fmt::format("{}: executing {} at <{}>", template_.location(*node_),
                     quote(template_.name), node_->to_string());
}

void Frame::fail(const std::string& message) {
  throw TemplateError(fmt::format("template: {}: {}", place(), message));
}

void Frame::fail_calling(std::string_view name, const TemplateError& cause) {
  throw cause.wrapped(
      fmt::format("template: {}: error calling {}", place(), name), true);
}

void Frame::run(const Value& data) {
  struct Running {
    const Frame*& slot;
    const Frame* outer;
    ~Running() { slot = outer; }
  };
  at(*template_.root);
  Running running{execution_.running_,
                  std::exchange(execution_.running_, this)};
  variables_.push_back({"$", data});
  walk(data, *template_.root);
}

Value& Frame::variable(std::string_view name) {
  for (std::size_t i = variables_.size(); i-- > 0;) {
    if (variables_[i].name == name) return variables_[i].value;
  }
  fail(fmt::format("undefined variable: {}", name));
}

Frame::Flow Frame::walk(const Value& dot, const Node& node) {
  execution_.charge_steps(1);
  at(node);
  switch (node.type) {
    case NodeType::list:
      return walk_list(dot, node);
    case NodeType::text:
      execution_.charge_bytes(node.text.size());
      out_ += node.text;
      return Flow::normal;
    case NodeType::action: {
      Value value = eval_pipeline(dot, *node.pipeline);
      if (node.pipeline->declarations.empty()) print(node, value);
      return Flow::normal;
    }
    case NodeType::if_branch:
    case NodeType::with_branch:
      return walk_if_or_with(dot, node);
    case NodeType::range_branch:
      return walk_range(dot, node);
    case NodeType::template_call:
      walk_template(dot, node);
      return Flow::normal;
    case NodeType::break_loop:
      return Flow::leave_loop;
    case NodeType::continue_loop:
      return Flow::next_round;
    default:
      fail("unknown node: " + node.to_string());
  }
}

Frame::Flow Frame::walk_list(const Value& dot, const Node& node) {
  for (auto& child : node.children) {
    Flow flow = walk(dot, *child);
    if (flow != Flow::normal) return flow;
  }
  return Flow::normal;
}

Frame::Flow Frame::walk_if_or_with(const Value& dot, const Node& node) {
  std::size_t mark = variables_.size();
  Value value = eval_pipeline(dot, *node.pipeline);
  Flow flow = Flow::normal;
  if (is_true(value)) {
    flow = walk(node.type == NodeType::with_branch ? value : dot, *node.body);
  } else if (node.otherwise) {
    flow = walk(dot, *node.otherwise);
  }
  pop(mark);
  return flow;
}

// Sets the loop's variables and walks the body once.
Frame::Flow Frame::walk_round(const Node& node, const Value& index,
                              const Value& item) {
  execution_.charge_steps(1);
  auto& declared = node.pipeline->declarations;
  bool assigns = node.pipeline->is_assignment;
  std::size_t mark = variables_.size();
  if (declared.size() == 1) {
    if (assigns) {
      variable(declared[0]->names[0]) = item;
    } else {
      variables_[mark - 1].value = item;
    }
  } else if (declared.size() > 1) {
    if (assigns) {
      variable(declared[0]->names[0]) = index;
      variable(declared[1]->names[0]) = item;
    } else {
      variables_[mark - 1].value = item;
      variables_[mark - 2].value = index;
    }
  }
  Flow flow = walk(item, *node.body);
  pop(mark);
  return flow;
}

Frame::Flow Frame::walk_range(const Value& dot, const Node& node) {
  std::size_t mark = variables_.size();
  Value value = eval_pipeline(dot, *node.pipeline);
  if (value.kind() == Kind::object) {
    Value collection = value.object().as_collection();
    if (!collection.is_nil()) value = collection;
  }
  bool ran = false, left = false;
  auto round = [&](const Value& index, const Value& item) {
    ran = true;
    left = walk_round(node, index, item) == Flow::leave_loop;
    return !left;
  };
  switch (value.kind()) {
    case Kind::nil:
      break;
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64:
      if (node.pipeline->declarations.size() > 1) {
        fail(fmt::format(
            "can't use {} to iterate over more than one variable",
            format_value(value)));
      }
      for (std::int64_t i = 0; i < value.integer(); ++i) {
        Value item = value.kind() == Kind::integer ? Value::of_int(i)
                                                   : Value::of_int64(i);
        if (!round({}, item)) break;
      }
      break;
    case Kind::bytes:
      for (std::size_t i = 0; i < value.string().size(); ++i) {
        auto byte = static_cast<unsigned char>(value.string()[i]);
        if (!round(Value::of_int(static_cast<std::int64_t>(i)),
                   Value::of_uint64(byte))) {
          break;
        }
      }
      break;
    case Kind::list: {
      bool boxes = value.list().type == ListType::any;
      auto& items = value.items();
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (!round(Value::of_int(static_cast<std::int64_t>(i)),
                   boxes ? items[i].boxed() : items[i])) {
          break;
        }
      }
      break;
    }
    case Kind::map: {
      bool boxes = value.map_type() != MapType::strings;
      // The body may change the map: Go takes its members beforehand.
      if (value.entries().size() > kSmallMap) {
        execution_.charge_bytes(value.entries().size() * kMemberBytes);
      }
      std::vector<std::pair<std::string, Value>> members(
          value.entries().begin(), value.entries().end());
      for (auto& [key, item] : members) {
        if (!round(Value(key), boxes ? item.boxed() : item)) break;
      }
      break;
    }
    default:
      fail("range can't iterate over " + format_value(value));
  }
  Flow flow = Flow::normal;
  if (!ran && node.otherwise) flow = walk(dot, *node.otherwise);
  pop(mark);
  return flow;
}

void Frame::walk_template(const Value& dot, const Node& node) {
  const Template* found = execution_.templates_->find(node.text);
  if (!found) fail(fmt::format("template {} not defined", quote(node.text)));
  // Go counts 100,000 levels; what bounds us is the stack.
  if (execution_.stack_is_low()) {
    fail("exceeded maximum template depth (100000)");
  }
  Value data = node.pipeline ? eval_pipeline(dot, *node.pipeline) : Value();
  Frame frame(execution_, *found, out_);
  frame.run(data);
}

void Frame::print(const Node& node, const Value& value) {
  at(node);
  if (value.is_string()) {
    execution_.charge_bytes(value.string().size());
    out_ += value.string();
    return;
  }
  std::string text =
      value.is_nil() ? std::string("<no value>") : format_value(value);
  execution_.charge_bytes(text.size());
  out_ += text;
}

Value Frame::eval_pipeline(const Value& dot, const Node& pipe) {
  at(pipe);
  Value value;
  Final final = nullptr;
  for (auto& command : pipe.children) {
    value = eval_command(dot, *command, final).unboxed();
    final = &value;
  }
  for (auto& declared : pipe.declarations) {
    if (pipe.is_assignment) {
      variable(declared->names[0]) = value;
    } else {
      variables_.push_back({declared->names[0], value});
    }
  }
  return value;
}

void Frame::not_a_function(const Node* command, Final final) {
  if (command && (command->children.size() > 1 || final)) {
    fail("can't give argument to non-function " +
         command->children[0]->to_string());
  }
}

Value Frame::eval_command(const Value& dot, const Node& command, Final final) {
  const Node& first = *command.children[0];
  switch (first.type) {
    case NodeType::field:
      at(first);
      return eval_field_chain(dot, dot, first, first.names, 0, &command,
                              final);
    case NodeType::chain:
      return eval_chain(dot, first, &command, final);
    case NodeType::identifier:
      return eval_function(dot, first, command, &command, final);
    case NodeType::pipeline:
      not_a_function(&command, final);
      return eval_pipeline(dot, first);
    case NodeType::variable:
      return eval_variable(dot, first, &command, final);
    default:
      break;
  }
  at(first);
  not_a_function(&command, final);
  switch (first.type) {
    case NodeType::boolean:
    case NodeType::string:
      return first.constant;
    case NodeType::dot:
      return dot;
    case NodeType::nil:
      fail("nil is not a command");
    case NodeType::number:
      if (first.constant.is_nil()) fail(first.text + " overflows int");
      return first.constant;
    default:
      fail("can't evaluate command " + quote(first.to_string()));
  }
}

Value Frame::eval_field_chain(const Value& dot, Value receiver,
                              const Node& node,
                              const std::vector<std::string>& names,
                              std::size_t first, const Node* command,
                              Final final) {
  for (std::size_t i = first; i + 1 < names.size(); ++i) {
    receiver = eval_field(dot, names[i], node, nullptr, nullptr, receiver);
  }
  return eval_field(dot, names.back(), node, command, final, receiver);
}

Value Frame::eval_chain(const Value& dot, const Node& chain,
                        const Node* command, Final final) {
  at(chain);
  const Node& of = *chain.children[0];
  Value receiver = of.type == NodeType::pipeline
                       ? (at(of), eval_pipeline(dot, of))
                       : eval_argument(dot, Type::value, of);
  return eval_field_chain(dot, std::move(receiver), chain, chain.names, 0,
                          command, final);
}

Value Frame::eval_variable(const Value& dot, const Node& node,
                           const Node* command, Final final) {
  at(node);
  Value value = variable(node.names[0]);
  if (node.names.size() == 1) {
    not_a_function(command, final);
    return value;
  }
  return eval_field_chain(dot, std::move(value), node, node.names, 1, command,
                          final);
}

Value Frame::eval_field(const Value& dot, const std::string& name,
                        const Node& node, const Node* command, Final final,
                        const Value& receiver) {
  auto type = [&] {
    return receiver.is_boxed() ? "interface {}" : type_name(receiver);
  };
  bool has_arguments = (command && command->children.size() > 1) || final;
  switch (receiver.kind()) {
    case Kind::nil:
      if (!receiver.is_boxed()) return {};
      fail(fmt::format("nil pointer evaluating interface {{}}.{}", name));
    case Kind::map: {
      if (has_arguments) fail(name + " is not a method but has arguments");
      const Value* found = receiver.find(name);
      if (receiver.map_type() == MapType::strings) {
        return found ? *found : Value("");
      }
      return found ? found->boxed() : Value().boxed();
    }
    case Kind::object: {
      if (receiver.object().has_method(name)) {
        return eval_method(dot, name, node, command, final, receiver);
      }
      auto found = receiver.object().field(name);
      if (!found) break;
      if (has_arguments) {
        fail(name + " has arguments but cannot be invoked as function");
      }
      return *found;
    }
    default:
      break;
  }
  fail(fmt::format("can't evaluate field {} in type {}", name, type()));
}

Value Frame::eval_method(const Value& dot, const std::string& name,
                         const Node& node, const Node* command, Final final,
                         const Value& receiver) {
  std::vector<Value> arguments;
  std::size_t given = command ? command->children.size() - 1 : 0;
  std::size_t wanted = receiver.object().method_arguments(name);
  if (given + (final ? 1 : 0) != wanted) {
    fail(fmt::format("wrong number of args for {}: want {} got {}", name,
                     wanted, given + (final ? 1 : 0)));
  }
  Type type = receiver.object().method_argument_type(name);
  for (std::size_t i = 0; i < given; ++i) {
    arguments.push_back(eval_argument(dot, type, *command->children[i + 1]));
  }
  if (final) arguments.push_back(check_type(*final, type));
  Invocation invocation(execution_, arguments);
  try {
    return receiver.object().call(name, invocation);
  } catch (const TemplateError& error) {
    at(node);
    fail_calling(name, error);
  }
}

}  // namespace skerry::chart
