#include "core/s3/arrivals.h"

#include <system_error>

#include "core/os/random.h"
#include "core/telemetry/log.h"

namespace skerry::s3 {
namespace {

constexpr std::size_t kMost = 16;

}  // namespace

void Arrivals::Arrival::rethrow() {
  MutexLock lock(mutex_);
  if (error_) throw *error_;
  fail(ErrorCode::unavailable, "the server is stopping");
}

void Arrivals::Arrival::fail_with(Error error) {
  {
    MutexLock lock(mutex_);
    error_ = std::move(error);
  }
  file.finish(false);
}

Arrivals::~Arrivals() {
  std::list<Running> running;
  {
    MutexLock lock(mutex_);
    running.swap(running_);  // the nodes stay where they are
  }
  for (auto& one : running) one.thread.join();
}

std::shared_ptr<Arrivals::Arrival> Arrivals::find(const Digest& digest) {
  MutexLock lock(mutex_);
  const auto it = by_hex_.find(digest.hex);
  return it == by_hex_.end() ? nullptr : it->second;
}

std::shared_ptr<Arrivals::Arrival> Arrivals::join(const Digest& digest,
                                                  std::uint64_t size) {
  MutexLock lock(mutex_);
  return join_locked(digest, size);
}

std::shared_ptr<Arrivals::Arrival> Arrivals::wait_to_join(const Digest& digest,
                                                          std::uint64_t size) {
  MutexLock lock(mutex_);
  for (;;) {
    if (auto arrival = join_locked(digest, size)) return arrival;
    fewer_.wait(mutex_);
  }
}

std::shared_ptr<Arrivals::Arrival> Arrivals::join_locked(const Digest& digest,
                                                         std::uint64_t size) {
  if (const auto it = by_hex_.find(digest.hex); it != by_hex_.end()) {
    return it->second;
  }
  running_.remove_if([](const Running& one) { return one.over; });
  if (by_hex_.size() >= kMost) return nullptr;
  auto arrival = std::make_shared<Arrival>(cache_.scratch() / random_name(24),
                                           digest);
  arrival->file.begin(size);
  auto& running = running_.emplace_back(Running{arrival});
  try {
    running.thread =
        std::jthread([this, &running, size] { run(running, size); });
  } catch (const std::system_error&) {
    running_.pop_back();
    fail(ErrorCode::unavailable, "no thread to fetch a blob with");
  }
  by_hex_[digest.hex] = arrival;  // it cannot end before this lock goes
  return arrival;
}

void Arrivals::run(Running& running, std::uint64_t size) {
  const auto arrival = running.arrival;
  auto& file = arrival->file;
  try {
    fetch(file, size);
    cache_.put(file.path(), file.digest(), size);
    file.finish(true);
  } catch (const Error& error) {
    log::warning("a blob was not fetched from the S3 store",
                 {{"digest", file.digest().to_string()},
                  {"error", error.message()}});
    arrival->fail_with(error);
  } catch (const std::exception& error) {
    arrival->fail_with({ErrorCode::internal, error.what()});
  }
  MutexLock lock(mutex_);
  by_hex_.erase(file.digest().hex);
  running.arrival.reset();
  running.over = true;
  fewer_.notify_all();
}

void Arrivals::fetch(GrowingFile& file, std::uint64_t size) {
  const auto& digest = file.digest();
  if (!client_.get(keys_.blob(digest), 0, size, [&](std::string_view bytes) {
        append(file, bytes);
      })) {
    fail(ErrorCode::not_found, "blob {} has gone from the S3 store",
         digest.to_string());
  }
  if (const auto found = file.finish_hash(); found != digest) {
    fail(ErrorCode::io,
         "the bytes that the S3 store has for {} have the digest {}",
         digest.to_string(), found.to_string());
  }
}

// What is kept for nobody in particular goes first.
void Arrivals::append(GrowingFile& file, std::string_view bytes) {
  for (;;) {
    try {
      file.append(bytes);
      return;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable || !cache_.shrink()) throw;
    }
  }
}

}  // namespace skerry::s3
