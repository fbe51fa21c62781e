#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/text/yaml.h"
#include "gotemplate/error.h"
#include "gotemplate/go_yaml.h"
#include "gotemplate/print.h"
#include "helm/archive.h"
#include "helm/chart.h"
#include "helm/ignore.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

Json read_document(const File& file) {
  auto result = read_yaml(file.data, YamlRead::first_document);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "cannot load {}: error converting YAML to JSON: {}",
         file.name, problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  return documents.empty() ? Json() : std::move(documents[0]);
}

void read_metadata_file(const File& file, Metadata& metadata) {
  Json document = read_document(file);
  try {
    read_metadata(document, metadata);
  } catch (const Error& error) {
    throw error.in("cannot load " + file.name);
  }
}

// Collects the files of a folder that .helmignore leaves.
class Collector {
 public:
  Collector(const Tree& tree, std::string_view root, const IgnoreRules& rules,
            const LoadLimits& limits)
      : tree_(tree), root_(root), rules_(rules), limits_(limits) {}

  std::vector<File> collect() {
    visit_folder(std::string(root_), "", 0);
    return std::move(files_);
  }

 private:
  std::string join(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
  }

  void visit_folder(const std::string& folder, const std::string& relative,
                    int depth) {
    if (depth > 64) {
      fail(ErrorCode::too_large, "chart folder {} is nested too deep", folder);
    }
    for (auto& entry : tree_.list(folder)) {
      std::string path = join(folder, entry.name);
      std::string name = join(relative, entry.name);
      EntryKind kind = entry.kind;
      if (kind == EntryKind::symlink) {
        path = resolve_path(tree_, path);
        auto target = tree_.find(path);
        kind = path.empty() ? EntryKind::folder : target->kind;
      }
      bool is_folder = kind == EntryKind::folder;
      if (rules_.ignores(name, is_folder)) continue;
      if (kind == EntryKind::submodule) {
        fail(ErrorCode::invalid, "cannot load {}: it is a Git submodule", path);
      }
      if (!is_folder && entry.size > limits_.max_file) {
        fail(ErrorCode::too_large,
             "chart file {} is larger than the maximum file size {}",
             quote(entry.name), limits_.max_file);
      }
      if (is_folder) {
        visit_folder(path, name, depth + 1);
      } else {
        add_file(path, name);
      }
    }
  }

  void add_file(const std::string& path, const std::string& name) {
    std::string data = tree_.read(path, limits_.max_file);
    total_ += data.size();
    if (total_ > limits_.max_total || files_.size() >= limits_.max_files) {
      fail(ErrorCode::too_large,
           "chart {} has more than {} files or {} bytes", root_,
           limits_.max_files, limits_.max_total);
    }
    strip_byte_order_mark(data);
    files_.push_back({name, std::move(data)});
  }

  const Tree& tree_;
  std::string_view root_;
  const IgnoreRules& rules_;
  const LoadLimits& limits_;
  std::vector<File> files_;
  std::uint64_t total_ = 0;
};

// Puts a file where it belongs; files of sub-charts go to `charts`.
void sort_file(Chart& chart, File& file, const Log& log,
               std::map<std::string, std::vector<File>>& charts) {
  const std::string& name = file.name;
  if (name == "Chart.yaml") return;
  if (name == "Chart.lock") {
    chart.lock = read_lock(read_document(file), name);
  } else if (name == "values.yaml") {
    try {
      chart.values = read_values(file.data);
    } catch (const Error& error) {
      throw error.in("cannot load values.yaml");
    }
  } else if (name == "values.schema.json") {
    chart.schema = file.data;
  } else if (name == "requirements.yaml" || name == "requirements.lock") {
    bool is_lock = name == "requirements.lock";
    bool is_old = chart.metadata.api_version == "v1";
    if (!is_old) {
      log("INFO", is_lock ? "msg=\"Warning: Dependency locking is handled in "
                            "Chart.lock since apiVersion \\\"v2\\\". We "
                            "recommend migrating to Chart.lock.\""
                          : "msg=\"Warning: Dependencies are handled in "
                            "Chart.yaml since apiVersion \\\"v2\\\". We "
                            "recommend migrating dependencies to "
                            "Chart.yaml.\"");
    }
    if (is_lock) {
      chart.lock = read_lock(read_document(file), name);
    } else {
      read_metadata_file(file, chart.metadata);
    }
    if (is_old) chart.files.push_back(file);
  } else if (name.starts_with("templates/")) {
    chart.templates.push_back(file);
  } else if (name.starts_with("charts/") && !name.ends_with(".prov")) {
    std::string inner = name.substr(7);
    std::string sub = inner.substr(0, inner.find('/'));
    charts[sub].push_back({inner, file.data});
  } else {
    chart.files.push_back(file);
  }
}

