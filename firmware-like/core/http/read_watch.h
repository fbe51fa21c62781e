// Ends reads that take too long in all, whatever trickles in meanwhile: a
// client that sends a byte a second never stalls, and would hold its thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <stop_token>
#include <thread>

#include "core/os/mutex.h"

namespace skerry::http {

// Thread-safe.
class ReadWatch {
 public:
  // A read may take `patience`, and up to a quarter more.
  explicit ReadWatch(std::chrono::milliseconds patience);

  void begin(int socket);
  // True when the watch has shut down the socket's reading side.
  bool end(int socket);

 private:
  using Clock = std::chrono::steady_clock;
  struct Read {
    Clock::time_point since;
    bool cut = false;
  };
  void run(const std::stop_token& stop);

  const std::chrono::milliseconds patience_;
  Mutex mutex_;
  std::map<int, Read> reads_ GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace skerry::http
