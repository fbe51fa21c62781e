#include "gotemplate/exec.h"

#include <pthread.h>

#include <algorithm>
#include <exception>

#include "gotemplate/frame.h"
#include "gotemplate/lexer.h"
#include "gotemplate/print.h"
#include "gotemplate/parser.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kDeepStack = std::size_t{64} << 20;
// What must be left of the stack to call anything.
constexpr std::size_t kStackReserve = 96 << 10;
constexpr int kMaxIncludes = 1000;
constexpr std::uint64_t kStepsPerTimeCheck = 4096;
// A parsed template takes up to a hundred times the room of its text.
constexpr std::size_t kMaxTplText = 8u << 20;

// The lowest address that the calling thread may use.
const char* lowest_stack_address() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
  void* lowest = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return static_cast<const char*>(lowest) + kStackReserve;
}

struct DeepCall {
  const std::function<void()>& work;
  std::exception_ptr error;
};

extern "C" void* run_deep_call(void* argument) {
  auto& call = *static_cast<DeepCall*>(argument);
  try {
    call.work();
  } catch (...) {
    call.error = std::current_exception();
  }
  return nullptr;
}

}  // namespace

void run_on_deep_stack(const std::function<void()>& work) {
  DeepCall call{work, nullptr};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kDeepStack);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, run_deep_call, &call);
  pthread_attr_destroy(&attributes);
  if (error != 0) fail_errno("cannot start a thread to render on", error);
  pthread_join(thread, nullptr);
  if (call.error) std::rethrow_exception(call.error);
}

void TemplateSet::add(TemplatePtr made) {
  if (is_empty(*made->root) && find(made->name)) return;
  std::string name = made->name;
  templates_.insert_or_assign(std::move(name), std::move(made));
}

const Template* TemplateSet::find(std::string_view name) const {
  for (auto* set = this; set; set = set->below_) {
    auto found = set->templates_.find(name);
    if (found != set->templates_.end()) return found->second.get();
  }
  return nullptr;
}

Execution::Execution(const FunctionTable& functions,
                     const TemplateSet& templates,
                     const Environment& environment,
                     const ExecutionLimits& limits)
    : functions_(functions),
      templates_(&templates),
      environment_(environment),
      limits_(limits),
      deadline_(std::chrono::steady_clock::now() + limits.max_time),
      stack_limit_(lowest_stack_address()) {}

Execution::~Execution() {
  for (auto& map : changed_) map->entries.clear();
}

void Execution::changes(const Value& map) {
  changed_.push_back(map.map_ptr());
}

void Execution::charge_steps(std::uint64_t steps) {
  steps_ += steps;
  if (steps > limits_.max_steps || steps_ > limits_.max_steps) {
    fail_limit(fmt::format("the templates need more than {} steps: raise the "
                           "limit or look for an endless loop",
                           limits_.max_steps));
  }
  if (steps_ >= next_time_check_) check_time();
}

void Execution::check_time() {
  next_time_check_ = steps_ + kStepsPerTimeCheck;
  if (std::chrono::steady_clock::now() > deadline_) {
    fail_limit(fmt::format("rendering the templates takes longer than {} ms",
                           limits_.max_time.count()));
  }
}

void Execution::charge_bytes(std::uint64_t bytes) {
  bytes_ += bytes;
  if (bytes > limits_.max_bytes || bytes_ > limits_.max_bytes) {
    fail_limit(fmt::format("the templates produce more than {} bytes",
                           limits_.max_bytes));
  }
}

void Execution::charge_result(const Value& value) {
  if (!value.is_unshared()) return;  // it was there before
  switch (value.kind()) {
    case Kind::string:
    case Kind::bytes:
      return charge_bytes(value.string().size());
    case Kind::list:
      return charge_bytes(value.items().size() * sizeof(Value));
    case Kind::map:
      return charge_bytes(value.entries().size() * kMemberBytes);
    default:
      return;
  }
}

void Execution::fail_limit(const std::string& message) const {
  throw LimitError(running_ ? fmt::format("{}: {}", running_->place(), message)
                            : message);
}

bool Execution::stack_is_low() const {
  char here = 0;
  const char* volatile address = &here;
  return address < stack_limit_;
}

void Execution::execute(std::string_view name, const Value& data,
                        std::string& out) {
  const Template* found = templates_->find(name);
  if (!found) {
    fail_call("template: no template {} associated with template \"gotpl\"",
              quote(name));
  }
  Frame frame(*this, *found, out);
  frame.run(data);
}

std::string Execution::include(const std::string& name, const Value& data) {
  int& depth = included_[name];
  if (depth > kMaxIncludes) {
    fail_call(
        "rendering template has a nested reference name: {}: unable to "
        "execute template",
        name);
  }
  ++depth;
  std::string out;
  execute(name, data, out);
  --depth;
  return out;
}

std::string without_no_value(std::string text) {
  constexpr std::string_view kNoValue = "<no value>";
  std::size_t found = text.find(kNoValue);
  if (found == text.npos) return text;
  std::string out;
  std::size_t start = 0;
  for (; found != text.npos; found = text.find(kNoValue, start)) {
    out.append(text, start, found - start);
    start = found + kNoValue.size();
  }
  return out.append(text, start);
}

std::string Execution::tpl(const std::string& text, const Value& data) {
  if (text.size() > kMaxTplText) {
    fail_limit(fmt::format("tpl of a text of more than {} bytes", kMaxTplText));
  }
  charge_bytes(text.size());
  TemplateSet set(templates_);
  TemplatePtr main;
  try {
    for (auto& made : parse_template("gotpl", text, functions_)) {
      if (made->name == "gotpl") main = made;
      set.add(made);
    }
  } catch (const TemplateError& error) {
    throw error.wrapped("cannot parse template " + quote(text), false);
  }
  const TemplateSet* outer = std::exchange(templates_, &set);
  std::string out;
  try {
    Frame frame(*this, *main, out);
    frame.run(data);
  } catch (const TemplateError& error) {
    templates_ = outer;
    throw error.wrapped(
        "error during tpl function execution for " + quote(text), false);
  } catch (...) {
    templates_ = outer;
    throw;
  }
  templates_ = outer;
  return without_no_value(std::move(out));
}

}  // namespace skerry::chart
