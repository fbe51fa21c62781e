// sprig: dictionaries.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, A = Type::any, M = Type::map;

Value dict(In in) {
  Value map = Value::new_map();
  for (std::size_t i = 0; i < in.size(); i += 2) {
    map.set(to_text(in[i]), i + 1 < in.size() ? in[i + 1] : Value(""));
  }
  return map;
}

Value get(In in) {
  if (in[0].is_nil()) return "";
  const Value* found = in[0].find(in.string(1));
  return found ? *found : Value("");
}

Value set(In in) {
  if (in[0].is_nil()) fail_call("assignment to entry in nil map");
  in.execution().charge_bytes(kMemberBytes);
  if (in[2].is_map() || in[2].is_list()) in.execution().changes(in[0]);
  in[0].set(in.string(1), in[2]);
  return in[0];
}

Value unset(In in) {
  if (!in[0].is_nil()) in[0].entries().erase(in.string(1));
  return in[0];
}

Value has_key(In in) {
  return !in[0].is_nil() && in[0].find(in.string(1)) != nullptr;
}

Value pluck(In in) {
  std::vector<Value> found;
  for (auto& map : in.from(1)) {
    const Value* value = map.is_nil() ? nullptr : map.find(in.string(0));
    if (value) found.push_back(*value);
  }
  return Value::new_list(std::move(found));
}

Value keys(In in) {
  std::vector<std::string> names;
  for (auto& map : in.all()) {
    if (map.is_nil()) continue;
    for (auto& [key, value] : map.entries()) names.push_back(key);
  }
  return Value::of_strings(names);
}

Value values(In in) {
  std::vector<Value> all;
  if (!in[0].is_nil()) {
    for (auto& [key, value] : in[0].entries()) all.push_back(value);
  }
  return Value::new_list(std::move(all));
}

Value pick(In in) {
  Value map = Value::new_map();
  for (auto& key : in.from(1)) {
    const Value* value = in[0].is_nil() ? nullptr : in[0].find(key.string());
    if (value) map.set(key.string(), *value);
  }
  return map;
}

Value omit(In in) {
  Value map = Value::new_map();
  if (in[0].is_nil()) return map;
  map.entries() = in[0].entries();
  for (auto& key : in.from(1)) map.entries().erase(key.string());
  return map;
}

// mergo's deepMerge for maps. Nested maps of the source that the destination
// lacks are shared, not copied; lists are replaced.
void merge_into(In in, Value into, Value from, bool overwrite, int depth) {
  if (depth > kMaxValueDepth) {
    fail(ErrorCode::too_large, "dictionaries to merge are nested too deep");
  }
  if (&into.map() == &from.map()) return;
  in.execution().charge_bytes((from.entries().size() + 1) * kMemberBytes);
  // What is merged may hold itself: copies keep alive what is being read.
  for (auto& [key, member] : from.entries()) {
    Value source = member;
    const Value* target = into.find(key);
    bool target_empty = !target || is_empty(*target);
    if (source.is_nil()) {
      if (overwrite) into.set(key, source);
      continue;
    }
    if (source.is_map() && target && target->is_map()) {
      Value below = *target;
      merge_into(in, below, source, overwrite, depth + 1);
      // An empty target that is filled in place stays itself.
      if (!is_empty(below)) continue;
    }
    bool is_list = source.is_list() || source.kind() == Kind::bytes;
    if (is_list && !target_empty) {
      if (overwrite) into.set(key, source);
      continue;
    }
    if (overwrite || target_empty) into.set(key, source);
  }
}

Value merge_all(In in, bool overwrite) {
  if (in[0].is_nil()) return "";
  in.execution().changes(in[0]);
  for (auto& source : in.from(1)) {
    if (!source.is_nil()) merge_into(in, in[0], source, overwrite, 0);
  }
  return in[0];
}

Value merge(In in) { return merge_all(in, false); }
Value merge_overwrite(In in) { return merge_all(in, true); }

Value copy_all(In in) {
  std::uint64_t visited = 0;
  Value copy = deep_copy(in[0], &visited);
  in.execution().charge_bytes(visited * sizeof(Value));
  return copy;
}

Value dig(In in) {
  if (in.size() < 3) fail_call("dig needs at least three arguments");
  Value step = in[in.size() - 1];
  auto wants = [](const Value& value, std::string_view type) {
    fail_call("interface conversion: interface {{}} is {}, not {}",
              value.is_nil() ? "nil" : type_name(value), type);
  };
  if (!step.is_map()) wants(step, "map[string]interface {}");
  std::size_t count = in.size() - 2;
  for (std::size_t i = 0; i < count; ++i) {
    if (!in[i].is_string()) wants(in[i], "string");
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!step.is_map()) wants(step, "map[string]interface {}");
    const Value* found = step.find(in.string(i));
    if (!found) return in[in.size() - 2];
    step = *found;
  }
  return step;
}

}  // namespace

std::span<const Function> dict_functions() {
  static const Function kTable[] = {
      {"dict", {A}, true, dict},
      {"get", {M, S}, false, get},
      {"set", {M, S, A}, false, set},
      {"unset", {M, S}, false, unset},
      {"hasKey", {M, S}, false, has_key},
      {"pluck", {S, M}, true, pluck},
      {"keys", {M}, true, keys},
      {"values", {M}, false, values},
      {"pick", {M, S}, true, pick},
      {"omit", {M, S}, true, omit},
      {"merge", {M, M}, true, merge},
      {"mustMerge", {M, M}, true, merge},
      {"mergeOverwrite", {M, M}, true, merge_overwrite},
      {"mustMergeOverwrite", {M, M}, true, merge_overwrite},
      {"dig", {A}, true, dig},
      {"deepCopy", {A}, false, copy_all},
      {"mustDeepCopy", {A}, false, copy_all},
  };
  return kTable;
}

}  // namespace skerry::chart
