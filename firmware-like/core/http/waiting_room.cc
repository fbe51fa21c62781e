#include "core/http/waiting_room.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::http {

WaitingRoom::WaitingRoom(std::chrono::milliseconds patience, std::size_t places,
                         Leave resume, Leave discard)
    : patience_(patience),
      places_(std::max<std::size_t>(1, places)),
      resume_(std::move(resume)),
      discard_(std::move(discard)),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!poll_ || !wake_) fail_errno("watch connections");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_.get();
  if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    fail_errno("watch connections");
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

WaitingRoom::Guest WaitingRoom::remove(Guests::iterator guest) {
  const Guest left = *guest;
  by_socket_.erase(left.socket);
  guests_.erase(guest);
  ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, left.socket, nullptr);
  return left;
}

bool WaitingRoom::enter(int socket, mg_aside* connection) {
  Guest evicted{-1, nullptr, {}};
  bool wakes = false;
  {
    MutexLock lock(mutex_);
    if (closed_) return false;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
    event.data.fd = socket;
    if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, socket, &event) != 0) {
      return false;
    }
    // The thread sleeps without end while nobody waits.
    wakes = guests_.empty();
    guests_.push_back({socket, connection, Clock::now() + patience_});
    by_socket_[socket] = std::prev(guests_.end());
    if (guests_.size() > places_) evicted = remove(guests_.begin());
  }
  if (evicted.connection != nullptr) {
    discard_(evicted.socket, evicted.connection);
  }
  if (wakes) ::eventfd_write(wake_.get(), 1);
  return true;
}

void WaitingRoom::close() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  thread_.request_stop();
  ::eventfd_write(wake_.get(), 1);
  thread_.join();
  Guests left;
  {
    MutexLock lock(mutex_);
    by_socket_.clear();
    left.swap(guests_);
  }
  for (const Guest& guest : left) discard_(guest.socket, guest.connection);
}

int WaitingRoom::milliseconds_to_next() const {
  MutexLock lock(mutex_);
  if (guests_.empty()) return -1;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      guests_.front().until - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, 60'000));
}

void WaitingRoom::take_leave(int socket) {
  mg_aside* connection = nullptr;
  {
    MutexLock lock(mutex_);
    const auto found = by_socket_.find(socket);
    // It was sent away between the event and now.
    if (found == by_socket_.end()) return;
    connection = remove(found->second).connection;
  }
  resume_(socket, connection);
}

void WaitingRoom::discard_late() {
  for (;;) {
    Guest late{-1, nullptr, {}};
    {
      MutexLock lock(mutex_);
      if (guests_.empty() || guests_.front().until > Clock::now()) return;
      late = remove(guests_.begin());
    }
    discard_(late.socket, late.connection);
  }
}

void WaitingRoom::run(const std::stop_token& stop) {
  std::array<epoll_event, 64> events{};
  while (!stop.stop_requested()) {
    const int count =
        ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()),
                     milliseconds_to_next());
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket != wake_.get()) {
        take_leave(socket);
        continue;
      }
      eventfd_t ignored;
      ::eventfd_read(wake_.get(), &ignored);
    }
    discard_late();
  }
}

}  // namespace skerry::http
