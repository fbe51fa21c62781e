#include "core/events/event_log.h"

#include <algorithm>

namespace skerry {

std::span<const Migration> EventLog::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        -- The log itself. autoincrement: an id is never given twice, even
        -- after the newest events were pruned.
        create table event (
          id      integer primary key autoincrement,
          time    integer not null,   -- ms since 1970
          topic   text not null,
          subject text not null,
          version text not null
        );
        create index event_time on event (time);

        -- How far each durable consumer has come.
        create table event_cursor (
          consumer text primary key,
          event_id integer not null
        ) without rowid;
      )sql"},
  };
  return kMigrations;
}

EventLog::EventLog(Database& db, const Clock& clock) : db_(db), clock_(clock) {}

void EventLog::append(Transaction& tx, std::string_view topic,
                      std::string_view subject, std::string_view version) {
  const UnixMillis now = clock_.now();
  tx.run("insert into event (time, topic, subject, version) "
         "values (?, ?, ?, ?)",
         now, topic, subject, version);
  const std::int64_t id = tx.last_insert_id();
  for (const Follower& follower : followers_) {
    if (follower.topic != topic) continue;
    follower.handle(tx, {id, now, std::string(topic), std::string(subject),
                         std::string(version)});
  }
  tx.after_commit([this, id, topic = std::string(topic)] {
    MutexLock lock(mutex_);
    if (id > last_) last_ = id;
    auto& newest = last_of_[topic];
    newest = std::max(newest, id);
    changed_.notify_all();
    for (Waiter* waiter : waiters_) {
      if (std::find(waiter->topics.begin(), waiter->topics.end(), topic) !=
          waiter->topics.end()) {
        waiter->woken.notify_all();
      }
    }
  });
}

bool EventLog::has_new(const std::vector<std::string>& topics,
                       std::int64_t after) {
  for (const auto& topic : topics) {
    const auto it = last_of_.find(topic);
    if (it != last_of_.end() && it->second > after) return true;
  }
  return false;
}

bool EventLog::wait_for(const std::vector<std::string>& topics,
                        std::int64_t after, std::chrono::milliseconds timeout,
                        std::stop_token stop) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  Waiter waiter{topics, {}};
  const std::stop_callback wake(stop, [&] {
    MutexLock lock(mutex_);
    waiter.woken.notify_all();
  });
  MutexLock lock(mutex_);
  waiters_.push_back(&waiter);
  while (!has_new(topics, after) && !stop.stop_requested()) {
    if (!waiter.woken.wait_until(mutex_, deadline)) break;
  }
  std::erase(waiters_, &waiter);
  return has_new(topics, after);
}

std::vector<Event> EventLog::after(std::int64_t after, std::size_t limit) {
  return db_.read([&](Connection& c) {
    std::vector<Event> events;
    auto rows = c.query(
        "select id, time, topic, subject, version from event where id > ? "
        "order by id limit ?",
        after, limit);
    while (rows.next()) {
      events.push_back({rows.integer(0), rows.integer(1), rows.text(2),
                        rows.text(3), rows.text(4)});
    }
    return events;
  });
}

std::int64_t EventLog::last_id() {
  {
    MutexLock lock(mutex_);
    if (last_ >= 0) return last_;
  }
  const std::int64_t stored = db_.read([](Connection& c) {
    auto rows = c.query("select coalesce(max(id), 0) from event");
    rows.next();
    return rows.integer(0);
  });
  MutexLock lock(mutex_);
  if (stored > last_) last_ = stored;
  return last_;
}

bool EventLog::wait(std::int64_t after, std::chrono::milliseconds timeout,
                    std::stop_token stop) {
  if (last_id() > after) return true;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const std::stop_callback wake(stop, [this] {
    MutexLock lock(mutex_);
    changed_.notify_all();
  });
  MutexLock lock(mutex_);
  while (last_ <= after && !stop.stop_requested()) {
    if (!changed_.wait_until(mutex_, deadline)) break;
  }
  return last_ > after;
}

std::int64_t EventLog::prune(UnixMillis before) {
  return db_.write([&](Transaction& tx) {
    return tx.run(
        "delete from event where time < ? and id <= "
        "(select coalesce(min(event_id), 0) from event_cursor)",
        before);
  });
}

}  // namespace skerry
