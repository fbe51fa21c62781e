// Counters and gauges in Prometheus' text format (version 0.0.4).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/mutex.h"

namespace skerry {

// Only goes up. Thread-safe, lock-free.
class Counter {
 public:
  void add(double n = 1) {
    double old = value_.load(std::memory_order_relaxed);
    while (!value_.compare_exchange_weak(old, old + n)) {
    }
  }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

using Labels = std::map<std::string, std::string>;

// All metrics of the process. Thread-safe. Names carry the prefix "skerry_"
// and their unit: skerry_git_push_bytes_total.
class Metrics {
 public:
  // The counter of that name and labels, made on first use; the reference
  // stays valid as long as the registry.
  Counter& counter(std::string_view name, std::string_view help,
                   const Labels& labels = {});
  // `read` is called at each scrape, from the scraping thread.
  void gauge(std::string_view name, std::string_view help, const Labels& labels,
             std::function<double()> read);
  std::string render() const;

 private:
  struct Family {
    std::string help;
    std::string_view type;
    std::map<Labels, std::unique_ptr<Counter>> counters;
    std::map<Labels, std::function<double()>> gauges;
  };
  mutable Mutex mutex_;
  std::map<std::string, Family, std::less<>> families_ GUARDED_BY(mutex_);
};

}  // namespace skerry
