#include "helm/values.h"

#include <vector>

#include "gotemplate/error.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/go_yaml.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

// apimachinery's YAMLReader: documents parted by lines that start with "---"
// and hold nothing else but a comment.
std::vector<std::string_view> split_documents(std::string_view text) {
  std::vector<std::string_view> documents;
  std::size_t start = 0, i = 0;
  while (i < text.size()) {
    std::size_t end = std::min(text.find('\n', i), text.size());
    auto line = text.substr(i, end - i);
    std::size_t next = std::min(end + 1, text.size());
    if (line.starts_with("---")) {
      auto rest = trim_space(line.substr(3));
      bool separates = rest.empty() || rest[0] == '#';
      if (separates && i > start) {
        documents.push_back(text.substr(start, i - start));
        start = next;
      }
    }
    i = next;
  }
  if (start < text.size()) documents.push_back(text.substr(start));
  return documents;
}

std::string joined(const std::string& prefix, const std::string& key) {
  return prefix.empty() ? key : prefix + "." + key;
}

class Coalescer {
 public:
  explicit Coalescer(const Log& log) : log_(log) {}

  void coalesce(const Chart& chart, const Value& into,
                const std::string& prefix, bool keeps_nulls) {
    coalesce_own(chart, into, prefix, keeps_nulls);
    for (auto& sub : chart.dependencies) {
      const Value* found = into.find(sub->name());
      if (!found) {
        into.set(sub->name(), Value::new_map());
      } else if (!found->is_map()) {
        Value given[] = {*found};
        fail(ErrorCode::invalid, "type mismatch on {}: {}", sub->name(),
             sprintf("%t", given));
      }
      Value table = *into.find(sub->name());
      std::string sub_prefix = joined(prefix, chart.name());
      coalesce_globals(table, into, sub_prefix);
      coalesce(*sub, table, sub_prefix, keeps_nulls);
    }
  }

  Value tables(const Value& into, const Value& from, const std::string& prefix,
               bool keeps_nulls) {
    if (from.is_nil()) return into;
    if (into.is_nil()) return from;
    // Nulls of the destination are looked at too, though the source may not
    // have their keys.
    Map::Entries source = from.entries();
    for (auto& [key, value] : into.entries()) {
      if (value.is_nil()) source.insert_or_assign(key, Value());
    }
    for (auto& [key, value] : source) {
      const Value* target = into.find(key);
      const Value* original = from.find(key);
      bool had_default = original && !original->is_nil();
      std::string full = joined(prefix, key);
      if (!target) {
        into.set(key, value);
      } else if (!keeps_nulls && target->is_nil() && had_default) {
        into.entries().erase(key);
      } else if (value.is_map()) {
        if (target->is_map()) {
          tables(*target, value, full, keeps_nulls);
        } else {
          warn(fmt::format(
              "warning: cannot overwrite table with non table for {} ({})",
              full, format_value(value)));
        }
      } else if (target->is_map() && !value.is_nil()) {
        warn(fmt::format(
            "warning: destination for {} is a table. Ignoring non-table value "
            "({})",
            full, format_value(value)));
      }
    }
    return into;
  }

 private:
  void warn(const std::string& text) { log_("INFO", "msg=" + quote(text)); }

  void coalesce_own(const Chart& chart, const Value& into,
                    const std::string& prefix, bool keeps_nulls) {
    std::string own_prefix = joined(prefix, chart.name());
    Value defaults = deep_copy(chart.values);
    if (defaults.is_nil()) return;
    for (auto& [key, value] : defaults.entries()) {
      const Value* given = into.find(key);
      if (!given) {
        into.set(key, value);
      } else if (given->is_nil() && !keeps_nulls) {
        into.entries().erase(key);
      } else if (given->is_map()) {
        if (value.is_map()) {
          bool keeps = keeps_nulls || is_subchart(chart, key);
          tables(*given, value, joined(own_prefix, key), keeps);
        } else if (!value.is_nil()) {
          warn(fmt::format("warning: skipped value for {}.{}: Not a table.",
                           own_prefix, key));
        }
      }
    }
  }

  static bool is_subchart(const Chart& chart, std::string_view name) {
    for (auto& sub : chart.dependencies) {
      if (sub->name() == name) return true;
    }
    return false;
  }

  // Brings the parent's globals into a sub-chart's values.
  void coalesce_globals(const Value& into, const Value& from,
                        const std::string& prefix) {
    const Value* target = into.find("global");
    const Value* source = from.find("global");
    if (target && !target->is_map()) {
      return warn(
          "warning: skipping globals because destination global is not a "
          "table.");
    }
    if (source && !source->is_map()) {
      return warn(
          "warning: skipping globals because source global is not a table.");
    }
    Value globals = target ? *target : Value::new_map();
    if (source) merge_globals(globals, *source, prefix);
    into.set("global", globals);
  }

  void merge_globals(const Value& into, const Value& from,
                     const std::string& prefix) {
    for (auto& [key, value] : from.entries()) {
      const Value* target = into.find(key);
      if (!value.is_map()) {
        if (target && target->is_map()) {
          warn("key " + key + " is table. Skipping");
        } else {
          into.set(key, value);
        }
        continue;
      }
      Value copy = Value::new_map();
      copy.entries() = value.entries();
      if (!target) {
        into.set(key, copy);
      } else if (!target->is_map()) {
        warn(fmt::format(
            "Conflict: cannot merge map onto non-map for {}. Skipping.",
            quote(key)));
      } else {
        // The parent's globals win.
        tables(copy, *target, joined(prefix, key), true);
        into.set(key, copy);
      }
    }
  }

  const Log& log_;
};

}  // namespace

Value read_values(std::string_view text) {
  Value values = Value::new_map();
  for (auto document : split_documents(text)) {
    try {
      Value read = read_yaml_map(document);
      if (!read.is_nil()) values = merge_values(values, read);
    } catch (const Error& error) {
      throw error.in("cannot unmarshal yaml document");
    }
  }
  return values;
}

Value merge_values(const Value& base, const Value& over) {
  Value merged = Value::new_map();
  merged.entries() = base.entries();
  for (auto& [key, value] : over.entries()) {
    const Value* below = merged.find(key);
    bool merges = value.is_map() && below && below->is_map();
    merged.set(key, merges ? merge_values(*below, value) : value);
  }
  return merged;
}

Value coalesce_values(const Chart& chart, const Value& given, bool keeps_nulls,
                      const Log& log) {
  Value values = given.is_nil() ? Value::new_map() : deep_copy(given);
  Coalescer(log).coalesce(chart, values, "", keeps_nulls);
  return values;
}

Value coalesce_tables(const Value& into, const Value& from, bool keeps_nulls,
                      const Log& log) {
  return Coalescer(log).tables(into, from, "", keeps_nulls);
}

Value find_table(const Value& values, std::string_view path,
                 std::string* missing) {
  Value table = values;
  for (auto& part : go_split(path, ".", -1)) {
    const Value* found = table.find(part);
    if (!found || !found->is_map()) {
      if (missing) *missing = fmt::format("{} is not a table", quote(part));
      return {};
    }
    table = *found;
  }
  return table;
}

const Value* find_scalar(const Value& values, std::string_view path) {
  std::size_t dot = path.rfind('.');
  Value table = values;
  if (dot != path.npos) table = find_table(values, path.substr(0, dot));
  if (table.is_nil()) return nullptr;
  const Value* found = table.find(path.substr(dot + 1));
  return found && !found->is_map() ? found : nullptr;
}

}  // namespace skerry::chart
