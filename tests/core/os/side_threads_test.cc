#include "core/os/side_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace skerry {
namespace {

TEST(SideThreads, RunsBothAtTheSameTime) {
  SideThreads threads(1);
  auto lease = threads.lease();
  ASSERT_TRUE(lease);
  std::atomic<bool> there{false}, here{false};
  // Each waits for the other: one after the other would never end.
  lease.run_both(
      [&] {
        there = true;
        while (!here) std::this_thread::yield();
      },
      [&] {
        while (!there) std::this_thread::yield();
        here = true;
      });
}

TEST(SideThreads, GivesOutNoMoreThanItHas) {
  SideThreads threads(1);
  auto first = std::make_unique<SideThreads::Lease>(threads.lease());
  auto second = threads.lease();
  EXPECT_TRUE(*first);
  EXPECT_FALSE(second);
  int ran = 0;
  second.run_both([&] { EXPECT_EQ(++ran, 1); }, [&] { EXPECT_EQ(++ran, 2); });
  EXPECT_EQ(ran, 2);
  first.reset();
  EXPECT_TRUE(threads.lease());
}

TEST(SideThreads, ThrowsWhatEitherThrew) {
  SideThreads threads(1);
  auto lease = threads.lease();
  const auto fail = [](const char* text) {
    return [text] { throw std::runtime_error(text); };
  };
  const auto message = [&](auto beside, auto here) {
    try {
      lease.run_both(beside, here);
      return std::string("nothing");
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  const auto nothing = [] {};
  EXPECT_EQ(message(fail("there"), nothing), "there");
  EXPECT_EQ(message(nothing, fail("here")), "here");
  EXPECT_EQ(message(fail("there"), fail("here")), "there");
  EXPECT_EQ(message(nothing, nothing), "nothing");
}

TEST(SideThreads, ServesManyAtOnce) {
  SideThreads threads(3);
  std::atomic<int> done{0};
  std::vector<std::jthread> users;
  for (int user = 0; user < 8; ++user) {
    users.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        auto lease = threads.lease();
        int mine = 0;
        lease.run_both([&] { ++mine; }, [&] { ++done; });
        done += mine;
      }
    });
  }
  users.clear();
  EXPECT_EQ(done, 2 * 8 * 200);
}

}  // namespace
}  // namespace skerry