// Loads one chart with its sub-charts, which may be archives that hold
// archives: the limits count for all of them together.
class Loader {
 public:
  Loader(const Log& log, const LoadLimits& limits)
      : log_(log), limits_(limits), room_{limits.max_total, limits.max_files} {}

  std::shared_ptr<Chart> load(std::vector<File> files, int depth);
  std::shared_ptr<Chart> load_archive(std::string_view archive, int depth);

 private:
  std::shared_ptr<Chart> load_subchart(const std::string& name,
                                       std::vector<File>& files, int depth);

  const Log& log_;
  const LoadLimits& limits_;
  UnpackRoom room_;
};

std::shared_ptr<Chart> Loader::load_subchart(const std::string& name,
                                             std::vector<File>& files,
                                             int depth) {
  if (name.ends_with(".tgz")) {
    if (files[0].name != name) {
      // A folder with an archive's name.
      fail(ErrorCode::invalid, "expected {}, got {}", name, files[0].name);
    }
    return load_archive(files[0].data, depth);
  }
  std::vector<File> own;
  for (auto& file : files) {
    std::size_t slash = file.name.find('/');
    if (slash == file.name.npos) continue;
    own.push_back({file.name.substr(slash + 1), std::move(file.data)});
  }
  return load(std::move(own), depth);
}

std::shared_ptr<Chart> Loader::load(std::vector<File> files, int depth) {
  if (depth > limits_.max_depth) {
    fail(ErrorCode::too_large, "sub-charts are nested deeper than {}",
         limits_.max_depth);
  }
  auto chart = std::make_shared<Chart>();
  chart->values = Value::new_map();
  bool found = false;
  for (auto& file : files) {
    if (file.name != "Chart.yaml") continue;
    found = true;
    read_metadata_file(file, chart->metadata);
    if (chart->metadata.api_version.empty()) {
      chart->metadata.api_version = "v1";
    }
  }
  std::map<std::string, std::vector<File>> charts;
  for (auto& file : files) sort_file(*chart, file, log_, charts);
  if (!found) fail(ErrorCode::invalid, "Chart.yaml file is missing");
  validate_metadata(chart->metadata);
  for (auto& [name, members] : charts) {
    if (name[0] == '_' || name[0] == '.') continue;
    try {
      chart->add_dependency(load_subchart(name, members, depth + 1));
    } catch (const Error& error) {
      throw error.in(fmt::format("error unpacking subchart {} in {}", name,
                                 chart->name()));
    }
  }
  chart->raw = std::move(files);
  return chart;
}

std::shared_ptr<Chart> Loader::load_archive(std::string_view archive,
                                            int depth) {
  return load(read_chart_archive(archive, limits_, room_), depth);
}

}  // namespace

std::shared_ptr<Chart> load_chart_files(std::vector<File> files,
                                        const Log& log,
                                        const LoadLimits& limits) {
  return Loader(log, limits).load(std::move(files), 0);
}

std::shared_ptr<Chart> load_chart(const Tree& tree, std::string_view folder,
                                  const Log& log, const LoadLimits& limits) {
  std::string root = clean_path(folder);
  std::string ignore_path = root.empty() ? ".helmignore" : root + "/.helmignore";
  auto ignore_file = tree.find(ignore_path);
  IgnoreRules rules(ignore_file ? tree.read(ignore_path, limits.max_file)
                                : std::string());
  return load_chart_files(Collector(tree, root, rules, limits).collect(), log,
                          limits);
}

std::shared_ptr<Chart> load_chart_archive(std::string_view archive,
                                          const Log& log,
                                          const LoadLimits& limits) {
  return Loader(log, limits).load_archive(archive, 0);
}

}  // namespace skerry::chart
