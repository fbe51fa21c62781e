#include "blobs/upload_range.h"

#include <gtest/gtest.h>

namespace skerry::registry {
namespace {

TEST(ChunkRange, AcceptsFirstAndLastByte) {
  const auto range = parse_chunk_range("5-9");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 5u);
  EXPECT_EQ(range->size(), 5u);
  EXPECT_EQ(parse_chunk_range("0-0")->size(), 1u);
  EXPECT_EQ(parse_chunk_range("bytes 0-3/*")->size(), 4u);
  EXPECT_EQ(parse_chunk_range("bytes 0-3/10")->size(), 4u);
}

TEST(ChunkRange, RefusesEverythingElse) {
  for (const auto* text :
       {"", "-", "5-", "-5", "9-5", "a-b", "1-2-3", "1 - 2", " 1-2", "0x1-2",
        "1-99999999999999999999", "-1-2", "+1-2", "1.0-2", "bytes=0-1"}) {
    EXPECT_FALSE(parse_chunk_range(text)) << text;
  }
}

TEST(ReceivedRange, IsInclusive) {
  EXPECT_EQ(received_range(10), "0-9");
  EXPECT_EQ(received_range(1), "0-0");
  EXPECT_EQ(received_range(0), "0-0");
}

}  // namespace
}  // namespace skerry::registry
