#include "target/podman/watcher.h"

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::cd::podman {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAnyway = 15s;
// Events come in bursts (create, init, start ...): one look serves them all.
constexpr auto kSettle = 30ms;

}  // namespace

void Watcher::stop() {
  std::vector<std::jthread> threads;
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    threads.swap(threads_);
  }
  for (std::jthread& thread : threads) thread.request_stop();
  wake_.notify_all();
}

void Watcher::start() {
  if (!threads_.empty() || stopped_) return;
  threads_.emplace_back([this](std::stop_token s) { follow_events(s); });
  threads_.emplace_back([this](std::stop_token s) { look_again(s); });
}

Snapshot Watcher::snapshot() {
  {
    MutexLock lock(mutex_);
    if (snapshot_) return snapshot_;
    if (!threads_.empty() && !error_.empty()) {
      fail(ErrorCode::unavailable, "{}", error_);
    }
  }
  return refresh();
}

Snapshot Watcher::refresh() {
  Snapshot fresh;
  std::string error;
  try {
    std::call_once(swept_, [this] { jobs_.sweep(engine_.containers()); });
    std::vector<ContainerState> containers = engine_.containers();
    jobs_.complete(containers);
    fresh = std::make_shared<const std::vector<ContainerState>>(
        std::move(containers));
  } catch (const Error& failure) {
    error = failure.message();
  }
  MutexLock lock(mutex_);
  start();
  snapshot_ = fresh;
  error_ = error;
  if (!fresh) fail(ErrorCode::unavailable, "{}", error);
  return fresh;
}

void Watcher::follow_events(std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      engine_.watch(
          [this](std::string_view) {
            {
              MutexLock lock(mutex_);
              dirty_ = true;
            }
            wake_.notify_all();
          },
          stop);
    } catch (const Error& error) {
      log::warning("podman's events cannot be followed",
                   {{"error", error.message()}});
    }
    MutexLock lock(mutex_);
    const auto again = std::chrono::steady_clock::now() + 5s;
    while (!stop.stop_requested() && !stopped_) {
      if (!wake_.wait_until(mutex_, again)) break;
    }
  }
}

void Watcher::look_again(std::stop_token stop) {
  auto next = std::chrono::steady_clock::now() + kLookAnyway;
  for (;;) {
    bool event = false;
    {
      MutexLock lock(mutex_);
      while (!dirty_ && !stop.stop_requested() && !stopped_) {
        if (!wake_.wait_until(mutex_, next)) break;
      }
      if (stop.stop_requested() || stopped_) return;
      event = dirty_;
    }
    if (event) std::this_thread::sleep_for(kSettle);
    {
      MutexLock lock(mutex_);
      dirty_ = false;
    }
    const auto wait = look();
    changed_();
    next = std::chrono::steady_clock::now() + wait;
  }
}

std::chrono::milliseconds Watcher::look() {
  Snapshot snapshot;
  try {
    snapshot = refresh();
  } catch (const Error&) {
    return kLookAnyway;  // kept in error_ for whoever asks
  }
  try {
    const auto next = jobs_.look(*snapshot);
    return std::min<std::chrono::milliseconds>(
        kLookAnyway, next.value_or(std::chrono::milliseconds(kLookAnyway)));
  } catch (const Error& error) {
    log::warning("a job cannot be tried again", {{"error", error.message()}});
  }
  return kLookAnyway;
}

}  // namespace skerry::cd::podman
