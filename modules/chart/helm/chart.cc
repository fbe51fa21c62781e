#include "helm/chart.h"

#include <algorithm>

namespace skerry::chart {

namespace {

bool is_manifest_name(std::string_view name) {
  std::size_t dot = name.rfind('.');
  if (dot == name.npos) return false;
  std::string extension(name.substr(dot));
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

void collect_crds(const Chart& chart,
                  std::vector<std::pair<std::string, const File*>>& found) {
  for (auto& file : chart.files) {
    if (file.name.starts_with("crds/") && is_manifest_name(file.name)) {
      found.emplace_back(chart.full_path() + "/" + file.name, &file);
    }
  }
  for (auto& dependency : chart.dependencies) {
    collect_crds(*dependency, found);
  }
}

}  // namespace

std::string Chart::full_path() const {
  if (!parent) return name();
  return parent->full_path() + "/charts/" + name();
}

void Chart::add_dependency(std::shared_ptr<Chart> chart) {
  chart->parent = this;
  dependencies.push_back(std::move(chart));
}

const File* Chart::find_raw(std::string_view file) const {
  auto found = std::find_if(raw.begin(), raw.end(),
                            [&](const File& f) { return f.name == file; });
  return found == raw.end() ? nullptr : &*found;
}

std::vector<std::pair<std::string, const File*>> Chart::crds() const {
  std::vector<std::pair<std::string, const File*>> found;
  collect_crds(*this, found);
  return found;
}

}  // namespace skerry::chart
