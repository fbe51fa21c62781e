#include "gotemplate/frame.h"
#include "gotemplate/lexer.h"

namespace skerry::chart {

bool can_be_nil(Type type) {
  switch (type) {
    case Type::any:
    case Type::value:
    case Type::map:
    case Type::string_map:
    case Type::list:
    case Type::strings:
      return true;
    default:
      return false;
  }
}

bool is_assignable(const Value& value, Type type) {
  switch (type) {
    case Type::any:
    case Type::value:
      return true;
    case Type::boolean:
      return value.kind() == Kind::boolean;
    case Type::integer:
      return value.kind() == Kind::integer;
    case Type::int64:
      return value.kind() == Kind::int64;
    case Type::number:
      return value.kind() == Kind::number;
    case Type::string:
      return value.kind() == Kind::string;
    case Type::map:
      return value.is_map() && value.map_type() != MapType::strings;
    case Type::string_map:
      return value.is_map() && value.map_type() == MapType::strings;
    case Type::list:
      return value.is_list() && value.list().type == ListType::any;
    case Type::strings:
      return value.is_list() && value.list().type == ListType::strings;
    case Type::time:
      return value.kind() == Kind::object &&
             value.object().type_name() == "time.Time";
    case Type::uint32:
      return false;
    case Type::certificate:
      return value.kind() == Kind::object &&
             value.object().type_name() == "sprig.certificate";
  }
  return false;
}

Value Frame::check_type(const Value& value, Type type) {
  if (value.is_nil() && !value.is_boxed()) {
    if (can_be_nil(type)) return {};
    fail(fmt::format("invalid value; expected {}", type_name(type)));
  }
  if (value.is_nil()) {  // a nil interface{}
    if (type == Type::any || type == Type::value) return value;
    fail(fmt::format("wrong type for value; expected {}; got interface {{}}",
                     type_name(type)));
  }
  if (is_assignable(value, type)) return value;
  fail(fmt::format("wrong type for value; expected {}; got {}",
                   type_name(type), type_name(value)));
}

Value Frame::eval_argument(const Value& dot, Type type, const Node& node) {
  at(node);
  switch (node.type) {
    case NodeType::dot:
      return check_type(dot, type);
    case NodeType::nil:
      if (can_be_nil(type)) return {};
      fail(fmt::format("cannot assign nil to {}", type_name(type)));
    case NodeType::field:
      return check_type(eval_field_chain(dot, dot, node, node.names, 0,
                                         nullptr, nullptr),
                        type);
    case NodeType::variable:
      return check_type(eval_variable(dot, node, nullptr, nullptr), type);
    case NodeType::pipeline:
      return check_type(eval_pipeline(dot, node), type);
    case NodeType::identifier:
      return check_type(eval_function(dot, node, node, nullptr, nullptr),
                        type);
    case NodeType::chain:
      return check_type(eval_chain(dot, node, nullptr, nullptr), type);
    default:
      return eval_constant(type, node);
  }
}

// A literal where a parameter of that type stands.
Value Frame::eval_constant(Type type, const Node& node) {
  auto expected = [&](std::string_view what) {
    fail(fmt::format("expected {}; found {}", what, node.to_string()));
  };
  switch (type) {
    case Type::boolean:
      if (node.type != NodeType::boolean) expected("bool");
      return node.constant;
    case Type::string:
      if (node.type != NodeType::string) expected("string");
      return node.constant;
    case Type::integer:
    case Type::int64:
      if (!node.number.is_integer) expected("integer");
      return type == Type::integer ? Value::of_int(node.number.integer)
                                   : Value::of_int64(node.number.integer);
    case Type::uint32:
      if (!node.number.is_unsigned) expected("unsigned integer");
      return Value::of_uint64(
          static_cast<std::uint32_t>(node.number.unsigned_integer));
    case Type::number:
      if (!node.number.is_float) expected("float");
      return Value(node.number.number);
    case Type::any:
    case Type::value:
      if (node.constant.is_nil()) fail(node.text + " overflows int");
      return node.constant;
    default:
      fail(fmt::format("can't handle {} for arg of type {}", node.to_string(),
                       type_name(type)));
  }
}

// "and" and "or" evaluate no more than they need.
Value Frame::eval_and_or(const Value& dot, bool is_or, const Node* command,
                         Final final) {
  Value value;
  std::size_t count = command ? command->children.size() : 1;
  for (std::size_t i = 1; i < count; ++i) {
    value = eval_argument(dot, Type::value, *command->children[i]);
    if (is_true(value) == is_or) return value;
  }
  return final ? *final : value;
}

Value Frame::eval_function(const Value& dot, const Node& identifier,
                           const Node& at_node, const Node* command,
                           Final final) {
  at(identifier);
  const Function& function = *identifier.function;
  const auto& types = function.parameters;
  std::size_t given = command ? command->children.size() - 1 : 0;
  std::size_t count = given + (final ? 1 : 0);
  if (function.is_variadic) {
    if (count < types.size() - 1) {
      fail(fmt::format("wrong number of args for {}: want at least {} got {}",
                       function.name, types.size() - 1, given));
    }
  } else if (count != types.size()) {
    fail(fmt::format("wrong number of args for {}: want {} got {}",
                     function.name, types.size(), count));
  }
  if (types.size() == 2 && function.is_variadic &&
      types[0] == Type::value &&
      (function.name == "and" || function.name == "or")) {
    return eval_and_or(dot, function.name == "or", command, final);
  }
  execution_.charge_steps(1);
  std::vector<Value> arguments;
  arguments.reserve(count);
  for (std::size_t i = 0; i < given; ++i) {
    Type type = types[std::min(i, types.size() - 1)];
    arguments.push_back(eval_argument(dot, type, *command->children[i + 1]));
  }
  if (final) {
    Type type = types[std::min(count - 1, types.size() - 1)];
    arguments.push_back(check_type(*final, type));
  }
  for (auto& argument : arguments) argument = argument.unboxed();
  // Go names the call when it fails, and what was evaluated last when its
  // result does not fit.
  const Node* evaluated_last = node_;
  at(at_node);
  Invocation invocation(execution_, arguments);
  if (execution_.stack_is_low()) {
    execution_.fail_limit("the templates are nested too deep");
  }
  try {
    Value result = function.call(invocation);
    execution_.charge_result(result);
    node_ = evaluated_last;
    return result;
  } catch (const LimitError&) {
    throw;
  } catch (const TemplateError& error) {
    fail_calling(function.name, error);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::too_large) {
      execution_.fail_limit(error.message());
    }
    fail_calling(function.name, TemplateError(error.message(), false));
  }
}

}  // namespace skerry::chart
