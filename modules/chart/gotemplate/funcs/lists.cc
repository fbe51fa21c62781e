// sprig: lists. The "must" forms differ in sprig only in how they fail.
#include <algorithm>
#include <cmath>

#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type I = Type::integer, A = Type::any;

std::vector<Value> charged(In in, std::vector<Value> items) {
  in.execution().charge_steps(items.size() / 8 + 1);
  return items;
}

Value push(In in) {
  auto items = charged(in, items_of(in[0], "Cannot push on type"));
  items.push_back(in[1]);
  return Value::new_list(std::move(items));
}

Value prepend(In in) {
  auto items = charged(in, items_of(in[0], "Cannot prepend on type"));
  items.insert(items.begin(), in[1]);
  return Value::new_list(std::move(items));
}

Value first(In in) {
  auto items = items_of(in[0], "Cannot find first on type");
  return items.empty() ? Value() : items.front();
}

Value last(In in) {
  auto items = items_of(in[0], "Cannot find last on type");
  return items.empty() ? Value() : items.back();
}

Value rest(In in) {
  auto items = charged(in, items_of(in[0], "Cannot find rest on type"));
  if (!items.empty()) items.erase(items.begin());
  return Value::new_list(std::move(items));
}

Value initial(In in) {
  auto items = charged(in, items_of(in[0], "Cannot find initial on type"));
  if (!items.empty()) items.pop_back();
  return Value::new_list(std::move(items));
}

Value reverse(In in) {
  auto items = charged(in, items_of(in[0], "Cannot find reverse on type"));
  std::reverse(items.begin(), items.end());
  return Value::new_list(std::move(items));
}

Value compact(In in) {
  auto items = charged(in, items_of(in[0], "Cannot compact on type"));
  std::erase_if(items, [](const Value& item) { return is_empty(item); });
  return Value::new_list(std::move(items));
}

bool contains(In in, std::span<const Value> items, const Value& wanted) {
  std::uint64_t visited = 0;
  bool found = std::any_of(items.begin(), items.end(), [&](auto& item) {
    return deep_equal(wanted, item, &visited);
  });
  in.execution().charge_steps(visited / 8);
  return found;
}

Value uniq(In in) {
  std::vector<Value> unique;
  for (auto& item : items_of(in[0], "Cannot find uniq on type")) {
    if (!contains(in, unique, item)) unique.push_back(item);
  }
  return Value::new_list(std::move(unique));
}

Value without(In in) {
  std::vector<Value> kept;
  for (auto& item : items_of(in[0], "Cannot find without on type")) {
    if (!contains(in, in.from(1), item)) kept.push_back(item);
  }
  return Value::new_list(std::move(kept));
}

Value has(In in) {
  if (in[1].is_nil()) return false;
  auto items = items_of(in[1], "Cannot find has on type");
  return contains(in, items, in[0]);
}

Value slice(In in) {
  auto items = items_of(in[0], "list should be type of slice or array but");
  if (items.empty()) return {};
  auto size = static_cast<std::int64_t>(items.size());
  std::int64_t start = in.size() > 1 ? to_int64(in[1]) : 0;
  std::int64_t end = in.size() > 2 ? to_int64(in[2]) : size;
  if (start < 0 || end < start || end > size) {
    fail_call("reflect.Value.Slice: slice index out of bounds");
  }
  ListType type = in[0].is_list() ? in[0].list().type : ListType::any;
  return Value::new_list(
      std::vector<Value>(items.begin() + start, items.begin() + end), type);
}

Value concat(In in) {
  std::vector<Value> all;
  for (auto& list : in.all()) {
    if (!list.is_nil() && kind_name(list) != "slice") {
      fail_call("Cannot concat type {} as list", kind_name(list));
    }
    auto items = items_of(list, "");
    in.execution().charge_bytes(items.size() * sizeof(Value));
    all.insert(all.end(), items.begin(), items.end());
  }
  return Value::new_list(std::move(all));
}

