#include "quality/junit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <pugixml.hpp>

#include "core/error.h"
#include "core/text/unicode.h"

namespace skerry::ci {
namespace {

class Reader {
 public:
  Reader(std::string_view name, const JunitLimits& limits)
      : name_(name), limits_(limits) {}

  std::vector<TestSuite> read(const pugi::xml_node& root) {
    const std::string_view kind = root.name();
    if (kind != "testsuites" && kind != "testsuite") {
      fail(ErrorCode::invalid,
           "{}: not a JUnit report: its root element is '{}'", name_,
           unicode::repaired(kind.substr(0, 64)));
    }
    read_suite(root, 1);
    return std::move(suites_);
  }

 private:
  void read_suite(const pugi::xml_node& node, std::size_t depth) {
    if (depth > limits_.max_depth) {
      fail(ErrorCode::too_large, "{}: suites are nested deeper than {}", name_,
           limits_.max_depth);
    }
    TestSuite suite;
    suite.name = text_of(node.attribute("name").value());
    if (suite.name.empty()) suite.name = name_;
    for (const pugi::xml_node& child : node.children("testcase")) {
      if (++cases_ > limits_.max_cases) {
        fail(ErrorCode::too_large, "{}: more than {} test cases", name_,
             limits_.max_cases);
      }
      suite.cases.push_back(read_case(child));
    }
    if (!suite.cases.empty()) suites_.push_back(std::move(suite));
    for (const pugi::xml_node& child : node.children("testsuite")) {
      read_suite(child, depth + 1);
    }
  }

  TestCase read_case(const pugi::xml_node& node) {
    TestCase out;
    out.name = text_of(node.attribute("name").value());
    out.class_name = text_of(node.attribute("classname").value());
    out.seconds = seconds_of(node.attribute("time").value());
    // GoogleTest lists disabled tests so.
    if (std::string_view(node.attribute("status").value()) == "notrun") {
      out.status = TestStatus::skipped;
    }
    for (const pugi::xml_node& child : node.children()) {
      const std::string_view kind = child.name();
      if (kind == "failure") {
        add_fault(out, child, TestStatus::failed);
      } else if (kind == "error") {
        add_fault(out, child, TestStatus::error);
      } else if (kind == "skipped") {
        if (out.status == TestStatus::passed) out.status = TestStatus::skipped;
        out.message = text_of(child.attribute("message").value());
      }
    }
    return out;
  }

  // A case may have several failures (GoogleTest writes one an expectation):
  // the first message stands for all, the details are joined.
  void add_fault(TestCase& out, const pugi::xml_node& node, TestStatus status) {
    const bool is_first =
        out.status != TestStatus::failed && out.status != TestStatus::error;
    if (is_first) {
      out.status = status;
      out.message = text_of(node.attribute("message").value());
    }
    if (out.details.size() >= limits_.max_text) return;
    if (!out.details.empty()) out.details += '\n';
    for (const pugi::xml_node& part : node.children()) {
      if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) {
        out.details += text_of(part.value());
      }
      if (out.details.size() >= limits_.max_text) break;
    }
    out.details = unicode::repaired(
        std::string_view(out.details).substr(0, limits_.max_text));
  }

  std::string text_of(std::string_view text) const {
    return unicode::repaired(text.substr(0, limits_.max_text));
  }

  // "1,234.5" is how Surefire writes it in some locales.
  static double seconds_of(std::string_view text) {
    std::string digits;
    for (const char c : text.substr(0, 64)) {
      if (c != ',') digits += c;
    }
    double seconds = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    return std::isfinite(seconds) && seconds > 0 ? seconds : 0;
  }

  const std::string name_;
  const JunitLimits& limits_;
  std::vector<TestSuite> suites_;
  std::size_t cases_ = 0;
};

[[noreturn]] void fail_parse(std::string_view xml, std::string_view name,
                             const pugi::xml_parse_result& result) {
  const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(
      0, std::min(result.offset, static_cast<std::ptrdiff_t>(xml.size()))));
  const std::string_view before = xml.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  const std::size_t column =
      start == std::string_view::npos ? offset + 1 : offset - start;
  fail(ErrorCode::invalid, "{}:{}:{}: {}", name, line, column,
       result.description());
}

}  // namespace

std::string_view to_string(TestStatus status) {
  switch (status) {
    case TestStatus::passed:
      return "passed";
    case TestStatus::failed:
      return "failed";
    case TestStatus::skipped:
      return "skipped";
    case TestStatus::error:
      return "error";
  }
  return "";
}

TestCounts count(const std::vector<TestSuite>& suites) {
  TestCounts out;
  for (const TestSuite& suite : suites) {
    for (const TestCase& one : suite.cases) {
      ++out.total;
      if (one.status == TestStatus::failed || one.status == TestStatus::error) {
        ++out.failed;
      }
      if (one.status == TestStatus::skipped) ++out.skipped;
    }
  }
  return out;
}

std::vector<TestSuite> parse_junit(std::string_view xml, std::string_view name,
                                   const JunitLimits& limits) {
  if (xml.size() > limits.max_bytes) {
    fail(ErrorCode::too_large, "{}: the report is larger than {} bytes", name,
         limits.max_bytes);
  }
  // Bounds the memory of the document before it is built.
  const auto elements =
      static_cast<std::size_t>(std::count(xml.begin(), xml.end(), '<'));
  if (elements > limits.max_elements) {
    fail(ErrorCode::too_large, "{}: the report has more than {} elements", name,
         limits.max_elements);
  }
  pugi::xml_document document;
  // parse_default: the document type is skipped, never read; of entities only
  // XML's own five and character references are known.
  const pugi::xml_parse_result result =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default);
  if (!result) fail_parse(xml, name, result);
  return Reader(name, limits).read(document.document_element());
}

}  // namespace skerry::ci
