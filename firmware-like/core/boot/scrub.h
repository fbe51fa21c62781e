// One run of the scrub, as the modules see it: everything that is stored is
// read again, and what is damaged or missing is told by name.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

namespace skerry {

struct Fault {
  std::string kind;    // "damaged blob", "missing blob", "damaged manifest"
  std::string name;    // the digest
  std::string reason;  // what is wrong, and who needs it
};

// Used by one thread.
class Scrub {
 public:
  using Report = std::function<void(Fault)>;
  Scrub(std::stop_token stop, Report report)
      : stop_(std::move(stop)), report_(std::move(report)) {}

  // Between two steps, when it says so, a module's check returns.
  bool stopping() const { return stop_.stop_requested(); }
  void fault(Fault fault) { report_(std::move(fault)); }

 private:
  const std::stop_token stop_;
  const Report report_;
};

}  // namespace skerry
