// Locks by name: who does the same thing waits, others do not.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "core/os/mutex.h"

namespace skerry::registry {

// Thread-safe.
class KeyedLocks {
 public:
  // Holds the lock until it goes, when it got it in time.
  class Hold {
   public:
    Hold(KeyedLocks& locks, std::string key, std::chrono::milliseconds patience)
        : locks_(locks),
          key_(std::move(key)),
          held_(locks.take(key_, std::chrono::steady_clock::now() + patience)) {
    }
    ~Hold() { locks_.leave(key_, held_); }
    explicit operator bool() const { return held_; }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    KeyedLocks& locks_;
    const std::string key_;
    const bool held_;
  };

 private:
  struct Entry {
    bool held = false;
    int users = 0;
  };
  bool take(const std::string& key,
            std::chrono::steady_clock::time_point deadline) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Entry& entry = entries_[key];
    ++entry.users;
    while (entry.held) {
      if (!released_.wait_until(mutex_, deadline)) break;
    }
    if (entry.held) return false;
    entry.held = true;
    return true;
  }
  void leave(const std::string& key, bool held) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto it = entries_.find(key);
    if (held) it->second.held = false;
    if (--it->second.users == 0) entries_.erase(it);
    released_.notify_all();
  }

  Mutex mutex_;
  Condition released_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
