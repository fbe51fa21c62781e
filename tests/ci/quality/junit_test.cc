#include "quality/junit.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/text/unicode.h"

namespace skerry::ci {
namespace {

std::string summary(const std::vector<TestSuite>& suites) {
  std::string out;
  for (const TestSuite& suite : suites) {
    for (const TestCase& one : suite.cases) {
      out += suite.name + "/" + one.class_name + "/" + one.name + " " +
             std::string(to_string(one.status)) + " [" + one.message + "]{" +
             one.details + "}\n";
    }
  }
  return out;
}

TEST(Junit, ReadsGoogleTestsReport) {
  const auto suites = parse_junit(R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" name="AllTests">
  <testsuite name="Http" tests="4">
    <testcase name="Answers" status="run" result="completed" time="0.25" classname="Http" />
    <testcase name="Fails" status="run" classname="Http">
      <failure message="a.cc:1&#x0A;Expected" type=""><![CDATA[a.cc:1
Expected]]></failure>
      <failure message="second" type=""><![CDATA[a.cc:2]]></failure>
    </testcase>
    <testcase name="Skips" status="run" result="skipped" classname="Http">
      <skipped message="not here"/>
    </testcase>
    <testcase name="Off" status="notrun" result="suppressed" classname="Http"/>
  </testsuite>
</testsuites>)",
                                  "r.xml");
  EXPECT_EQ(summary(suites),
            "Http/Http/Answers passed []{}\n"
            "Http/Http/Fails failed [a.cc:1\nExpected]{a.cc:1\nExpected\n"
            "a.cc:2}\n"
            "Http/Http/Skips skipped [not here]{}\n"
            "Http/Http/Off skipped []{}\n");
  const TestCounts counts = count(suites);
  EXPECT_EQ(counts.total, 4);
  EXPECT_EQ(counts.failed, 1);
  EXPECT_EQ(counts.skipped, 2);
  EXPECT_DOUBLE_EQ(suites[0].cases[0].seconds, 0.25);
}

TEST(Junit, ReadsNestedSuitesAndOneWithoutTestsuites) {
  const auto suites = parse_junit(
      R"(<testsuite name="outer"><testcase name="a" time="1,234.5"/>
      <testsuite name="inner"><testcase name="b"><error message="boom">at x
</error></testcase></testsuite><testsuite name="empty"/></testsuite>)",
      "r.xml");
  EXPECT_EQ(summary(suites),
            "outer//a passed []{}\ninner//b error [boom]{at x\n}\n");
  EXPECT_DOUBLE_EQ(suites[0].cases[0].seconds, 1234.5);
}

TEST(Junit, NeverExpandsEntitiesNorReadsFiles) {
  const auto suites = parse_junit(
      R"(<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/passwd">]>
<testsuite name="s"><testcase name="&b;"><failure>&f;</failure></testcase></testsuite>)",
      "r.xml");
  EXPECT_EQ(summary(suites), "s//&b; failed []{&f;}\n");
}

TEST(Junit, RefusesWhatIsNoReport) {
  struct Case {
    const char* xml;
    const char* message;
  };
  const Case cases[] = {
      {"", "r.xml:1:1: No document element found"},
      {"<html></html>",
       "r.xml: not a JUnit report: its root element is 'html'"},
      {"<testsuite>\n<testcase></testsuite>",
       "r.xml:2:13: Start-end tags mismatch"},
  };
  for (const Case& c : cases) {
    try {
      parse_junit(c.xml, "r.xml");
      ADD_FAILURE() << c.xml;
    } catch (const Error& e) {
      EXPECT_EQ(e.message(), c.message);
      EXPECT_EQ(e.code(), ErrorCode::invalid);
    }
  }
}

void expect_too_large(const std::string& xml, const JunitLimits& limits) {
  try {
    parse_junit(xml, "r.xml", limits);
    ADD_FAILURE() << xml.substr(0, 100);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::too_large) << e.message();
  }
}

TEST(Junit, LimitsHold) {
  expect_too_large("<testsuite>" + std::string(200, ' ') + "</testsuite>",
                   {.max_bytes = 100});
  expect_too_large("<testsuite><testcase/><testcase/></testsuite>",
                   {.max_cases = 1});
  expect_too_large("<testsuite><a/><a/><a/></testsuite>", {.max_elements = 4});
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "<testsuite>";
  for (int i = 0; i < 10'000; ++i) deep += "</testsuite>";
  expect_too_large(deep, {});
  const auto suites = parse_junit(
      "<testsuite><testcase name='" + std::string(1000, 'n') + "'><failure>" +
          std::string(1000, 'x') + "</failure></testcase></testsuite>",
      "r.xml", {.max_text = 10});
  EXPECT_EQ(suites[0].cases[0].name, std::string(10, 'n'));
  EXPECT_EQ(suites[0].cases[0].details, std::string(10, 'x'));
}

TEST(Junit, TextIsMadeWellFormed) {
  const auto suites = parse_junit(
      "<testsuite name='s'><testcase name='a\xFFz'/></testsuite>", "r.xml");
  EXPECT_EQ(suites[0].cases[0].name, "a\xEF\xBF\xBDz");
  EXPECT_EQ(unicode::repaired("\xED\xA0\x80"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(unicode::repaired("\xF0\x9F\x98\x80\xE2\x82"),
            "\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace skerry::ci
