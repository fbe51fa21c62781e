#include "plan.h"

#include <gtest/gtest.h>

#include "jenkinsfile/step_table.h"

namespace skerry::ci {
namespace {

TEST(Post, AppliesByResultAndPreviousResult) {
  using W = PostWhen;
  using R = Result;
  struct Case {
    W when;
    R result;
    std::optional<R> previous;
    bool expected;
  };
  const Case cases[] = {
      {W::always, R::aborted, {}, true},
      {W::cleanup, R::failure, {}, true},
      {W::changed, R::success, {}, true},
      {W::changed, R::success, R::success, false},
      {W::changed, R::success, R::failure, true},
      {W::fixed, R::success, {}, false},
      {W::fixed, R::success, R::failure, true},
      {W::fixed, R::success, R::unstable, true},
      {W::fixed, R::success, R::aborted, false},
      {W::fixed, R::success, R::success, false},
      {W::regression, R::failure, {}, false},
      {W::regression, R::failure, R::success, true},
      {W::regression, R::failure, R::unstable, true},
      {W::regression, R::unstable, R::failure, false},
      {W::aborted, R::aborted, {}, true},
      {W::success, R::success, {}, true},
      {W::success, R::unstable, {}, false},
      {W::unsuccessful, R::unstable, {}, true},
      {W::unsuccessful, R::success, {}, false},
      {W::unstable, R::unstable, {}, true},
      {W::failure, R::failure, {}, true},
      {W::failure, R::aborted, {}, false},
      {W::not_built, R::not_built, {}, true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(applies(c.when, c.result, c.previous), c.expected)
        << to_string(c.when) << " after " << to_string(c.result);
  }
}

TEST(Result, NamesGoBothWays) {
  EXPECT_EQ(parse_result("NOT_BUILT"), Result::not_built);
  EXPECT_EQ(to_string(Result::unstable), "UNSTABLE");
  EXPECT_EQ(parse_result("success"), std::nullopt);
}

TEST(StepTable, IsConsistent) {
  for (const StepRule& rule : all_steps()) {
    EXPECT_FALSE(is_unsupported_step(rule.name)) << rule.name;
    EXPECT_EQ(find_step(rule.name), &rule) << "twice: " << rule.name;
    if (!rule.unnamed.empty()) {
      EXPECT_NE(find_argument(rule.name, rule.unnamed), nullptr) << rule.name;
    }
  }
}

}  // namespace
}  // namespace skerry::ci
