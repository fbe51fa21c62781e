// What the engines are handed of the machine: its clock, its randomness, its
// time zones. Thread-safe.
#pragma once

#include "gotemplate/exec.h"
#include "helm/chart.h"

namespace skerry::chart {

Environment machine_environment(const Log& log);

}  // namespace skerry::chart
