// What was read from the database, until it changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/os/mutex.h"
#include "core/store/sqlite.h"

namespace skerry {

// Remembers answers by their key. Any commit of this process forgets them all,
// before write() returns: what a caller was told is done, everybody sees.
// Thread-safe.
template <typename Value>
class Memo {
 public:
  explicit Memo(const Database& db, std::size_t most = 4096)
      : db_(db), most_(most) {}

  // `load` reads the value from the database, and from nothing else.
  template <typename Load>
  Value get(std::string key, Load&& load) {
    // Before the reading: an answer that is newer than its number is forgotten
    // early, one that is older would stay.
    const std::uint64_t commits = db_.commits();
    {
      MutexLock lock(mutex_);
      if (commits_ != commits) {
        values_.clear();
        commits_ = commits;
      } else if (const auto found = values_.find(key); found != values_.end()) {
        return found->second;
      }
    }
    Value value = std::forward<Load>(load)();
    MutexLock lock(mutex_);
    if (commits_ == commits && values_.size() < most_) {
      values_.emplace(std::move(key), value);
    }
    return value;
  }

 private:
  const Database& db_;
  const std::size_t most_;
  Mutex mutex_;
  std::uint64_t commits_ GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, Value> values_ GUARDED_BY(mutex_);
};

}  // namespace skerry
