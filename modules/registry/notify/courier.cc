#include "notify/courier.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/telemetry/log.h"
#include "notify/sender.h"

namespace skerry::registry {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// An idle courier looks by itself so often.
constexpr std::chrono::minutes kLookEvery{5};

}  // namespace

Courier::Courier(Services& services, Webhooks& webhooks, std::int64_t webhook)
    : services_(services), webhooks_(webhooks), id_(webhook) {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

Courier::~Courier() {
  thread_.request_stop();
  {
    MutexLock lock(mutex_);
    changed_.notify_all();
  }
  thread_.join();
}

void Courier::wake() {
  MutexLock lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void Courier::retry() {
  MutexLock lock(mutex_);
  woken_ = retry_ = true;
  changed_.notify_all();
}

void Courier::offer(UnixMillis time, std::string event) {
  MutexLock lock(mutex_);
  if (passing_.size() >= kMostPassing) {
    passing_.pop_front();
    ++lost_;
  }
  passing_.push_back({++last_passing_, time, std::move(event)});
  woken_ = true;
  changed_.notify_all();
}

std::int64_t Courier::passing() const {
  MutexLock lock(mutex_);
  return static_cast<std::int64_t>(passing_.size());
}

std::optional<UnixMillis> Courier::next_try() const {
  MutexLock lock(mutex_);
  return next_try_;
}

void Courier::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bool good = false;
    try {
      good = step(stop);
    } catch (const std::exception& error) {
      ++attempts_;
      log::warning("webhook events wait",
                   {{"webhook", id_}, {"error", error.what()}});
    }
    if (!good) back_off(stop);
  }
}

// Delivers one event, or sleeps when there is none; false when it failed.
bool Courier::step(const std::stop_token& stop) {
  const auto webhook = webhooks_.find(id_);
  std::optional<Item> item;
  if (webhook && webhook->enabled) item = next();
  if (!item) {
    sleep(stop);
    return true;
  }
  if (drop_if_late(*item)) return true;
  return deliver(*webhook, *item, stop);
}

// The older one of the two kinds, as they happened: a blob goes before the
// manifest that names it.
std::optional<Courier::Item> Courier::next() {
  {
    MutexLock lock(mutex_);
    woken_ = retry_ = false;
  }
  auto kept = services_.db.read(
      [&](Connection& db) { return first_waiting(db, id_); });
  MutexLock lock(mutex_);
  if (!passing_.empty() && (!kept || passing_.front().time <= kept->time)) {
    return Item{true, passing_.front()};
  }
  if (!kept) return {};
  return Item{false, std::move(*kept)};
}

bool Courier::drop_if_late(const Item& item) {
  const auto until =
      services_.clock.now() -
      services_.settings.duration("registry.webhook_give_up").count();
  if (item.event.time >= until) return false;
  if (item.passing) {
    MutexLock lock(mutex_);
    drop_passing(item.event.number);
    ++lost_;
  } else {
    const auto dropped = services_.db.write(
        [&](Transaction& tx) { return drop_waiting(tx, id_, until); });
    log::warning("webhook events given up",
                 {{"webhook", id_}, {"events", dropped}});
  }
  attempts_ = 0;
  return true;
}

bool Courier::deliver(const Webhook& webhook, const Item& item,
                      const std::stop_token& stop) {
  auto delivery = send_event(services_, webhook, item.event.event, stop);
  if (stop.stop_requested() && !delivery.error.empty()) return true;
  delivery.attempt = ++attempts_;
  finish(item, delivery);
  if (!delivery.error.empty()) return false;
  attempts_ = 0;
  return true;
}

void Courier::finish(const Item& item, const Delivery& delivery) {
  services_.metrics
      .counter("skerry_registry_webhook_deliveries_total",
               "Attempts to deliver an event to a webhook",
               {{"outcome", delivery.error.empty() ? "accepted" : "failed"}})
      .add();
  std::int64_t lost = 0;
  {
    MutexLock lock(mutex_);
    if (item.passing && delivery.error.empty()) drop_passing(item.event.number);
    lost = std::exchange(lost_, 0);
  }
  services_.db.write([&](Transaction& tx) {
    if (lost > 0) count_dropped(tx, id_, lost);
    record_delivery(tx, id_, delivery);
    if (!item.passing && delivery.error.empty()) {
      remove_waiting(tx, id_, item.event.number);
    }
  });
}

void Courier::drop_passing(std::int64_t number) {
  if (!passing_.empty() && passing_.front().number == number) {
    passing_.pop_front();
  }
}

void Courier::sleep(const std::stop_token& stop) {
  const auto until = steady_clock::now() + kLookEvery;
  MutexLock lock(mutex_);
  while (!woken_ && !stop.stop_requested()) {
    if (!changed_.wait_until(mutex_, until)) return;
  }
  // A webhook that is gone or disabled does not look at what woke it.
  woken_ = false;
}

void Courier::back_off(const std::stop_token& stop) {
  milliseconds delay =
      services_.settings.duration("registry.webhook_retry");
  for (std::int64_t i = 1; i < attempts_ && delay < kLongestRetry; ++i) {
    delay *= 2;
  }
  delay = std::min(delay, kLongestRetry);
  const auto until = steady_clock::now() + delay;
  MutexLock lock(mutex_);
  next_try_ = services_.clock.now() + delay.count();
  while (!retry_ && !stop.stop_requested()) {
    if (!changed_.wait_until(mutex_, until)) break;
  }
  retry_ = false;
  next_try_.reset();
}

}  // namespace skerry::registry
