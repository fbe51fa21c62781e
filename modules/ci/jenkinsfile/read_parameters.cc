#include <algorithm>

#include "jenkinsfile/argument_reader.h"
#include "jenkinsfile/sections.h"

namespace skerry::ci {
namespace {

using Kind = Parameter::Kind;

std::optional<Kind> parse_kind(std::string_view name) {
  if (name == "string") return Kind::text_line;
  if (name == "text") return Kind::text;
  if (name == "booleanParam") return Kind::boolean;
  if (name == "choice") return Kind::choice;
  if (name == "password") return Kind::password;
  return std::nullopt;
}

bool is_unsupported(std::string_view name) {
  return name == "file" || name == "credentials" || name == "run" ||
         name == "base64File" || name == "stashedFile" ||
         name == "extendedChoice" || name == "gitParameter";
}

// A list, or the lines of a string.
void read_choices(ArgumentReader& args, Parameter& out, Faults& faults) {
  const Node* node = args.find("choices");
  if (node && node->kind == Node::Kind::list) {
    out.choices = args.texts("choices").value_or(std::vector<std::string>());
  } else if (auto text = args.text("choices")) {
    std::string_view rest = *text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      if (end != 0) out.choices.emplace_back(rest.substr(0, end));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  if (out.choices.empty()) {
    faults.add(args.place(), "'choice' needs 'choices'");
  } else {
    out.default_value = out.choices.front();
  }
}

Parameter read_parameter(const Node& call, Kind kind, Faults& faults) {
  ArgumentReader args(call, "", faults);
  Parameter out;
  out.kind = kind;
  out.place = call.place;
  out.name = args.required_text("name");
  out.description = args.text("description").value_or("");
  if (kind == Kind::choice) {
    read_choices(args, out, faults);
  } else if (kind == Kind::boolean) {
    out.default_value =
        args.flag("defaultValue").value_or(false) ? "true" : "false";
  } else {
    out.default_value = args.text("defaultValue").value_or("");
  }
  if (kind == Kind::text_line || kind == Kind::text) {
    out.trim = args.flag("trim").value_or(false);
  }
  args.finish();
  const bool good_name =
      !out.name.empty() &&
      std::all_of(out.name.begin(), out.name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
      });
  if (!good_name && args.find("name")) {
    faults.add(call.place,
               "a parameter's name is made of letters, digits, '_', '-' and "
               "'.', unlike '{}'",
               out.name);
  }
  return out;
}

}  // namespace

std::vector<Parameter> read_parameters(const Node& section, Faults& faults) {
  std::vector<Parameter> out;
  if (!is_plain_section(section, faults)) return out;
  if (section.block.empty()) faults.add(section.place, "'parameters' is empty");
  SeenOnce seen(faults);
  for (const Statement& statement : section.block) {
    const std::string& name = statement.node.name;
    const auto kind =
        statement.is_call() ? parse_kind(name) : std::optional<Kind>();
    if (kind) {
      Parameter parameter = read_parameter(statement.node, *kind, faults);
      if (seen.add(parameter.name, parameter.place)) {
        out.push_back(std::move(parameter));
      }
    } else if (!statement.is_call()) {
      faults.add(statement.place, "a parameter is expected here");
    } else if (is_unsupported(name)) {
      faults.add(statement.place, "the parameter '{}' is not supported yet",
                 name);
    } else {
      faults.add(statement.place, "unknown parameter type '{}'{}", name,
                 suggestion(name, {"string", "text", "booleanParam", "choice",
                                   "password"}));
    }
  }
  return out;
}

}  // namespace skerry::ci
