// The log of one run: whole lines, each from one branch, secrets hidden,
// bounded in size, appended as they come.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/os/fd.h"
#include "core/os/mutex.h"
#include "runs/masker.h"

namespace skerry::ci {

// Where the bytes go. Thread-safe.
using LogSink = std::function<void(std::string_view)>;
// Appends to a file, made with its folders; throws when it cannot be opened.
LogSink open_log_file(const std::filesystem::path& file);

// Thread-safe.
class RunLog {
 public:
  // `begin` bytes stand in the sink already.
  RunLog(LogSink sink, const Clock& clock, std::uint64_t max_bytes,
         std::uint64_t begin = 0);

  std::uint64_t size() const;
  void add_secret(std::string_view secret);
  std::vector<std::string> secrets() const;
  std::size_t secret_count() const;  // grows only
  // Why the log is not whole ("No space left on device"); empty when it is.
  std::string problem() const;

  // Complete lines. `ours` are what Skerry itself says: they are kept also
  // when what the pipeline printed was more than the log may hold.
  void append(std::string_view lines, bool ours);
  const Clock& clock() const { return clock_; }

 private:
  void write(std::string_view bytes) REQUIRES(mutex_);

  const LogSink sink_;
  const Clock& clock_;
  const std::uint64_t max_bytes_;
  mutable Mutex mutex_;
  std::uint64_t size_ GUARDED_BY(mutex_);
  std::uint64_t ours_ GUARDED_BY(mutex_) = 0;
  bool cut_ GUARDED_BY(mutex_) = false;
  std::string problem_ GUARDED_BY(mutex_);
  std::vector<std::string> secrets_ GUARDED_BY(mutex_);
};

// One source of lines: the output of a script, in one branch. Not thread-safe.
class LogStream {
 public:
  LogStream(RunLog& log, std::string prefix, bool timestamps,
            bool ours = false);
  // Ends the last line.
  ~LogStream();
  LogStream(const LogStream&) = delete;
  LogStream& operator=(const LogStream&) = delete;
  void write(std::string_view bytes);

 private:
  void add(std::string_view shown);
  void end_line(std::string& out);

  RunLog& log_;
  const std::string prefix_;
  const bool timestamps_;
  const bool ours_;
  std::size_t secrets_known_ = 0;
  Masker masker_;
  std::string line_;
};

}  // namespace skerry::ci
