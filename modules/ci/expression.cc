#include "expression.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/error.h"

namespace skerry::ci {
namespace {

struct TextMethod {
  std::string_view name;
  std::size_t arguments;
};
constexpr std::array kTextMethods = {
    TextMethod{"trim", 0},        TextMethod{"toLowerCase", 0},
    TextMethod{"toUpperCase", 0}, TextMethod{"replace", 2},
    TextMethod{"take", 1},        TextMethod{"startsWith", 1},
    TextMethod{"endsWith", 1},    TextMethod{"contains", 1},
};

constexpr std::array<std::string_view, 8> kBuildProperties = {
    "number",          "result",      "currentResult", "displayName",
    "fullDisplayName", "projectName", "duration",      "durationString"};

[[noreturn]] void fail_at(const Place& place, std::string_view message) {
  fail(ErrorCode::invalid, "{}: {}", to_string(place), message);
}

Value lookup(const Expression& e, Scope& scope) {
  const std::string_view name = e.name;
  if (name.starts_with("env.")) {
    auto found = scope.environment(name.substr(4));
    return found ? Value(std::move(*found)) : Value();
  }
  if (name.starts_with("params.")) {
    return scope.parameter(name.substr(7)).value_or(Value());
  }
  if (name.starts_with("currentBuild.")) {
    return scope.build(name.substr(13)).value_or(Value());
  }
  if (auto found = scope.environment(name)) return Value(std::move(*found));
  if (auto found = scope.parameter(name)) return std::move(*found);
  fail_at(e.place, fmt::format("no such property: {}", name));
}

// As Java's String.trim: everything up to and including space.
std::string trim(std::string_view text) {
  const auto blank = [](char c) {
    return static_cast<unsigned char>(c) <= ' ';
  };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string map_ascii(std::string text, int (*convert)(int)) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) c = static_cast<char>(convert(byte));
  }
  return text;
}

std::string replace_all(std::string_view text, std::string_view from,
                        std::string_view to) {
  if (from.empty()) return std::string(text);
  std::string out;
  while (true) {
    const std::size_t at = text.find(from);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += to;
    text.remove_prefix(at + from.size());
  }
}

// The first `count` characters, not bytes.
std::string take(std::string_view text, std::int64_t count) {
  std::size_t end = 0;
  while (count > 0 && end < text.size()) {
    ++end;
    while (end < text.size() &&
           (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
      ++end;
    }
    --count;
  }
  return std::string(text.substr(0, end));
}

Value call_method(const Expression& e, Scope& scope) {
  const Value target = evaluate(e.parts.front(), scope);
  if (!target.text()) {
    fail_at(e.place, fmt::format("'{}()' needs a string, not {}", e.name,
                                 type_name(target)));
  }
  const std::string& text = *target.text();
  std::vector<Value> args;
  for (std::size_t i = 1; i < e.parts.size(); ++i) {
    args.push_back(evaluate(e.parts[i], scope));
  }
  if (e.name == "trim") return trim(text);
  if (e.name == "toLowerCase") return map_ascii(text, std::tolower);
  if (e.name == "toUpperCase") return map_ascii(text, std::toupper);
  if (e.name == "take") {
    if (!args[0].integer()) fail_at(e.place, "'take()' needs an integer");
    return take(text, *args[0].integer());
  }
  const std::string first = to_string(args[0]);
  if (e.name == "startsWith") return text.starts_with(first);
  if (e.name == "endsWith") return text.ends_with(first);
  if (e.name == "contains") return text.find(first) != std::string::npos;
  if (e.name == "replace") return replace_all(text, first, to_string(args[1]));
  fail(ErrorCode::internal, "unknown method {}", e.name);
}

Value add(const Place& place, const Value& left, const Value& right) {
  if (left.text() || right.text()) return to_string(left) + to_string(right);
  if (left.integer() && right.integer()) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(*left.integer(), *right.integer(), &sum)) {
      fail_at(place, "the sum is too large");
    }
    return sum;
  }
  if (left.list() && right.list()) {
    ValueList joined = *left.list();
    joined.insert(joined.end(), right.list()->begin(), right.list()->end());
    return joined;
  }
  fail_at(place, fmt::format("{} and {} cannot be added", type_name(left),
                             type_name(right)));
}

Value sum(const Expression& e, Scope& scope) {
  Value total = evaluate(e.parts.front(), scope);
  for (std::size_t i = 1; i < e.parts.size(); ++i) {
    total = add(e.place, total, evaluate(e.parts[i], scope));
  }
  return total;
}

bool all_true(const Expression& e, Scope& scope) {
  return std::all_of(e.parts.begin(), e.parts.end(), [&](const Expression& p) {
    return is_true(evaluate(p, scope));
  });
}

bool any_true(const Expression& e, Scope& scope) {
  return std::any_of(e.parts.begin(), e.parts.end(), [&](const Expression& p) {
    return is_true(evaluate(p, scope));
  });
}

Value collect(const Expression& e, Scope& scope) {
  if (e.kind == Expression::Kind::list) {
    ValueList list;
    for (const Expression& part : e.parts)
      list.push_back(evaluate(part, scope));
    return list;
  }
  ValueMap map;
  for (std::size_t i = 0; i < e.parts.size(); ++i) {
    map.emplace_back(e.keys[i], evaluate(e.parts[i], scope));
  }
  return map;
}

}  // namespace

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::repository:
      return "Jenkinsfile";
    case Origin::project:
      return "project pipeline defaults";
    case Origin::system:
      return "system pipeline defaults";
  }
  return "";
}

std::string to_string(const Place& place) {
  return fmt::format("{}:{}:{}", to_string(place.origin), place.line,
                     place.column);
}

Expression Expression::of(Value value, Place place) {
  Expression e;
  e.place = place;
  e.value = std::move(value);
  return e;
}

bool is_build_property(std::string_view name) {
  return std::find(kBuildProperties.begin(), kBuildProperties.end(), name) !=
         kBuildProperties.end();
}

bool is_text_method(std::string_view name, std::size_t arguments) {
  return std::any_of(kTextMethods.begin(), kTextMethods.end(),
                     [&](const TextMethod& m) {
                       return m.name == name && m.arguments == arguments;
                     });
}

Value evaluate(const Expression& e, Scope& scope) {
  using Kind = Expression::Kind;
  const auto part = [&](std::size_t i) { return evaluate(e.parts[i], scope); };
  switch (e.kind) {
    case Kind::literal:
      return e.value;
    case Kind::text: {
      std::string text;
      for (const Expression& p : e.parts) text += evaluate_text(p, scope);
      return text;
    }
    case Kind::variable:
      return lookup(e, scope);
    case Kind::list:
    case Kind::map:
      return collect(e, scope);
    case Kind::plus:
      return sum(e, scope);
    case Kind::step:
      return scope.call(*e.step);
    case Kind::method:
      return call_method(e, scope);
    case Kind::negation:
      return !is_true(part(0));
    case Kind::conjunction:
      return all_true(e, scope);
    case Kind::disjunction:
      return any_true(e, scope);
    case Kind::equal:
      return part(0) == part(1);
    case Kind::not_equal:
      return !(part(0) == part(1));
    case Kind::conditional:
      return is_true(part(0)) ? part(1) : part(2);
    case Kind::elvis: {
      Value value = part(0);
      return is_true(value) ? value : part(1);
    }
  }
  fail(ErrorCode::internal, "unknown kind of expression");
}

std::string evaluate_text(const Expression& expression, Scope& scope) {
  return to_string(evaluate(expression, scope));
}

}  // namespace skerry::ci
