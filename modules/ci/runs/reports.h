// Runs, stages and test reports as the API gives them.
#pragma once

#include <string>
#include <vector>

#include "core/text/json.h"
#include "quality/junit.h"
#include "runs/run_store.h"

namespace skerry::ci {

Json run_to_json(const Run& run, const std::vector<StageRow>& stages);
// A JSON array; bytes that are no UTF-8 are replaced.
std::string suites_to_json(const std::vector<TestSuite>& suites);

}  // namespace skerry::ci
