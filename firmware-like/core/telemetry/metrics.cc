#include "core/telemetry/metrics.h"

#include <fmt/format.h>

namespace skerry {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '"') {
      out += "\\\"";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string sample(std::string_view name, const Labels& labels, double value) {
  std::string joined;
  for (const auto& [key, text] : labels) {
    joined += fmt::format("{}{}=\"{}\"", joined.empty() ? "" : ",", key,
                          escape(text));
  }
  return labels.empty() ? fmt::format("{} {}\n", name, value)
                        : fmt::format("{}{{{}}} {}\n", name, joined, value);
}

}  // namespace

Counter& Metrics::counter(std::string_view name, std::string_view help,
                          const Labels& labels) {
  MutexLock lock(mutex_);
  Family& family = families_[std::string(name)];
  family.help = help;
  family.type = "counter";
  auto& counter = family.counters[labels];
  if (!counter) counter = std::make_unique<Counter>();
  return *counter;
}

void Metrics::gauge(std::string_view name, std::string_view help,
                    const Labels& labels, std::function<double()> read) {
  MutexLock lock(mutex_);
  Family& family = families_[std::string(name)];
  family.help = help;
  family.type = "gauge";
  family.gauges[labels] = std::move(read);
}

std::string Metrics::render() const {
  MutexLock lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name,
                       family.type);
    for (const auto& [labels, counter] : family.counters) {
      out += sample(name, labels, counter->value());
    }
    for (const auto& [labels, read] : family.gauges) {
      out += sample(name, labels, read());
    }
  }
  return out;
}

}  // namespace skerry
