// The targets that an Application's destination can name.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "application.h"
#include "target/target.h"

namespace skerry::cd {

// Thread-safe.
class Targets {
 public:
  struct Scheme {
    std::string prefix;  // "directory://"
    std::unique_ptr<Target> target;
  };
  // `named` is the setting cd.targets: a comma list of "<name>=<server>".
  Targets(std::vector<Scheme> schemes, std::function<std::string()> named)
      : schemes_(std::move(schemes)), named_(std::move(named)) {}

  // The server behind spec.destination's server or name.
  std::string server(const Destination& destination) const;
  // Throws invalid for a destination that no target serves.
  Target& at(std::string_view server) const;
  void stop();
  // What is wrong with the targets in use, one line each.
  std::string health() const;

 private:
  const std::vector<Scheme> schemes_;
  const std::function<std::string()> named_;
};

}  // namespace skerry::cd
