// Delivers the events of one webhook, one after the other, on a thread of its
// own: a receiver that is slow or dead delays nobody else.
//
// Events of pushes and deletions wait in the database (outbox.h) and leave it
// after they were accepted, so each is delivered at least once, in order.
// Passing events, those of pulls and of blobs, wait in memory: the last
// kMostPassing, until the daemon ends.
//
// What is refused is tried again after registry.webhook_retry, then after
// twice that and so on, at most after kLongestRetry; an event that waited for
// registry.webhook_give_up is dropped. What is dropped is counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "notify/outbox.h"
#include "notify/webhooks.h"

namespace skerry::registry {

inline constexpr std::size_t kMostPassing = 1000;
inline constexpr std::chrono::milliseconds kLongestRetry{300'000};

// Thread-safe.
class Courier {
 public:
  Courier(Services& services, Webhooks& webhooks, std::int64_t webhook);
  // Gives up the delivery that is under way.
  ~Courier();

  // Something waits in the database.
  void wake() EXCLUDES(mutex_);
  // The webhook was changed: what failed may work now.
  void retry() EXCLUDES(mutex_);
  void offer(UnixMillis time, std::string event) EXCLUDES(mutex_);

  // Passing events that wait.
  std::int64_t passing() const EXCLUDES(mutex_);
  // When it tries again; nothing while it does not have to.
  std::optional<UnixMillis> next_try() const EXCLUDES(mutex_);

 private:
  struct Item {
    bool passing = false;
    Waiting event;
  };
  void run(const std::stop_token& stop);
  bool step(const std::stop_token& stop);
  std::optional<Item> next();
  bool drop_if_late(const Item& item);
  bool deliver(const Webhook& webhook, const Item& item,
               const std::stop_token& stop);
  void finish(const Item& item, const Delivery& delivery);
  void drop_passing(std::int64_t number) REQUIRES(mutex_);
  void sleep(const std::stop_token& stop);
  void back_off(const std::stop_token& stop);

  Services& services_;
  Webhooks& webhooks_;
  const std::int64_t id_;
  std::int64_t attempts_ = 0;  // of the first event; by the thread only

  mutable Mutex mutex_;
  Condition changed_;
  bool woken_ GUARDED_BY(mutex_) = true;
  bool retry_ GUARDED_BY(mutex_) = false;
  std::optional<UnixMillis> next_try_ GUARDED_BY(mutex_);
  std::deque<Waiting> passing_ GUARDED_BY(mutex_);
  std::int64_t last_passing_ GUARDED_BY(mutex_) = 0;
  std::int64_t lost_ GUARDED_BY(mutex_) = 0;  // not yet in the database
  std::jthread thread_;
};

}  // namespace skerry::registry
