#include "core/http/read_watch.h"

#include <sys/socket.h>

#include <algorithm>
#include <mutex>

namespace skerry::http {

ReadWatch::ReadWatch(std::chrono::milliseconds patience)
    : patience_(patience),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void ReadWatch::begin(int socket) {
  MutexLock lock(mutex_);
  reads_[socket] = {Clock::now()};
}

bool ReadWatch::end(int socket) {
  MutexLock lock(mutex_);
  const auto read = reads_.find(socket);
  const bool cut = read->second.cut;
  reads_.erase(read);
  return cut;
}

void ReadWatch::run(const std::stop_token& stop) {
  const auto pause = std::max(patience_ / 4, std::chrono::milliseconds(1));
  std::mutex sleeping;
  std::condition_variable_any alarm;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(sleeping);
      alarm.wait_for(lock, stop, pause, [] { return false; });
    }
    const Clock::time_point oldest = Clock::now() - patience_;
    MutexLock lock(mutex_);
    for (auto& [socket, read] : reads_) {
      if (read.cut || read.since > oldest) continue;
      read.cut = true;
      // The answer can still be sent. The socket is open: its reader is.
      ::shutdown(socket, SHUT_RD);
    }
  }
}

}  // namespace skerry::http