Value chunk(In in) {
  auto items = items_of(in[1], "Cannot chunk type");
  std::int64_t size = in.integer(0);
  if (size == 0) fail_call("runtime error: makeslice: len out of range");
  if (size < 0) fail_call("runtime error: makeslice: len out of range");
  std::vector<Value> chunks;
  for (std::size_t i = 0; i < items.size();) {
    std::size_t end =
        std::min(items.size(), i + static_cast<std::size_t>(size));
    chunks.push_back(Value::new_list(
        {items.begin() + static_cast<std::ptrdiff_t>(i),
         items.begin() + static_cast<std::ptrdiff_t>(end)}));
    i = end;
  }
  return Value::new_list(std::move(chunks));
}

std::vector<Value> steps(In in, std::int64_t start, std::int64_t stop,
                         std::int64_t step) {
  std::vector<Value> numbers;
  if (stop < start ? step >= 0 : step <= 0) return numbers;
  auto distance = static_cast<std::uint64_t>(stop) -
                  static_cast<std::uint64_t>(start);
  if (step < 0) distance = 0 - distance;
  auto stride = static_cast<std::uint64_t>(step < 0 ? -step : step);
  std::uint64_t count = distance / stride + (distance % stride != 0);
  in.execution().charge_steps(count);
  in.execution().charge_bytes(count > (1u << 30) ? std::uint64_t{1} << 40
                                                 : count * sizeof(Value));
  numbers.reserve(count);
  std::int64_t value = start;
  for (std::uint64_t i = 0; i < count; ++i) {
    numbers.push_back(Value::of_int(value));
    if (i + 1 < count) value += step;
  }
  return numbers;
}

Value until(In in) {
  return Value::new_list(
      steps(in, 0, in.integer(0), in.integer(0) < 0 ? -1 : 1), ListType::ints);
}

Value until_step(In in) {
  return Value::new_list(
      steps(in, in.integer(0), in.integer(1), in.integer(2)), ListType::ints);
}

Value seq(In in) {
  std::int64_t start = 1, end = 0, step = 1, direction = 1;
  switch (in.size()) {
    case 1:
      end = in.integer(0);
      direction = end < start ? -1 : 1;
      step = direction;
      break;
    case 2:
      start = in.integer(0);
      end = in.integer(1);
      direction = end < start ? -1 : 1;
      step = direction;
      break;
    case 3:
      start = in.integer(0);
      step = in.integer(1);
      end = in.integer(2);
      direction = end < start ? -1 : 1;
      if (direction < 0 && step > 0) return "";
      break;
    default:
      return "";
  }
  std::string out;
  for (auto& number : steps(in, start, end + direction, step)) {
    if (!out.empty()) out += ' ';
    out += std::to_string(number.integer());
  }
  return out;
}

}  // namespace

std::span<const Function> list_functions() {
  static const Function kTable[] = {
      {"list", {A}, true,
       [](In in) {
         return Value::new_list({in.all().begin(), in.all().end()});
       }},
      {"tuple", {A}, true,
       [](In in) {
         return Value::new_list({in.all().begin(), in.all().end()});
       }},
      {"append", {A, A}, false, push},
      {"mustAppend", {A, A}, false, push},
      {"push", {A, A}, false, push},
      {"mustPush", {A, A}, false, push},
      {"prepend", {A, A}, false, prepend},
      {"mustPrepend", {A, A}, false, prepend},
      {"first", {A}, false, first},
      {"mustFirst", {A}, false, first},
      {"last", {A}, false, last},
      {"mustLast", {A}, false, last},
      {"rest", {A}, false, rest},
      {"mustRest", {A}, false, rest},
      {"initial", {A}, false, initial},
      {"mustInitial", {A}, false, initial},
      {"reverse", {A}, false, reverse},
      {"mustReverse", {A}, false, reverse},
      {"compact", {A}, false, compact},
      {"mustCompact", {A}, false, compact},
      {"uniq", {A}, false, uniq},
      {"mustUniq", {A}, false, uniq},
      {"without", {A, A}, true, without},
      {"mustWithout", {A, A}, true, without},
      {"has", {A, A}, false, has},
      {"mustHas", {A, A}, false, has},
      {"slice", {A, A}, true, slice},
      {"mustSlice", {A, A}, true, slice},
      {"concat", {A}, true, concat},
      {"chunk", {I, A}, false, chunk},
      {"mustChunk", {I, A}, false, chunk},
      {"until", {I}, false, until},
      {"untilStep", {I, I, I}, false, until_step},
      {"seq", {I}, true, seq},
  };
  return kTable;
}

}  // namespace skerry::chart
