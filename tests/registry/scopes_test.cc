#include "scopes.h"

#include <gtest/gtest.h>

namespace skerry::registry {
namespace {

TEST(Scope, HasTypeNameAndActions) {
  const auto scope = parse_scope("repository:demo/app:pull,push");
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->type, "repository");
  EXPECT_EQ(scope->name, "demo/app");
  EXPECT_EQ(scope->actions, (std::vector<std::string>{"pull", "push"}));
}

TEST(Scope, MayHaveAPortInItsNameAndAClassInItsType) {
  EXPECT_EQ(parse_scope("repository:host:5000/demo/app:pull")->name,
            "host:5000/demo/app");
  EXPECT_EQ(parse_scope("repository(plugin):demo/app:*")->type, "repository");
}

TEST(Scope, IsNotAnyText) {
  for (const auto* text : {"", "a", "a:b", ":a:b", "repository::pull", "::"}) {
    EXPECT_FALSE(parse_scope(text)) << text;
  }
}

TEST(Scopes, AreSeparatedBySpaces) {
  EXPECT_EQ(parse_scopes("repository:a/b:pull  nonsense registry:catalog:*")
                .size(),
            2u);
  EXPECT_TRUE(parse_scopes("").empty());
}

}  // namespace
}  // namespace skerry::registry
