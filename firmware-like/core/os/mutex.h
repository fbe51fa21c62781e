// A mutex that clang's -Wthread-safety understands. Data that it guards is
// declared `T data_ GUARDED_BY(mutex_)`.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define SKERRY_TSA(x) __attribute__((x))
#else
#define SKERRY_TSA(x)
#endif
#define GUARDED_BY(x) SKERRY_TSA(guarded_by(x))
#define REQUIRES(...) SKERRY_TSA(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) SKERRY_TSA(locks_excluded(__VA_ARGS__))

namespace skerry {

class SKERRY_TSA(capability("mutex")) Mutex {
 public:
  void lock() SKERRY_TSA(acquire_capability()) { mutex_.lock(); }
  void unlock() SKERRY_TSA(release_capability()) { mutex_.unlock(); }
  bool try_lock() SKERRY_TSA(try_acquire_capability(true)) {
    return mutex_.try_lock();
  }

 private:
  std::mutex mutex_;
};

class SKERRY_TSA(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SKERRY_TSA(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() SKERRY_TSA(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition variable for Mutex. Wait in a loop that tests the condition, so
// that the analysis sees the guarded reads under the lock:
//   MutexLock lock(mutex_);
//   while (queue_.empty()) changed_.wait(mutex_);
class Condition {
 public:
  void wait(Mutex& mutex) REQUIRES(mutex) { condition_.wait(mutex); }
  // False when the time ran out.
  template <typename Clock, typename Duration>
  bool wait_until(Mutex& mutex,
                  std::chrono::time_point<Clock, Duration> deadline)
      REQUIRES(mutex) {
    return condition_.wait_until(mutex, deadline) == std::cv_status::no_timeout;
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace skerry
