#include "target/targets.h"

#include "core/error.h"

namespace skerry::cd {

std::string Targets::server(const Destination& destination) const {
  if (!destination.server.empty()) return destination.server;
  const std::string all = named_();
  std::string_view rest = all;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view entry = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos &&
        entry.substr(0, equals) == destination.name) {
      return std::string(entry.substr(equals + 1));
    }
  }
  fail(ErrorCode::invalid,
       "spec.destination.name: the setting cd.targets has no target \"{}\"",
       destination.name);
}

Target& Targets::at(std::string_view server) const {
  std::string known;
  for (const Scheme& scheme : schemes_) {
    if (server.starts_with(scheme.prefix)) return *scheme.target;
    known += (known.empty() ? "" : ", ") + scheme.prefix;
  }
  fail(ErrorCode::invalid,
       "spec.destination.server: \"{}\" is not supported (supported: {})",
       server, known);
}

void Targets::stop() {
  for (const Scheme& scheme : schemes_) scheme.target->stop();
}

std::string Targets::health() const {
  std::string result;
  for (const Scheme& scheme : schemes_) {
    const std::string problem = scheme.target->health();
    if (problem.empty()) continue;
    if (!result.empty()) result += "; ";
    result += scheme.prefix + " " + problem;
  }
  return result;
}

}  // namespace skerry::cd
