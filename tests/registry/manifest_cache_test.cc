#include "manifests/manifest_cache.h"

#include <gtest/gtest.h>

namespace skerry::registry {
namespace {

ManifestCache::Entry entry(std::size_t size) {
  return std::make_shared<const StoredManifest>(
      StoredManifest{"sha256:x", "type", std::string(size, 'x')});
}

TEST(ManifestCache, KeepsTheMostRecentlyUsedWithinItsBytes) {
  ManifestCache cache;
  cache.set_capacity(10'000);
  for (const auto* key : {"a", "b", "c", "d"}) {
    cache.store(cache.generation(), key, entry(2'000));
    cache.find("a");
  }
  EXPECT_TRUE(cache.find("a"));
  cache.store(cache.generation(), "e", entry(2'000));
  EXPECT_TRUE(cache.find("a"));
  EXPECT_TRUE(cache.find("e"));
  EXPECT_FALSE(cache.find("b"));
}

TEST(ManifestCache, DoesNotKeepOneThatIsLargerThanAQuarter) {
  ManifestCache cache;
  cache.set_capacity(10'000);
  cache.store(cache.generation(), "a", entry(5'000));
  EXPECT_FALSE(cache.find("a"));
}

TEST(ManifestCache, RefusesWhatWasReadBeforeAChange) {
  ManifestCache cache;
  cache.set_capacity(10'000);
  const auto before = cache.generation();
  cache.drop("tag");  // the tag moves
  cache.store(before, "tag", entry(10));
  EXPECT_FALSE(cache.find("tag"));
  cache.store(cache.generation(), "tag", entry(10));
  EXPECT_TRUE(cache.find("tag"));
}

TEST(ManifestCache, ReplacesAndForgets) {
  ManifestCache cache;
  cache.set_capacity(10'000);
  cache.store(cache.generation(), "a", entry(1));
  cache.store(cache.generation(), "a", entry(2));
  EXPECT_EQ(cache.find("a")->bytes.size(), 2u);
  cache.clear();
  EXPECT_FALSE(cache.find("a"));
  cache.set_capacity(0);
  cache.store(cache.generation(), "a", entry(1));
  EXPECT_FALSE(cache.find("a"));
}

}  // namespace
}  // namespace skerry::registry
