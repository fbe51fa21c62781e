#include "dependency/constraint.h"

#include "core/error.h"
#include "core/text/semver.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/print.h"

namespace skerry::chart {

void require_constraint(const Dependency& dependency) {
  for (auto& part : go_split(dependency.version, "||", -1)) {
    try {
      semver_satisfies(SemVer(), part);
    } catch (const Error&) {
      fail(ErrorCode::invalid,
           "dependency {} has an invalid version/constraint format: improper "
           "constraint: {}",
           quote(dependency.name), part);
    }
  }
}

bool satisfies(const std::string& version, const std::string& constraint) {
  auto parsed = SemVer::parse(version, false);
  return parsed && semver_satisfies(*parsed, constraint);
}

}  // namespace skerry::chart
