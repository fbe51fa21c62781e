// JUnit XML test reports, as Surefire, GoogleTest, pytest and Go tools write
// them. Document types and entities other than XML's own are not expanded.
// Pure; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci {

enum class TestStatus { passed, failed, skipped, error };
std::string_view to_string(TestStatus status);  // "passed"

struct TestCase {
  std::string name;
  std::string class_name;
  TestStatus status = TestStatus::passed;
  double seconds = 0;
  std::string message;  // of a failure, error or skip
  std::string details;  // its text: a stack trace
};

struct TestSuite {
  std::string name;
  std::vector<TestCase> cases;
};

struct TestCounts {
  int total = 0;
  int failed = 0;  // failures and errors
  int skipped = 0;
};
TestCounts count(const std::vector<TestSuite>& suites);

struct JunitLimits {
  std::size_t max_bytes = 32u << 20;
  std::size_t max_elements = 1'000'000;
  std::size_t max_cases = 200'000;
  std::size_t max_depth = 64;
  std::size_t max_text = 64u << 10;  // of a message or of details; then cut
};

// The suites of one report, nested ones flattened, empty ones left out.
// Throws invalid ("reports/a.xml:12:3: ...") or too_large.
std::vector<TestSuite> parse_junit(std::string_view xml, std::string_view name,
                                   const JunitLimits& limits = {});

}  // namespace skerry::ci
