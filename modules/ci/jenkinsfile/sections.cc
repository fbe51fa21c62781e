#include "jenkinsfile/sections.h"

#include <algorithm>
#include <array>

#include "jenkinsfile/convert.h"

namespace skerry::ci {
namespace {

constexpr auto kUnsupportedDirectives = std::to_array<std::string_view>(
    {"triggers", "tools", "libraries", "matrix", "input"});

bool is_text_value(const Expression& e) {
  using Kind = Expression::Kind;
  switch (e.kind) {
    case Kind::literal:
      return e.value.text() != nullptr;
    case Kind::list:
    case Kind::map:
    case Kind::negation:
    case Kind::conjunction:
    case Kind::disjunction:
    case Kind::equal:
    case Kind::not_equal:
      return false;
    case Kind::plus:
      return std::any_of(e.parts.begin(), e.parts.end(), is_text_value);
    default:
      return true;
  }
}

bool is_credentials(const Node& node) {
  return node.kind == Node::Kind::call && node.name == "credentials";
}

std::optional<EnvironmentEntry> read_entry(const Statement& statement,
                                           Faults& faults) {
  if (statement.kind != Statement::Kind::assignment) {
    faults.add(statement.place, "'environment' needs NAME = value");
    return std::nullopt;
  }
  EnvironmentEntry entry;
  entry.name = statement.name;
  entry.place = statement.place;
  if (entry.name.find_first_of(".$") != std::string::npos) {
    faults.add(entry.place, "'{}' cannot be the name of a variable",
               entry.name);
    return std::nullopt;
  }
  const Node* value = &statement.node;
  if (is_credentials(*value)) {
    entry.kind = EnvironmentEntry::Kind::credentials;
    if (value->arguments.size() != 1 || value->has_block ||
        (!value->arguments[0].name.empty() &&
         value->arguments[0].name != "credentialsId")) {
      faults.add(value->place, "credentials() needs the credential's id");
      return std::nullopt;
    }
    value = &value->arguments[0].value;
  }
  const std::size_t before = faults.size();
  entry.value = to_expression(*value, faults);
  if (faults.size() == before && !is_text_value(entry.value)) {
    faults.add(value->place,
               "the value of a variable must be a string or a call, not {}",
               entry.value.is_literal() ? type_name(entry.value.value)
                                        : "a condition or collection");
  }
  return entry;
}

std::optional<PostWhen> parse_post_when(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(PostWhen::cleanup); ++i) {
    const auto when = static_cast<PostWhen>(i);
    if (to_string(when) == name) return when;
  }
  return std::nullopt;
}

std::vector<std::string_view> post_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(PostWhen::cleanup); ++i) {
    names.push_back(to_string(static_cast<PostWhen>(i)));
  }
  return names;
}

}  // namespace

std::optional<Agent> read_agent(const Node& call, Faults& faults) {
  const Node* kind =
      call.arguments.size() == 1 ? &call.arguments[0].value : nullptr;
  if (kind && kind->kind == Node::Kind::name && !call.has_block &&
      call.arguments[0].name.empty()) {
    if (kind->name == "any") return Agent::any;
    if (kind->name == "none") return Agent::none;
  }
  if (call.has_block && call.arguments.empty() && !call.block.empty() &&
      call.block[0].is_call()) {
    faults.add(call.block[0].place,
               "agent '{}' is not supported yet; use 'agent any'",
               call.block[0].node.name);
  } else {
    faults.add(call.place, "'agent' must be 'agent any' or 'agent none'");
  }
  return std::nullopt;
}

std::vector<EnvironmentEntry> read_environment(const Node& section,
                                               Faults& faults) {
  std::vector<EnvironmentEntry> out;
  if (!is_plain_section(section, faults)) return out;
  if (section.block.empty()) {
    faults.add(section.place, "'environment' has no variables");
  }
  SeenOnce seen(faults);
  for (const Statement& statement : section.block) {
    auto entry = read_entry(statement, faults);
    if (!entry || !seen.add(entry->name, entry->place)) continue;
    out.push_back(std::move(*entry));
  }
  return out;
}

std::vector<PostBlock> read_post(const Node& section, Faults& faults) {
  std::vector<PostBlock> out;
  if (!is_plain_section(section, faults)) return out;
  if (section.block.empty()) {
    faults.add(section.place, "'post' has no conditions");
  }
  SeenOnce seen(faults);
  for (const Statement& statement : section.block) {
    const Node& node = statement.node;
    const auto when = statement.is_call() ? parse_post_when(node.name)
                                          : std::optional<PostWhen>();
    if (!when) {
      const std::string name = statement.is_call() ? node.name : statement.name;
      faults.add(statement.place, "'{}' is not a condition of 'post'{}", name,
                 suggestion(name, post_names()));
      continue;
    }
    seen.add(node.name, node.place);
    if (!is_plain_section(node, faults)) continue;
    if (node.block.empty()) {
      faults.add(node.place, "'{}' has no steps", node.name);
    }
    out.push_back({*when, to_steps(node.block, faults), node.place});
  }
  std::stable_sort(
      out.begin(), out.end(),
      [](const PostBlock& a, const PostBlock& b) { return a.when < b.when; });
  return out;
}

void report_directive(const Statement& statement, std::string_view where,
                      const std::vector<std::string_view>& known,
                      Faults& faults) {
  if (statement.kind == Statement::Kind::unsupported) {
    faults.add(statement.place, "'{}' is not supported in {}", statement.name,
               where);
    return;
  }
  if (!statement.is_call()) {
    faults.add(statement.place, "{} cannot hold this; it holds sections",
               where);
    return;
  }
  const std::string& name = statement.node.name;
  if (std::find(kUnsupportedDirectives.begin(), kUnsupportedDirectives.end(),
                name) != kUnsupportedDirectives.end()) {
    faults.add(statement.place, "'{}' is not supported yet", name);
  } else {
    faults.add(statement.place, "'{}' cannot stand in {}{}", name, where,
               suggestion(name, known));
  }
}

bool is_plain_section(const Node& section, Faults& faults) {
  if (section.has_block && section.arguments.empty()) return true;
  faults.add(section.place, "'{0}' needs a block: {0} {{ ... }}", section.name);
  return false;
}

bool SeenOnce::add(const std::string& name, const Place& place) {
  if (names_.insert(name).second) return true;
  faults_.add(place, "'{}' stands here twice", name);
  return false;
}

}  // namespace skerry::ci
