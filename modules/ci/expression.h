// Expression: a value as a Jenkinsfile writes it, evaluated when its step
// runs: literals, "text ${env.X}", a + b, env.X, params.Y, readFile('x'),
// sh(script: 'x', returnStdout: true).trim(), comparisons (for `when`).
//
// Immutable after parsing; evaluate() is as thread-safe as its Scope.
#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value.h"

namespace skerry::ci {

struct Step;

// Which text a node of the plan was written in.
enum class Origin { repository, project, system };

// Where a node of the plan was written. Line and column count from 1; 0 for
// what stands nowhere (a default filled in by the checker).
struct Place {
  Origin origin = Origin::repository;
  int line = 0;
  int column = 0;
  auto operator<=>(const Place&) const = default;
};

// "Jenkinsfile", "project pipeline defaults", "system pipeline defaults".
std::string_view to_string(Origin origin);
// "Jenkinsfile:12:5".
std::string to_string(const Place& place);

struct Expression {
  enum class Kind {
    literal,      // `value`
    text,         // `parts`, each as a string, one after the other (a GString)
    variable,     // `name`: "env.X", "params.Y", "currentBuild.number", "X"
    list,         // `parts`
    map,          // `keys` and `parts`, equally many
    plus,         // parts[0] + parts[1] + ...: strings, integers or lists
    step,         // the value of a step: readFile, fileExists, sh
    method,       // parts[0].name(parts[1], ...): trim, toLowerCase, ...
    negation,     // !parts[0]
    conjunction,  // parts[0] && parts[1] && ...
    disjunction,  // parts[0] || parts[1] || ...
    equal,        // parts[0] == parts[1]
    not_equal,    // parts[0] != parts[1]
    conditional,  // parts[0] ? parts[1] : parts[2]
    elvis,        // parts[0] ?: parts[1]
  };

  Kind kind = Kind::literal;
  Place place;
  Value value;
  std::string name;
  std::vector<std::string> keys;
  std::vector<Expression> parts;
  std::shared_ptr<const Step> step;

  bool is_literal() const { return kind == Kind::literal; }
  static Expression of(Value value, Place place = {});
};

// What a run knows while an expression is evaluated. The run implements it.
class Scope {
 public:
  virtual ~Scope() = default;
  // An environment variable as a step started now would see it.
  virtual std::optional<std::string> environment(
      std::string_view name) const = 0;
  // A parameter of the run: string, or boolean for a booleanParam.
  virtual std::optional<Value> parameter(std::string_view name) const = 0;
  // A property of currentBuild: number, result, currentResult, displayName,
  // fullDisplayName, projectName, duration, durationString.
  virtual std::optional<Value> build(std::string_view property) const = 0;
  // Runs a step inside an expression and gives its value: readFile and
  // sh(returnStdout) text, fileExists a boolean, sh(returnStatus) an integer.
  virtual Value call(const Step& step) = 0;
};

// The properties of currentBuild that an expression may name.
bool is_build_property(std::string_view name);
// Methods of strings that an expression may call: trim, toLowerCase,
// toUpperCase, replace, take, startsWith, endsWith, contains.
bool is_text_method(std::string_view name, std::size_t arguments);

// Throws invalid ("Jenkinsfile:12:5: no such property: X") for an undefined
// plain name or operands of a wrong type. An undefined env.X or params.X is
// null, as in Jenkins.
Value evaluate(const Expression& expression, Scope& scope);
// evaluate() as a string (null gives "null", as in Groovy).
std::string evaluate_text(const Expression& expression, Scope& scope);

}  // namespace skerry::ci
