// Open connections that have nothing to read: they wait here, without a
// thread, until bytes arrive or their time is over.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <stop_token>
#include <thread>
#include <unordered_map>

#include "core/os/fd.h"
#include "core/os/mutex.h"

struct mg_aside;  // civetweb's half of such a connection

namespace skerry::http {

// Thread-safe.
class WaitingRoom {
 public:
  using Leave = std::function<void(int socket, mg_aside*)>;

  // `patience` is how long each may wait; with more than `places`, who waited
  // longest goes. `resume` gets those with bytes to read, `discard` the others;
  // both are called from the room's thread, discard from enter() and close()
  // too, and either owns the connection from then on. Throws io.
  WaitingRoom(std::chrono::milliseconds patience, std::size_t places,
              Leave resume, Leave discard);
  ~WaitingRoom() { close(); }
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // False, and nothing happened, once it is closed or the system says no.
  bool enter(int socket, mg_aside* connection);
  // Discards all who wait.
  void close();

 private:
  using Clock = std::chrono::steady_clock;
  struct Guest {
    int socket;
    mg_aside* connection;
    Clock::time_point until;
  };
  using Guests = std::list<Guest>;

  void run(const std::stop_token& stop);
  void take_leave(int socket);
  void discard_late();
  int milliseconds_to_next() const;
  // The guest leaves the lists; its caller disposes of the connection.
  Guest remove(Guests::iterator guest) REQUIRES(mutex_);

  const std::chrono::milliseconds patience_;
  const std::size_t places_;
  const Leave resume_, discard_;
  Fd poll_, wake_;
  mutable Mutex mutex_;
  bool closed_ GUARDED_BY(mutex_) = false;
  Guests guests_ GUARDED_BY(mutex_);  // the one to go next first
  std::unordered_map<int, Guests::iterator> by_socket_ GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace skerry::http
