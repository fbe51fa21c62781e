#include "helm/engine.h"

#include <algorithm>

#include "gotemplate/frame.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/parser.h"
#include "helm/engine_error.h"
#include "helm/files_object.h"
#include "helm/template_cache.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

struct Renderable {
  const std::string* text;
  Value scope;
  std::string base_path;
};

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

// path.Join(chart, name): template names are clean already.
using Renderables = std::map<std::string, Renderable>;

Value collect(const Chart& chart, const Value& parent_scope,
              const Value& values, Renderables& found) {
  Value metadata = metadata_as_map(chart.metadata);
  metadata.set("IsRoot", chart.is_root());
  Value subcharts = Value::new_map();
  Value scope = Value::new_map();
  scope.set("Chart", metadata);
  scope.set("Files", make_files(chart.files));
  scope.set("Release", *parent_scope.find("Release"));
  scope.set("Capabilities", *parent_scope.find("Capabilities"));
  scope.set("Values", values);
  scope.set("Subcharts", subcharts);
  for (auto& sub : chart.dependencies) {
    Value table = find_table(values, sub->name());
    if (table.is_nil()) table = Value::new_map();
    subcharts.set(sub->name(), collect(*sub, scope,
                                       table.as_map_type(MapType::values),
                                       found));
  }
  std::string root = chart.full_path();
  for (auto& file : chart.templates) {
    if (chart.is_library() && !base_name(file.name).starts_with('_')) continue;
    found.insert_or_assign(root + "/" + file.name,
                           Renderable{&file.data, scope, root + "/templates"});
  }
  return scope;
}

// Deepest paths first, then backwards by name: a parent's definitions come
// last and win.
std::vector<std::string> sorted_names(const Renderables& renderables) {
  std::vector<std::pair<long, std::string>> keyed;
  for (auto& [name, renderable] : renderables) {
    keyed.emplace_back(std::count(name.begin(), name.end(), '/'), name);
  }
  std::sort(keyed.rbegin(), keyed.rend());
  std::vector<std::string> names;
  for (auto& [depth, name] : keyed) names.push_back(std::move(name));
  return names;
}

}  // namespace

std::map<std::string, std::string> render_templates(
    const Chart& chart, const RenderScope& scope,
    const Environment& environment, const ExecutionLimits& limits) {
  Value top = Value::new_map();
  top.set("Release", scope.release);
  top.set("Capabilities", scope.capabilities);
  Renderables renderables;
  collect(chart, top, scope.values.as_map_type(MapType::values), renderables);
  auto names = sorted_names(renderables);

  const FunctionTable& functions = helm_functions();
  TemplateSet set;
  for (auto& name : names) {
    try {
      const std::string& text = *renderables[name].text;
      if (scope.parsed) {
        for (auto& made : *scope.parsed->parse(name, text, functions)) {
          set.add(made);
        }
      } else {
        for (auto& made : parse_template(name, text, functions)) set.add(made);
      }
    } catch (const TemplateError& error) {
      throw explain_parse_error(name, error);
    }
  }

  std::map<std::string, std::string> outputs;
  run_on_deep_stack([&] {
    Execution execution(functions, set, environment, limits);
    for (auto& name : names) {
      if (base_name(name).starts_with('_')) continue;
      Renderable& renderable = renderables[name];
      Value about = Value::new_map(MapType::values);
      about.set("Name", name);
      about.set("BasePath", renderable.base_path);
      renderable.scope.set("Template", about);
      std::string out;
      try {
        execution.execute(name, renderable.scope.as_map_type(MapType::values),
                          out);
      } catch (const TemplateError& error) {
        throw explain_execution_error(name, error);
      }
      outputs[name] = without_no_value(std::move(out));
    }
  });
  return outputs;
}

}  // namespace skerry::chart
