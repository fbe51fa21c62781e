#include "dependency/status.h"

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/text/semver.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

// Names in charts/, sorted.
std::vector<std::string> names_in(const fs::path& charts) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto& item : fs::directory_iterator(charts, error)) {
    std::string name = item.path().filename().native();
    names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

// "" when the version is one that is wished for.
std::string version_problem(const std::string& version,
                            const Dependency& wish) {
  if (version == wish.version) return "";
  auto parsed = SemVer::parse(version, false);
  if (!parsed) return "invalid version";
  try {
    return semver_satisfies(*parsed, wish.version) ? "" : "wrong version";
  } catch (const Error&) {
    return "invalid version";
  }
}

std::string archive_status(const std::string& file, const Dependency& wish,
                           const ChartLoad& load) {
  std::shared_ptr<Chart> chart;
  try {
    chart = load(file);
  } catch (const Error&) {
    return "corrupt";
  }
  if (chart->name() != wish.name) return "misnamed";
  auto problem = version_problem(chart->metadata.version, wish);
  return problem.empty() ? "ok" : problem;
}

// The archives that may be this dependency's.
std::vector<std::string> archives_of(const fs::path& charts,
                                     const Dependency& wish) {
  std::vector<std::string> found;
  for (auto& name : names_in(charts)) {
    if (name.starts_with(wish.name + "-") && name.ends_with(".tgz")) {
      found.push_back(name);
    }
  }
  if (found.size() <= 1) return found;
  // Those with another name that begins alike have no version there.
  std::erase_if(found, [&](const std::string& name) {
    std::string version = name.substr(wish.name.size() + 1);
    version.resize(version.size() - 4);
    return !SemVer::parse(version).has_value();
  });
  return found;
}

}  // namespace

std::string dependency_status(const std::string& chart_path,
                              const Dependency& wish, const Chart& chart,
                              const ChartLoad& load) {
  fs::path charts = fs::path(chart_path) / "charts";
  auto archives = archives_of(charts, wish);
  if (archives.size() > 1) return "too many matches";
  if (archives.size() == 1) {
    return archive_status((charts / archives[0]).native(), wish, load);
  }
  const Chart* found = nullptr;
  for (auto& sub : chart.dependencies) {
    if (sub->name() == wish.name) found = sub.get();
  }
  if (!found) return "missing";
  auto problem = version_problem(found->metadata.version, wish);
  return problem.empty() ? "unpacked" : problem;
}

std::vector<std::string> undeclared_charts(
    const std::string& chart_path, const std::vector<Dependency>& wished,
    const ChartLoad& load) {
  std::vector<std::string> lines;
  fs::path charts = (fs::path(chart_path) / "charts").lexically_normal();
  for (auto& name : names_in(charts)) {
    std::string file = (charts / name).native();
    if (!fs::is_directory(file) && !name.ends_with(".tgz")) continue;
    try {
      auto chart = load(file);
      bool is_declared = std::any_of(
          wished.begin(), wished.end(),
          [&](auto& wish) { return wish.name == chart->name(); });
      if (!is_declared) {
        lines.push_back(fmt::format("WARNING: {} is not in Chart.yaml.",
                                    quote(file)));
      }
    } catch (const Error&) {
      lines.push_back(fmt::format("WARNING: {} is not a chart.", quote(file)));
    }
  }
  return lines;
}

}  // namespace skerry::chart
