// Any text is read into a plan or into faults, without a crash, in bounded
// time and memory.
#include <cstdint>

#include "ci/pipeline_check.h"
#include "jenkinsfile/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto faults = skerry::ci::check_pipeline(text, "Jenkinsfile");
  const auto loaded = skerry::ci::load_pipeline(
      {.project = "pipeline { agent any }", .repository = std::string(text)});
  // A default only adds to what may run.
  if (faults.empty() && !text.empty() && !loaded.ok()) __builtin_trap();
  return 0;
}
