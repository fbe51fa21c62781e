#include "world.h"

#include "core/error.h"
#include "helm/capabilities.h"
#include "helm/engine.h"
#include "helm/values.h"

namespace skerry::chart {

std::unique_ptr<Tree> make_tree(const Files& files) {
  std::vector<std::pair<std::string, MemoryFile>> entries;
  for (auto& [name, content] : files) entries.push_back({name, {content}});
  return make_memory_tree(std::move(entries));
}

Files chart_files(Files files) {
  files.push_back(
      {"Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.2.3\n"});
  return files;
}

Log no_log() {
  return [](std::string_view, std::string_view) {};
}

std::string run_template(const std::string& body, const std::string& values) {
  Chart chart;
  chart.metadata.name = "app";
  chart.metadata.version = "1.2.3";
  chart.values = Value::new_map();
  chart.templates = {{"templates/x.yaml", body}};
  RenderScope scope;
  scope.values = read_values(values);
  scope.release = Value::new_map();
  scope.release.set("Name", "rel");
  scope.capabilities =
      make_capabilities(default_kube_version(), default_api_versions());
  Environment environment{[] { return 1'577'836'800'123; },
                          [](std::size_t n) { return std::string(n, '\7'); },
                          false,
                          no_log()};
  return render_templates(chart, scope, environment, {})
      .at("app/templates/x.yaml");
}

std::string template_error(const std::string& body,
                           const std::string& values) {
  try {
    run_template(body, values);
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

std::string render_text(const Files& files, const RenderOptions& options) {
  std::string out;
  for (auto& manifest : render(*make_tree(files), "", options).manifests) {
    out += "# " + manifest.source + "\n" + manifest.text + "\n";
  }
  return out;
}

std::string render_error(const Files& files, const RenderOptions& options) {
  try {
    render(*make_tree(files), "", options);
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace skerry::chart
