#include <gtest/gtest.h>

#include <cstring>

#include "core/error.h"
#include "policy/policy.h"

namespace skerry::registry {
namespace {

Policy policy_of(std::string_view text) {
  return parse_policy(parse_json(text));
}

std::string complaint(std::string_view text) {
  try {
    policy_of(text);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(PolicyDocument, EmptyDemandsNothing) {
  for (const char* text :
       {"{}", R"({"immutable_tags":null,"quota_bytes":null,"retention":null})",
        R"({"immutable_tags":[],"retention":{"rules":[]}})"}) {
    const auto policy = policy_of(text);
    EXPECT_FALSE(policy.retains()) << text;
    EXPECT_FALSE(policy.quota_bytes) << text;
    EXPECT_FALSE(policy.immutable_by("a", "v1")) << text;
  }
}

TEST(PolicyDocument, IsWrittenAsItWasRead) {
  const auto policy = policy_of(R"({
    "immutable_tags":[{"tags":"v*"},{"tags":"*","repositories":"prod/**"}],
    "quota_bytes":1000,
    "retention":{"rules":[
      {"tags":"pr-*","keep_last":5,"keep_within":"36h"},
      {"tags":"*","repositories":"base/*","keep_all":true},
      {"tags":"*","keep_pulled_within":"1500ms"}],"untagged_after":"7d"}})");
  const auto document = to_json(policy);
  EXPECT_EQ(to_json(parse_policy(document)), document);
  const auto& rules = document.at("retention").at("rules");
  EXPECT_EQ(rules[0].at("keep_within"), "36h");
  EXPECT_EQ(rules[0].at("repositories"), "**");
  EXPECT_TRUE(rules[0].at("keep_pulled_within").is_null());
  EXPECT_EQ(rules[2].at("keep_pulled_within"), "1500ms");
  EXPECT_EQ(document.at("retention").at("untagged_after"), "7d");
}

TEST(PolicyDocument, PatternsOfTagsAndRepositories) {
  const auto policy = policy_of(
      R"({"immutable_tags":[{"tags":"v*.?"},{"tags":"*","repositories":"prod/**"}]})");
  EXPECT_EQ(policy.immutable_by("app", "v1.0"), 0u);
  EXPECT_EQ(policy.immutable_by("team/app", "v1.0"), 0u);
  EXPECT_EQ(policy.immutable_by("prod/app", "latest"), 1u);
  EXPECT_EQ(policy.immutable_by("prod/a/b", "latest"), 1u);
  EXPECT_FALSE(policy.immutable_by("app", "v1.10"));
  EXPECT_FALSE(policy.immutable_by("app", "latest"));
}

TEST(PolicyDocument, NamesWhatIsWrongByItsPath) {
  const struct {
    const char* text;
    const char* complaint;
  } kWrong[] = {
      {R"([])", "a policy must be a JSON object"},
      {R"({"quota":1})", "quota is not a member of a policy"},
      {R"({"quota_bytes":0})", "quota_bytes must be a whole number"},
      {R"({"quota_bytes":-5})", "quota_bytes must be a whole number"},
      {R"({"quota_bytes":1.5})", "quota_bytes must be a whole number"},
      {R"({"quota_bytes":18446744073709551615})",
       "quota_bytes must be a whole number"},
      {R"({"quota_bytes":"1GiB"})", "quota_bytes must be a whole number"},
      {R"({"immutable_tags":{}})", "immutable_tags must be a list"},
      {R"({"immutable_tags":["v*"]})",
       "immutable_tags[0] must be a JSON object"},
      {R"({"immutable_tags":[{}]})", "immutable_tags[0].tags is missing"},
      {R"({"immutable_tags":[{"tags":""}]})",
       "immutable_tags[0].tags must be a pattern of 1 to 256"},
      {R"({"immutable_tags":[{"tags":"v*","tag":1}]})",
       "immutable_tags[0].tag is not a member"},
      {R"({"retention":[]})", "retention must be a JSON object"},
      {R"({"retention":{"rule":[]}})", "retention.rule is not a member"},
      {R"({"retention":{"rules":[{"tags":"*"}]}})",
       "retention.rules[0] says nothing to keep"},
      {R"({"retention":{"rules":[{"keep_all":true}]}})",
       "retention.rules[0].tags is missing"},
      {R"({"retention":{"rules":[{"tags":"*","keep_lsat":3}]}})",
       "retention.rules[0].keep_lsat is not a member of a policy"},
      {R"({"retention":{"rules":[{"tags":"*","keep_last":0}]}})",
       "retention.rules[0].keep_last must be a whole number"},
      {R"({"retention":{"rules":[{"tags":"*","keep_within":7}]}})",
       "retention.rules[0].keep_within must be a duration"},
      {R"({"retention":{"rules":[{"tags":"*","keep_within":"9999999d"}]}})",
       "retention.rules[0].keep_within must be a duration"},
      {R"({"retention":{"rules":[{"tags":"*","keep_all":1}]}})",
       "retention.rules[0].keep_all must be true or false"},
      {R"({"retention":{"untagged_after":"5m"}})",
       "retention.untagged_after must be at least 1h"},
  };
  for (const auto& wrong : kWrong) {
    EXPECT_EQ(complaint(wrong.text).substr(0, std::strlen(wrong.complaint)),
              wrong.complaint)
        << wrong.text;
  }
}

TEST(PolicyDocument, ListsAndPatternsAreBounded) {
  std::string rules;
  for (std::size_t i = 0; i <= kMostRules; ++i) {
    rules += std::string(i > 0 ? "," : "") + R"({"tags":"*"})";
  }
  EXPECT_NE(complaint(R"({"immutable_tags":[)" + rules + "]}")
                .find("has 101 entries"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"immutable_tags":[{"tags":")" +
                      std::string(kLongestPattern + 1, 'a') + "\"}]}"),
            "");
}

}  // namespace
}  // namespace skerry::registry
