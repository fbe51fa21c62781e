#include "jenkinsfile/argument_reader.h"

#include <algorithm>

namespace skerry::ci {

ArgumentReader::ArgumentReader(const Node& call, std::string_view unnamed,
                               Faults& faults)
    : call_(call), unnamed_(unnamed), faults_(faults) {}

const Node* ArgumentReader::find(std::string_view name) {
  asked_.push_back(name);
  const Node* found = nullptr;
  for (const Argument& argument : call_.arguments) {
    if ((argument.name.empty() ? unnamed_ : argument.name) != name) continue;
    if (found) {
      faults_.add(argument.place, "'{}' is given twice", name);
    }
    found = &argument.value;
  }
  return found;
}

std::optional<Value> ArgumentReader::value(std::string_view name,
                                           std::string_view type) {
  const Node* node = find(name);
  if (!node) return std::nullopt;
  if (node->kind == Node::Kind::literal) return node->value;
  wrong_type(*node, name, type);
  return std::nullopt;
}

void ArgumentReader::wrong_type(const Node& node, std::string_view name,
                                std::string_view type) {
  const std::string what = call_.name.empty() ? "" : " of '" + call_.name + "'";
  faults_.add(node.place, "'{}'{} must be {}, written out", name, what, type);
}

std::optional<std::string> ArgumentReader::text(std::string_view name) {
  auto found = value(name, "a string");
  if (!found) return std::nullopt;
  if (found->text()) return *found->text();
  wrong_type(*find(name), name, "a string");
  return std::nullopt;
}

std::optional<std::int64_t> ArgumentReader::integer(std::string_view name) {
  auto found = value(name, "an integer");
  if (!found) return std::nullopt;
  if (found->integer()) return *found->integer();
  wrong_type(*find(name), name, "an integer");
  return std::nullopt;
}

std::optional<bool> ArgumentReader::flag(std::string_view name) {
  auto found = value(name, "true or false");
  if (!found) return std::nullopt;
  if (found->flag()) return *found->flag();
  wrong_type(*find(name), name, "true or false");
  return std::nullopt;
}

std::optional<std::vector<std::string>> ArgumentReader::texts(
    std::string_view name) {
  const Node* node = find(name);
  if (!node) return std::nullopt;
  std::vector<std::string> out;
  bool good = node->kind == Node::Kind::list;
  for (const Node& child : node->children) {
    if (child.kind == Node::Kind::literal && child.value.text()) {
      out.push_back(*child.value.text());
    } else {
      good = false;
    }
  }
  if (good) return out;
  wrong_type(*node, name, "a list of strings");
  return std::nullopt;
}

std::string ArgumentReader::required_text(std::string_view name) {
  auto found = text(name);
  if (!found && !find(name)) {
    faults_.add(call_.place, "'{}' needs the argument '{}'", call_.name, name);
  }
  return found.value_or("");
}

void ArgumentReader::finish() {
  std::sort(asked_.begin(), asked_.end());
  asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
  for (const Argument& argument : call_.arguments) {
    const std::string_view name =
        argument.name.empty() ? unnamed_ : std::string_view(argument.name);
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    if (name.empty()) {
      faults_.add(argument.place, "'{}' takes no argument without a name",
                  call_.name);
    } else {
      faults_.add(argument.place, "'{}' has no argument '{}'{}", call_.name,
                  name, suggestion(name, asked_));
    }
  }
}

}  // namespace skerry::ci
