#include "reconcile/used_images.h"

#include <gtest/gtest.h>

#include "world.h"

namespace skerry::cd {
namespace {

using test::World;

std::string pod(const std::string& image) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
         "spec: {containers: [{name: a, image: '" + image + "'}]}\n";
}

std::string list(World& world) {
  std::string text;
  for (const auto& used : used_images(*world.store, *world.sources)) {
    EXPECT_EQ(used.application, "hello");
    text += (text.empty() ? "" : " ") + used.image;
  }
  return text;
}

TEST(UsedImages, AreThoseOfTheHistoryAndOfWhatIsWanted) {
  World world;
  EXPECT_EQ(list(world), "");
  world.git.commit({{"deploy/a.yaml", pod("x/one:1")}});
  world.create("  syncPolicy: {automated: {prune: true}}\n");
  world.settle();
  EXPECT_EQ(list(world), "x/one:1");
  world.git.commit({{"deploy/a.yaml", pod("x/two:2")}});
  world.settle();
  EXPECT_EQ(list(world), "x/one:1 x/two:2");
}

TEST(UsedImages, IncludeWhatASyncByHandWouldBring) {
  World world;
  world.git.commit({{"deploy/a.yaml", pod("x/one:1")}});
  world.create("");
  world.settle();
  EXPECT_EQ(list(world), "x/one:1");
}

TEST(UsedImages, AreFoundAgainWhenAHistoryDoesNotSay) {
  World world;
  world.git.commit({{"deploy/a.yaml", pod("x/one:1")}});
  world.create("  syncPolicy: {automated: {prune: true}}\n");
  world.settle();
  world.git.commit({{"deploy/a.yaml", pod("x/two:2")}});
  world.settle();
  world.db.write([](Transaction& tx) {
    tx.run("update cd_history set images = null");
  });
  EXPECT_EQ(list(world), "x/one:1 x/two:2");
}

TEST(UsedImages, OfAnUnknownHistoryAreAnError) {
  World world;
  world.git.commit({{"deploy/a.yaml", pod("x/one:1")}});
  world.create("  syncPolicy: {automated: {prune: true}}\n");
  world.settle();
  world.db.write([](Transaction& tx) {
    tx.run("update cd_history set images = null, manifest = '{}'");
  });
  EXPECT_THROW(list(world), Error);
}

}  // namespace
}  // namespace skerry::cd
