#include "helm/engine_error.h"

#include <algorithm>
#include <optional>

#include "gotemplate/funcs/common.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kWarnStart = "HELM_ERR_START",
                           kWarnEnd = "HELM_ERR_END";

struct Trace {
  std::string location, message, executed;
  bool operator==(const Trace&) const = default;

  std::string to_string() const {
    std::string out;
    if (!location.empty()) out += location + "\n  ";
    if (!executed.empty()) out += executed + "\n    ";
    if (!message.empty()) out += message + "\n";
    return out;
  }
};

std::string without_chained(std::string_view message) {
  return std::string(message.substr(0, message.find(" template:")));
}

// "<place>: executing \"<name>\" at <<node>>: <message>"
std::optional<Trace> parse_executing(std::string_view text) {
  constexpr std::string_view kExecuting = ": executing ", kAt = " at <";
  std::size_t found = text.find(kExecuting);
  if (found == text.npos) return {};
  std::string_view after = text.substr(found + kExecuting.size());
  if (!after.starts_with('"')) return {};
  std::size_t end = after.find('"', 1);
  if (end == after.npos) return {};
  std::string_view name = after.substr(1, end - 1);
  after.remove_prefix(end + 1);
  if (!after.starts_with(kAt)) return {};
  after.remove_prefix(kAt.size());
  std::size_t close = after.find(">: ");
  if (close == after.npos) return {};
  return Trace{std::string(text.substr(0, found)),
               without_chained(after.substr(close + 3)),
               fmt::format("executing \"{}\" at <{}>:", name,
                           after.substr(0, close))};
}

std::optional<Trace> parse_trace(std::string_view text) {
  constexpr std::string_view kPrefix = "template: ";
  if (!text.starts_with(kPrefix)) return {};
  std::string_view rest = text.substr(kPrefix.size());
  if (rest.starts_with("no template ")) {
    return Trace{"", std::string(text), ""};
  }
  if (auto executing = parse_executing(rest)) return executing;
  std::size_t colon = rest.rfind(": ");
  if (colon == rest.npos) return {};
  return Trace{std::string(rest.substr(0, colon)),
               without_chained(rest.substr(colon + 2)), ""};
}

Error invalid(std::string message) {
  return Error(ErrorCode::invalid, std::move(message));
}

}  // namespace

Error explain_parse_error(const std::string& file,
                          const TemplateError& error) {
  auto tokens = go_split(error.message(), ": ", -1);
  if (tokens.size() == 1) {
    return invalid(
        fmt::format("parse error in ({}): {}", file, error.message()));
  }
  return invalid(
      fmt::format("parse error at ({}): {}", tokens[1], tokens.back()));
}

Error explain_execution_error(const std::string& file,
                              const TemplateError& error) {
  const std::string& text = error.message();
  if (!error.from_template()) return invalid(text);
  auto tokens = go_split(text, ": ", 3);
  if (tokens.size() != 3) {
    return invalid(fmt::format("execution error in ({}): {}", file, text));
  }
  std::size_t start = tokens[2].find(kWarnStart);
  std::size_t end = tokens[2].rfind(kWarnEnd);
  if (start != text.npos && end != text.npos &&
      end >= start + kWarnStart.size()) {
    start += kWarnStart.size();
    return invalid(fmt::format("execution error at ({}): {}", tokens[1],
                               tokens[2].substr(start, end - start)));
  }
  std::vector<Trace> traces;
  for (auto message : error.chain()) {
    auto trace = parse_trace(message);
    if (!trace) return invalid(text);
    if (traces.empty() || traces.back() != *trace) traces.push_back(*trace);
  }
  std::string out;
  for (auto& trace : traces) out += trace.to_string();
  return invalid(std::string(trim_space(out)));
}

}  // namespace skerry::chart
