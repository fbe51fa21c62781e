// The event log: what happened, in order, small. An event says that the state
// of `subject` under `topic` is now at `version`; who cares reads the state.
//
//   topic           subject                       version
//   RefUpdated      <project>/<repo>:<ref>        new object id, zeros: deleted
//   RunQueued       <project>/<repo>#<number>     run id
//   RunFinished     <project>/<repo>#<number>     result (SUCCESS, FAILURE ...)
//   ImagePushed     <project>/<repository>:<tag>  manifest digest
//   TagDeleted      <project>/<repository>:<tag>  manifest digest
//   ManifestDeleted <project>/<repository>        manifest digest
//   ImageMirrored   <project>/<repository>:<tag>  manifest digest, fetched from
//                                                 an upstream registry
//   ChartPublished  <project>/<chart>             version
//   ApplicationChanged <project>/<application>    what changed
//   SyncFinished    <project>/<application>       revision
//   SettingChanged  <setting>                     time
//   RepositoryDeleted <project>/<repo>            its number
//   ProjectDeleted  <project>                     its number
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "core/store/sqlite.h"

namespace skerry {

struct Event {
  std::int64_t id = 0;  // grows by one
  UnixMillis time = 0;
  std::string topic;
  std::string subject;
  std::string version;
};

// Acts within the transaction that appends an event: what it writes happens
// with the event or not at all. For what must never be seen half done, such as
// what goes with a repository; everything else is a subscription. It runs under
// the database's write lock: rows only, anything slow after_commit().
struct Follower {
  std::string topic;
  std::function<void(Transaction&, const Event&)> handle;
};

// Thread-safe.
class EventLog {
 public:
  EventLog(Database& db, const Clock& clock);

  // Before anything is appended.
  void follow(Follower follower) { followers_.push_back(std::move(follower)); }
  // Appends in the caller's transaction; waiters wake after its commit.
  void append(Transaction& tx, std::string_view topic, std::string_view subject,
              std::string_view version);
  // At most `limit` events with an id above `after`, in order.
  std::vector<Event> after(std::int64_t after, std::size_t limit = 256);
  std::int64_t last_id();
  // Until an event above `after` is committed (true), or the time or the stop
  // token runs out (false).
  bool wait(std::int64_t after, std::chrono::milliseconds timeout,
            std::stop_token stop = {});
  // The same for an event of one of these topics that was appended since the
  // program began.
  bool wait_for(const std::vector<std::string>& topics, std::int64_t after,
                std::chrono::milliseconds timeout, std::stop_token stop = {});
  // Deletes events older than `before` that every cursor has passed; the
  // number deleted.
  std::int64_t prune(UnixMillis before);

  static std::span<const Migration> migrations();

 private:
  bool has_new(const std::vector<std::string>& topics, std::int64_t after)
      REQUIRES(mutex_);

  Database& db_;
  const Clock& clock_;
  std::vector<Follower> followers_;
  Mutex mutex_;
  Condition changed_;
  std::int64_t last_ GUARDED_BY(mutex_) = -1;  // -1: not read yet
  std::map<std::string, std::int64_t, std::less<>> last_of_
      GUARDED_BY(mutex_);  // by topic
  // Who waits for a topic sleeps apart, so that a push wakes only those whom it
  // concerns.
  struct Waiter {
    const std::vector<std::string>& topics;
    Condition woken;
  };
  std::vector<Waiter*> waiters_ GUARDED_BY(mutex_);
};

// A durable consumer. `handle` gets each event of its topics in order; its
// cursor moves when it returns, is written down within a second, and passes
// events of other topics now and then. It must be idempotent: after a crash
// events may come again. When it throws, the event is tried again with growing
// delay (100 ms to 30 s). `rescan`, if set, is called at start and every
// `rescan_every`, and compares what should be with what is.
struct Subscription {
  std::string name;  // stable: the cursor's key
  std::vector<std::string> topics;
  std::function<void(const Event&)> handle;
  std::function<void()> rescan;
  std::chrono::milliseconds rescan_every{60'000};
};

// Runs subscriptions, one thread each, until destroyed or stopped.
class EventConsumers {
 public:
  EventConsumers(EventLog& log, Database& db);
  ~EventConsumers();
  void start(Subscription subscription);
  void stop();

 private:
  void consume(const Subscription& subscription, std::stop_token stop);
  EventLog& log_;
  Database& db_;
  std::vector<std::jthread> threads_;
};

}  // namespace skerry
