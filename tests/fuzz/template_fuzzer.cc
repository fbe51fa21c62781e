// Parses any bytes as a template and runs what can be parsed, within bounds.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "gotemplate/exec.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry::chart;
  std::string text(reinterpret_cast<const char*>(data), size);
  Environment environment{[] { return std::int64_t{0}; },
                          [](std::size_t n) { return std::string(n, 'r'); },
                          false,
                          {}};
  ExecutionLimits limits;
  limits.max_steps = 20'000;
  limits.max_bytes = 1u << 20;
  limits.max_time = std::chrono::milliseconds(500);
  try {
    TemplateSet set;
    for (auto& made : parse_template("x", text, helm_functions())) {
      made->root->to_string();
      set.add(made);
    }
    Value values = Value::new_map();
    values.set("s", "text");
    values.set("l", Value::new_list({Value(1.0), Value("a"), Value()}));
    values.set("m", Value::new_map());
    Value dot = Value::new_map();
    dot.set("Values", values);
    Execution execution(helm_functions(), set, environment, limits);
    std::string out;
    execution.execute("x", dot, out);
  } catch (const skerry::Error&) {
  }
  return 0;
}
