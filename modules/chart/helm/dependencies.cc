#include "helm/dependencies.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/text/semver.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/print.h"
#include "helm/log.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

void apply_tags(std::vector<Dependency>& dependencies, const Value& values,
                const Log& log) {
  Value tags = find_table(values, "tags");
  if (tags.is_nil()) return;
  for (auto& dependency : dependencies) {
    bool has_true = false, has_false = false;
    for (auto& tag : dependency.tags) {
      const Value* value = tags.find(tag);
      if (!value) continue;
      if (value->kind() != Kind::boolean) {
        log("WARN", fmt::format("msg=\"returned non-bool value\" tag={} "
                                "chart={}",
                                log_value(tag), log_value(dependency.name)));
        continue;
      }
      (value->boolean() ? has_true : has_false) = true;
    }
    dependency.enabled = has_true || !has_false;
  }
}

void apply_conditions(std::vector<Dependency>& dependencies,
                      const Value& values, const std::string& path,
                      const Log& log) {
  for (auto& dependency : dependencies) {
    std::string condition(trim_space(dependency.condition));
    for (auto& part : go_split(condition, ",", -1)) {
      if (part.empty()) continue;
      const Value* value = find_scalar(values, path + part);
      if (!value) continue;
      if (value->kind() == Kind::boolean) {
        dependency.enabled = value->boolean();
        break;
      }
      log("WARN", fmt::format("msg=\"returned non-bool value\" path={} "
                              "chart={}",
                              log_value(part), log_value(dependency.name)));
    }
  }
}

// A copy of a chart with its own list of sub-charts, so that two aliases of it
// do not disturb each other.
std::shared_ptr<Chart> copy_chart(const Chart& chart) {
  auto copy = std::make_shared<Chart>();
  copy->metadata = chart.metadata;
  copy->values = chart.values;
  copy->templates = chart.templates;
  copy->files = chart.files;
  copy->schema = chart.schema;
  for (auto& sub : chart.dependencies) copy->add_dependency(copy_chart(*sub));
  return copy;
}

std::shared_ptr<Chart> find_for(
    const std::vector<std::shared_ptr<Chart>>& charts,
    const Dependency& dependency) {
  for (auto& chart : charts) {
    if (chart->name() != dependency.name ||
        !is_compatible(dependency.version, chart->metadata.version)) {
      continue;
    }
    auto copy = copy_chart(*chart);
    if (!dependency.alias.empty()) copy->metadata.name = dependency.alias;
    return copy;
  }
  return nullptr;
}

// Charts that Chart.yaml does not speak of, then one for each of its entries.
std::vector<std::shared_ptr<Chart>> resolve_aliases(Chart& chart) {
  std::vector<std::shared_ptr<Chart>> resolved;
  auto& wanted = chart.metadata.dependencies;
  for (auto& existing : chart.dependencies) {
    bool listed = std::any_of(
        wanted.begin(), wanted.end(), [&](const Dependency& dependency) {
          return existing->name() == dependency.name &&
                 is_compatible(dependency.version, existing->metadata.version);
        });
    if (!listed) resolved.push_back(existing);
  }
  for (auto& dependency : wanted) {
    if (auto found = find_for(chart.dependencies, dependency)) {
      resolved.push_back(std::move(found));
    }
    if (!dependency.alias.empty()) dependency.name = dependency.alias;
  }
  return resolved;
}

void enable(Chart& chart, const Value& values, const std::string& path,
            const Log& log) {
  auto& wanted = chart.metadata.dependencies;
  if (wanted.empty()) return;
  auto resolved = resolve_aliases(chart);
  chart.dependencies.clear();
  for (auto& sub : resolved) chart.add_dependency(std::move(sub));
  for (auto& dependency : wanted) dependency.enabled = true;
  Value coalesced = coalesce_values(chart, values, false, log);
  apply_tags(wanted, coalesced, log);
  apply_conditions(wanted, coalesced, path, log);
  std::set<std::string> removed;
  for (auto& dependency : wanted) {
    if (!dependency.enabled) removed.insert(dependency.name);
  }
  std::erase_if(chart.dependencies, [&](const std::shared_ptr<Chart>& sub) {
    return removed.contains(sub->name());
  });
  std::erase_if(wanted, [&](const Dependency& dependency) {
    return removed.contains(dependency.name);
  });
  for (auto& sub : chart.dependencies) {
    enable(*sub, coalesced, path + sub->name() + ".", log);
  }
}

Value at_path(const std::string& path, const Value& value) {
  if (path == ".") return value;
  auto parts = go_split(path, ".", -1);
  Value nested = value;
  for (std::size_t i = parts.size(); i-- > 0;) {
    Value outer = Value::new_map();
    outer.set(parts[i], nested);
    nested = outer;
  }
  return nested;
}

void import_into(Chart& chart, const Log& log) {
  auto& wanted = chart.metadata.dependencies;
  if (wanted.empty()) return;
  Value values = coalesce_values(chart, {}, true, log);
  Value imported = Value::new_map();
  for (auto& dependency : wanted) {
    for (auto& entry : dependency.import_values) {
      std::string child, parent = ".";
      bool is_map = entry.is_map();
      if (is_map) {
        auto text = [&](std::string_view key) {
          const Value* value = entry.find(key);
          return value ? to_text(*value) : std::string("<nil>");
        };
        child = text("child");
        parent = text("parent");
      } else if (entry.is_string()) {
        child = "exports." + entry.string();
      } else {
        continue;
      }
      std::string missing;
      Value table =
          find_table(values, dependency.name + "." + child, &missing);
      if (table.is_nil()) {
        log("WARN", is_map ? fmt::format("msg=\"ImportValues missing table "
                                         "from chart\" chart={} error={}",
                                         log_value(dependency.name),
                                         log_value(missing))
                           : fmt::format("msg=\"ImportValues missing table\" "
                                         "error={}",
                                         log_value(missing)));
        continue;
      }
      imported = coalesce_tables(imported, at_path(parent, table), true, log);
    }
  }
  // The parent's own values win over what it imports.
  chart.values = coalesce_tables(deep_copy(values), imported, true, log);
}

void import_values(Chart& chart, const Log& log) {
  for (auto& sub : chart.dependencies) import_values(*sub, log);
  import_into(chart, log);
}

}  // namespace

bool is_compatible(const std::string& constraint, const std::string& version) {
  auto parsed = SemVer::parse(version, false);
  if (!parsed) return false;
  try {
    return semver_satisfies(*parsed, constraint);
  } catch (const Error&) {
    return false;
  }
}

void check_dependencies(const Chart& chart) {
  std::string missing;
  for (auto& dependency : chart.metadata.dependencies) {
    bool found = std::any_of(
        chart.dependencies.begin(), chart.dependencies.end(),
        [&](auto& sub) { return sub->name() == dependency.name; });
    if (found) continue;
    if (!missing.empty()) missing += ", ";
    missing += dependency.name;
  }
  if (missing.empty()) return;
  fail(ErrorCode::invalid,
       "an error occurred while checking for chart dependencies. You may need "
       "to run `helm dependency build` to fetch missing dependencies: found in "
       "Chart.yaml, but missing in charts/ directory: {}",
       missing);
}

void process_dependencies(Chart& chart, const Value& values, const Log& log) {
  try {
    enable(chart, values, "", log);
    import_values(chart, log);
  } catch (const Error& error) {
    log("ERROR", "msg=\"chart dependencies processing failed\" error=" +
                     log_value(error.message()));
    throw error.in("chart dependencies processing failed");
  }
}

}  // namespace skerry::chart
