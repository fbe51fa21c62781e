#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "jenkinsfile/argument_reader.h"
#include "jenkinsfile/convert.h"
#include "jenkinsfile/sections.h"

namespace skerry::ci {
namespace {

using Kind = Condition::Kind;
using Comparator = Condition::Comparator;

struct Name {
  std::string_view name;
  Kind kind;
};
constexpr std::array<Name, 10> kNames = {{
    {"branch", Kind::branch},
    {"tag", Kind::tag},
    {"buildingTag", Kind::building_tag},
    {"changeset", Kind::changeset},
    {"environment", Kind::environment},
    {"equals", Kind::equals},
    {"expression", Kind::expression},
    {"not", Kind::negation},
    {"allOf", Kind::all_of},
    {"anyOf", Kind::any_of},
}};
constexpr auto kUnsupported = std::to_array<std::string_view>(
    {"changeRequest", "changelog", "triggeredBy", "isRestartedRun"});

std::vector<Condition> read_conditions(const Node& section, Faults& faults);

void read_pattern(const Node& call, Condition& out, Faults& faults) {
  ArgumentReader args(call, "pattern", faults);
  out.pattern = args.required_text("pattern");
  if (const auto name = args.text("comparator")) {
    if (*name == "EQUALS") {
      out.comparator = Comparator::equals;
    } else if (*name == "REGEXP") {
      out.comparator = Comparator::regexp;
    } else if (*name != "GLOB") {
      faults.add(call.place,
                 "'comparator' must be one of GLOB, EQUALS, REGEXP, not '{}'",
                 *name);
    }
  }
  if (out.kind == Kind::changeset) {
    out.case_sensitive = args.flag("caseSensitive").value_or(false);
  }
  args.finish();
  if (out.comparator == Comparator::regexp) {
    const RE2 pattern(out.pattern, RE2::Quiet);
    if (!pattern.ok()) {
      faults.add(call.place, "the regular expression cannot be read: {}",
                 pattern.error());
    }
  }
}

std::optional<Expression> read_value(ArgumentReader& args,
                                     std::string_view name, Faults& faults) {
  if (const Node* node = args.find(name)) return to_expression(*node, faults);
  faults.add(args.place(), "the argument '{}' is missing", name);
  return std::nullopt;
}

void read_values(const Node& call, Condition& out, Faults& faults) {
  ArgumentReader args(call, "", faults);
  if (out.kind == Kind::environment) {
    out.name = args.required_text("name");
    if (auto value = read_value(args, "value", faults)) out.left = *value;
    out.ignore_case = args.flag("ignoreCase").value_or(false);
  } else {
    if (auto value = read_value(args, "expected", faults)) out.left = *value;
    if (auto value = read_value(args, "actual", faults)) out.right = *value;
  }
  args.finish();
}

void read_expression(const Node& call, Condition& out, Faults& faults) {
  const bool is_one = call.has_block && call.arguments.empty() &&
                      call.block.size() == 1 &&
                      (call.block[0].kind == Statement::Kind::expression ||
                       call.block[0].kind == Statement::Kind::result);
  if (!is_one) {
    faults.add(call.place,
               "'expression' must hold one expression; statements of Groovy "
               "are not supported");
    return;
  }
  out.left = to_expression(call.block[0].node, faults);
}

void read_children(const Node& call, Condition& out, Faults& faults) {
  if (!is_plain_section(call, faults)) return;
  out.children = read_conditions(call, faults);
  if (call.block.empty()) {
    faults.add(call.place, "'{}' has no condition", call.name);
  } else if (out.kind == Kind::negation && call.block.size() != 1) {
    faults.add(call.place, "'not' needs exactly one condition");
  }
}

std::optional<Condition> read_condition(const Statement& statement,
                                        Faults& faults) {
  if (!statement.is_call()) {
    faults.add(statement.place, "a condition is expected here");
    return std::nullopt;
  }
  const Node& call = statement.node;
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(),
                   [&](const Name& n) { return n.name == call.name; });
  if (found == kNames.end()) {
    if (std::find(kUnsupported.begin(), kUnsupported.end(), call.name) !=
        kUnsupported.end()) {
      faults.add(call.place, "the condition '{}' is not supported yet",
                 call.name);
    } else {
      std::vector<std::string_view> names;
      for (const Name& n : kNames) names.push_back(n.name);
      faults.add(call.place, "unknown condition '{}'{}", call.name,
                 suggestion(call.name, names));
    }
    return std::nullopt;
  }
  Condition out;
  out.kind = found->kind;
  out.place = call.place;
  switch (out.kind) {
    case Kind::branch:
    case Kind::tag:
    case Kind::changeset:
      read_pattern(call, out, faults);
      break;
    case Kind::building_tag:
      ArgumentReader(call, "", faults).finish();
      break;
    case Kind::environment:
    case Kind::equals:
      read_values(call, out, faults);
      break;
    case Kind::expression:
      read_expression(call, out, faults);
      break;
    case Kind::negation:
    case Kind::all_of:
    case Kind::any_of:
      read_children(call, out, faults);
      break;
  }
  return out;
}

std::vector<Condition> read_conditions(const Node& section, Faults& faults) {
  std::vector<Condition> out;
  for (const Statement& statement : section.block) {
    if (auto condition = read_condition(statement, faults)) {
      out.push_back(std::move(*condition));
    }
  }
  return out;
}

// `when` is tested before everything else of a stage, which is what they ask
// for; asking for the opposite is only the default written out.
bool is_ordering(const Statement& statement, Faults& faults) {
  const Node& call = statement.node;
  if (!statement.is_call() ||
      (call.name != "beforeAgent" && call.name != "beforeOptions" &&
       call.name != "beforeInput")) {
    return false;
  }
  ArgumentReader args(call, "value", faults);
  if (!args.flag("value")) {
    faults.add(call.place, "'{}' needs true or false", call.name);
  }
  args.finish();
  return true;
}

}  // namespace

std::optional<Condition> read_when(const Node& section, Faults& faults) {
  if (!is_plain_section(section, faults)) return std::nullopt;
  Node conditions = section;
  std::erase_if(conditions.block, [&](const Statement& statement) {
    return is_ordering(statement, faults);
  });
  Condition all;
  all.kind = Kind::all_of;
  all.place = section.place;
  all.children = read_conditions(conditions, faults);
  if (conditions.block.empty()) {
    faults.add(section.place, "'when' has no condition");
  }
  return all;
}

}  // namespace skerry::ci
