#include <algorithm>

#include "core/error.h"
#include "core/events/event_log.h"
#include "core/telemetry/log.h"

namespace skerry {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr milliseconds kFirstRetry{100};
constexpr milliseconds kLastRetry{30'000};
constexpr milliseconds kWriteEvery{1'000};

// The place of one consumer in the log. A consumer that is new starts at the
// log's beginning. Where it stands is written down now and then: what was
// handled since is handled again after a crash, which consumers are made for.
class Cursor {
 public:
  Cursor(Database& db, const std::string& consumer)
      : db_(db), consumer_(consumer) {
    position_ = db_.read([&](Connection& c) {
      auto rows = c.query(
          "select event_id from event_cursor where consumer = ?", consumer_);
      return rows.next() ? rows.integer(0) : 0;
    });
    written_ = -1;
    write_down();
  }

  std::int64_t position() const { return position_; }
  void move_to(std::int64_t id) { position_ = id; }
  // How long until it should be written down; nothing when it is.
  std::optional<milliseconds> due() const {
    if (written_ == position_) return std::nullopt;
    const auto passed = std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now() - when_);
    return std::max(kWriteEvery - passed, milliseconds(0));
  }
  void write_down() {
    if (written_ == position_) return;
    const auto id = position_;
    db_.write([&](Transaction& tx) {
      tx.run(
          "insert into event_cursor (consumer, event_id) values (?, ?) "
          "on conflict (consumer) do update set event_id = excluded.event_id",
          consumer_, id);
    });
    written_ = id;
    when_ = std::chrono::steady_clock::now();
  }

 private:
  Database& db_;
  const std::string& consumer_;
  std::int64_t position_ = 0;
  std::int64_t written_ = 0;
  SteadyTime when_;
};

bool wants(const Subscription& subscription, const Event& event) {
  return std::find(subscription.topics.begin(), subscription.topics.end(),
                   event.topic) != subscription.topics.end();
}

// Sleeps for `time` unless a stop is requested.
void sleep_for(milliseconds time, const std::stop_token& stop) {
  Mutex mutex;
  Condition woken;
  const std::stop_callback wake(stop, [&] {
    MutexLock lock(mutex);
    woken.notify_all();
  });
  const auto deadline = std::chrono::steady_clock::now() + time;
  MutexLock lock(mutex);
  while (!stop.stop_requested()) {
    if (!woken.wait_until(mutex, deadline)) return;
  }
}

// Runs `work` until it succeeds or a stop is requested (false).
bool insist(const Subscription& subscription, const std::string& what,
            const std::function<void()>& work, const std::stop_token& stop) {
  milliseconds delay = kFirstRetry;
  while (!stop.stop_requested()) {
    try {
      work();
      return true;
    } catch (const std::exception& error) {
      log::warning("event consumer failed, will try again",
                   {{"consumer", subscription.name},
                    {"event", what},
                    {"error", error.what()},
                    {"again_in_ms", delay.count()}});
    }
    sleep_for(delay, stop);
    delay = std::min(delay * 2, kLastRetry);
  }
  return false;
}

}  // namespace

EventConsumers::EventConsumers(EventLog& log, Database& db)
    : log_(log), db_(db) {}

EventConsumers::~EventConsumers() { stop(); }

void EventConsumers::start(Subscription subscription) {
  threads_.emplace_back(
      [this, subscription = std::move(subscription)](std::stop_token stop) {
        try {
          consume(subscription, stop);
        } catch (const std::exception& error) {
          log::error("event consumer ended",
                     {{"consumer", subscription.name}, {"error", error.what()}});
        }
      });
}

void EventConsumers::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void EventConsumers::consume(const Subscription& subscription,
                             std::stop_token stop) {
  std::optional<Cursor> opened;
  insist(subscription, "start",
         [&] { opened.emplace(db_, subscription.name); }, stop);
  if (!opened) return;
  Cursor& cursor = *opened;
  SteadyTime next_rescan = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    if (subscription.rescan &&
        std::chrono::steady_clock::now() >= next_rescan) {
      insist(subscription, "rescan", subscription.rescan, stop);
      next_rescan =
          std::chrono::steady_clock::now() + subscription.rescan_every;
    }
    std::vector<Event> events;
    insist(subscription, "read",
           [&] { events = log_.after(cursor.position()); }, stop);
    for (const Event& event : events) {
      if (wants(subscription, event) &&
          !insist(subscription, event.topic + " " + event.subject,
                  [&] { subscription.handle(event); }, stop)) {
        break;  // a stop was requested
      }
      cursor.move_to(event.id);
    }
    const auto due = cursor.due();
    if (due && due->count() == 0) {
      insist(subscription, "cursor", [&] { cursor.write_down(); }, stop);
    }
    if (!events.empty()) continue;
    auto wait = subscription.rescan
                    ? std::chrono::duration_cast<milliseconds>(
                          next_rescan - std::chrono::steady_clock::now())
                    : subscription.rescan_every;
    if (due) wait = std::min(wait, *due);
    log_.wait_for(subscription.topics, cursor.position(),
                  std::max(wait, milliseconds(0)), stop);
  }
  try {
    cursor.write_down();
  } catch (const Error& error) {
    log::warning("a cursor was not written down: events will come again",
                 {{"consumer", subscription.name}, {"error", error.what()}});
  }
}

}  // namespace skerry
