// How often each manifest was pulled, by tag and by digest, and when last.
// Counted in memory and written to the database every minute, and at the end:
// a pull costs two atomic stores. What a crash takes is at most a minute's.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "core/store/sqlite.h"
#include "repositories.h"

namespace skerry::registry {

// Of one reference. Lock-free; any thread.
class PullCounter {
 public:
  void add(UnixMillis now) {
    count_.fetch_add(1, std::memory_order_relaxed);
    last_.store(now, std::memory_order_relaxed);
  }

 private:
  friend class Pulls;
  std::atomic<std::int64_t> count_{0};  // not yet in the database
  std::atomic<UnixMillis> last_{0};
};

struct PullCount {
  std::int64_t pulls = 0;
  UnixMillis last = 0;  // 0: never
  void add(const PullCount& other) {
    pulls += other.pulls;
    last = std::max(last, other.last);
  }
};
using PullCounts = std::unordered_map<std::string, PullCount>;  // by reference

// Thread-safe.
class Pulls {
 public:
  explicit Pulls(Database& db) : db_(db) {}
  ~Pulls();
  // From now on what is counted is written every minute.
  void start();

  std::shared_ptr<PullCounter> counter(const Place& place,
                                       std::string_view reference)
      EXCLUDES(mutex_);
  // Of all references of a repository that were ever pulled.
  PullCounts counts(Connection& db, const Place& place) EXCLUDES(mutex_);
  // Writes what is not written yet.
  void flush() EXCLUDES(mutex_, writing_);

 private:
  using Key = std::pair<std::int64_t, std::string>;  // project, repository
  using Counters =
      std::unordered_map<std::string, std::shared_ptr<PullCounter>>;
  struct Unwritten {
    Key key;
    std::string reference;
    std::shared_ptr<PullCounter> counter;
    PullCount count;
  };
  std::vector<Unwritten> collect() EXCLUDES(mutex_);
  void run(std::stop_token stop);

  Database& db_;
  Mutex writing_;  // one flush at a time; taken before mutex_
  Mutex mutex_;
  std::map<Key, Counters> counters_ GUARDED_BY(mutex_);
  Mutex sleep_;
  Condition woken_;
  std::jthread writer_;
};

}  // namespace skerry::registry
