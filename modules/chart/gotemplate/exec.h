// Executes parsed templates, as Go's text/template with Helm's "include" and
// "tpl", within bounds of steps, time, output and stack.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/error.h"
#include "gotemplate/function.h"
#include "gotemplate/node.h"

namespace skerry::chart {

// Templates by name. A set may lie over another one, which it leaves as it is
// and which outlives it. Not thread-safe while it is added to.
class TemplateSet {
 public:
  explicit TemplateSet(const TemplateSet* below = nullptr) : below_(below) {}
  // A template that is empty does not replace an existing one.
  void add(TemplatePtr made);
  const Template* find(std::string_view name) const;

 private:
  const TemplateSet* below_;
  std::map<std::string, TemplatePtr, std::less<>> templates_;
};

struct ExecutionLimits {
  std::uint64_t max_steps = 50'000'000;
  std::uint64_t max_bytes = 256u << 20;  // of all that is written and built
  std::chrono::milliseconds max_time{30'000};
};

// What a template may learn of the world outside of its data.
struct Environment {
  std::function<std::int64_t()> now_millis;
  std::function<std::string(std::size_t)> random_bytes;
  // helm lint: "required" and "fail" do not stop.
  bool is_lint = false;
  // Receives what Helm logs: level and message.
  std::function<void(std::string_view, std::string_view)> log;
  // 3 where its functions differ.
  int helm_version = 4;
  // The bytes of a time zone in the form of TZif (RFC 9636), or nothing; the
  // local one is "Local".
  std::function<std::optional<std::string>(const std::string&)> time_zone;
};

// About what a member of a map takes.
inline constexpr std::size_t kMemberBytes = 96;

class Frame;

// Used by one thread at a time.
class Execution {
 public:
  Execution(const FunctionTable& functions, const TemplateSet& templates,
            const Environment& environment, const ExecutionLimits& limits);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Template.ExecuteTemplate: appends to `out`. Throws TemplateError; an Error
  // too_large when a limit is passed.
  void execute(std::string_view name, const Value& data, std::string& out);

  // For functions.
  std::string include(const std::string& name, const Value& data);
  std::string tpl(const std::string& text, const Value& data);
  const Environment& environment() const { return environment_; }
  // Counts work or memory against the limits.
  void charge_steps(std::uint64_t steps);
  void charge_bytes(std::uint64_t bytes);
  // Charges what a function has made, not what it hands on.
  void charge_result(const Value& value);
  // Throws LimitError with the place that is being executed.
  [[noreturn]] void fail_limit(const std::string& message) const;
  // A map that a function changes: it is emptied in the end, since it may hold
  // itself.
  void changes(const Value& map);

 private:
  friend class Frame;
  bool stack_is_low() const;
  void check_time();

  const FunctionTable& functions_;
  const TemplateSet* templates_;
  const Environment& environment_;
  const ExecutionLimits limits_;
  std::uint64_t steps_ = 0, bytes_ = 0, next_time_check_ = 0;
  std::chrono::steady_clock::time_point deadline_;
  std::map<std::string, int, std::less<>> included_;
  std::vector<MapPtr> changed_;
  const char* stack_limit_;
  const Frame* running_ = nullptr;
};

// Runs `work` on a stack that is deep enough for the nesting that Helm allows,
// and hands on its exception.
void run_on_deep_stack(const std::function<void()>& work);

}  // namespace skerry::chart
