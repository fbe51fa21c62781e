// Locks by name: who does the same thing waits, others do not.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/os/mutex.h"

namespace skerry::registry {

// Thread-safe.
class KeyedLocks {
 public:
  // Holds the lock until it goes.
  class Hold {
   public:
    Hold(KeyedLocks& locks, std::string key)
        : locks_(locks), key_(std::move(key)) {
      locks_.take(key_);
    }
    ~Hold() { locks_.release(key_); }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    KeyedLocks& locks_;
    const std::string key_;
  };

 private:
  struct Entry {
    bool held = false;
    int users = 0;
  };
  void take(const std::string& key) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ++entries_[key].users;
    while (entries_[key].held) released_.wait(mutex_);
    entries_[key].held = true;
  }
  void release(const std::string& key) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto it = entries_.find(key);
    it->second.held = false;
    if (--it->second.users == 0) entries_.erase(it);
    released_.notify_all();
  }

  Mutex mutex_;
  Condition released_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
