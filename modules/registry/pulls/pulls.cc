#include "pulls/pulls.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::registry {
namespace {

constexpr std::chrono::minutes kEvery{1};
// Rows in one transaction: it holds up others for a few milliseconds.
constexpr std::size_t kAtOnce = 1'000;

}  // namespace

Pulls::~Pulls() {
  if (writer_.joinable()) {
    writer_.request_stop();
    {
      MutexLock lock(sleep_);  // it sleeps, or has yet to look at the stop
      woken_.notify_all();
    }
    writer_.join();
  }
  try {
    flush();
  } catch (const Error& error) {
    log::warning("pulls of the last minute are not counted",
                 {{"error", error.message()}});
  }
}

void Pulls::start() {
  writer_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Pulls::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    {
      const auto until = std::chrono::steady_clock::now() + kEvery;
      MutexLock lock(sleep_);
      while (!stop.stop_requested() && woken_.wait_until(sleep_, until)) {
      }
    }
    if (stop.stop_requested()) return;
    try {
      flush();
    } catch (const Error& error) {
      log::warning("pulls cannot be written down; they are kept for later",
                   {{"error", error.message()}});
    }
  }
}

std::shared_ptr<PullCounter> Pulls::counter(const Place& place,
                                            std::string_view reference) {
  MutexLock lock(mutex_);
  auto& counter =
      counters_[{place.project_id, place.repository}][std::string(reference)];
  if (!counter) counter = std::make_shared<PullCounter>();
  return counter;
}

PullCounts Pulls::counts(Connection& db, const Place& place) {
  PullCounts found;
  auto row = db.query(
      "select p.reference, p.pulls, p.last from registry_repository r "
      "join registry_pull p on p.repository_id = r.id "
      "where r.project_id = ? and r.name = ?",
      place.project_id, place.repository);
  while (row.next()) found[row.text(0)] = {row.integer(1), row.integer(2)};
  MutexLock lock(mutex_);
  const auto it = counters_.find({place.project_id, place.repository});
  if (it == counters_.end()) return found;
  for (const auto& [reference, counter] : it->second) {
    const auto pulls = counter->count_.load(std::memory_order_relaxed);
    if (pulls == 0) continue;
    found[reference].add(
        {pulls, counter->last_.load(std::memory_order_relaxed)});
  }
  return found;
}

// Those that counted something; those that nobody holds and that counted
// nothing since the last time go.
std::vector<Pulls::Unwritten> Pulls::collect() {
  std::vector<Unwritten> found;
  MutexLock lock(mutex_);
  for (auto group = counters_.begin(); group != counters_.end();) {
    auto& counters = group->second;
    for (auto it = counters.begin(); it != counters.end();) {
      const auto pulls = it->second->count_.load(std::memory_order_relaxed);
      if (pulls > 0) {
        found.push_back({group->first, it->first, it->second,
                         {pulls, it->second->last_.load(
                                     std::memory_order_relaxed)}});
      } else if (it->second.use_count() == 1) {
        it = counters.erase(it);
        continue;
      }
      ++it;
    }
    group = counters.empty() ? counters_.erase(group) : std::next(group);
  }
  return found;
}

// A count is taken off only when it is written: nothing is lost when that
// fails.
void Pulls::flush() {
  MutexLock writing(writing_);
  const auto all = collect();
  for (std::size_t at = 0; at < all.size(); at += kAtOnce) {
    const auto part =
        std::span(all).subspan(at, std::min(kAtOnce, all.size() - at));
    db_.write([&](Transaction& tx) {
      for (const auto& one : part) {
        tx.run(
            "insert into registry_pull (repository_id, reference, pulls, last) "
            "select id, ?, ?, ? from registry_repository "
            "where project_id = ? and name = ? "
            "on conflict (repository_id, reference) do update set "
            "pulls = pulls + excluded.pulls, last = max(last, excluded.last)",
            one.reference, one.count.pulls, one.count.last, one.key.first,
            one.key.second);
      }
    });
    for (const auto& one : part) {
      one.counter->count_.fetch_sub(one.count.pulls,
                                    std::memory_order_relaxed);
    }
  }
}

}  // namespace skerry::registry
