#include "runs/run_log.h"

#include <fcntl.h>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {
namespace {

// A longer line is broken, so that memory stays bounded.
constexpr std::size_t kMaxLine = 64u << 10;
// What Skerry may say beyond the limit.
constexpr std::uint64_t kOursBeyond = 256u << 10;

}  // namespace

LogSink open_log_file(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  auto fd = std::make_shared<Fd>(::open(
      file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!*fd) fail_errno(file.native());
  return [fd](std::string_view bytes) { write_all(fd->get(), bytes); };
}

RunLog::RunLog(LogSink sink, const Clock& clock, std::uint64_t max_bytes,
               std::uint64_t begin)
    : sink_(std::move(sink)),
      clock_(clock),
      max_bytes_(max_bytes),
      size_(begin) {}

std::uint64_t RunLog::size() const {
  MutexLock lock(mutex_);
  return size_;
}

std::string RunLog::problem() const {
  MutexLock lock(mutex_);
  return problem_;
}

void RunLog::add_secret(std::string_view secret) {
  MutexLock lock(mutex_);
  for (std::string& form : forms_of(secret)) {
    secrets_.push_back(std::move(form));
  }
}

std::vector<std::string> RunLog::secrets() const {
  MutexLock lock(mutex_);
  return secrets_;
}

std::size_t RunLog::secret_count() const {
  MutexLock lock(mutex_);
  return secrets_.size();
}

void RunLog::write(std::string_view bytes) {
  if (!problem_.empty()) return;
  try {
    sink_(bytes);
    size_ += bytes.size();
  } catch (const Error& error) {
    problem_ = error.message();
  }
}

void RunLog::append(std::string_view lines, bool ours) {
  MutexLock lock(mutex_);
  if (size_ + lines.size() <= max_bytes_) {
    write(lines);
    return;
  }
  if (!cut_) {
    cut_ = true;
    // The lines that still fit, then the reason.
    const std::size_t room =
        static_cast<std::size_t>(max_bytes_ - std::min(max_bytes_, size_));
    const std::size_t end = lines.substr(0, room).rfind('\n');
    if (end != std::string_view::npos) {
      write(lines.substr(0, end + 1));
      lines.remove_prefix(end + 1);
    }
    write(fmt::format("[skerry] The log is cut here: it passed {} bytes "
                      "(setting ci.max_log_size).\n",
                      max_bytes_));
  }
  if (!ours || ours_ > kOursBeyond) return;
  ours_ += lines.size();
  write(lines);
}

LogStream::LogStream(RunLog& log, std::string prefix, bool timestamps,
                     bool ours)
    : log_(log),
      prefix_(std::move(prefix)),
      timestamps_(timestamps),
      ours_(ours),
      masker_({}) {}

LogStream::~LogStream() {
  add(masker_.flush());
  if (line_.empty()) return;
  std::string out;
  end_line(out);
  log_.append(out, ours_);
}

void LogStream::write(std::string_view bytes) {
  // Another branch may have opened a credential meanwhile.
  if (log_.secret_count() != secrets_known_) {
    auto secrets = log_.secrets();
    secrets_known_ = secrets.size();
    masker_.set_secrets(std::move(secrets));
  }
  add(masker_.feed(bytes));
}

void LogStream::end_line(std::string& out) {
  if (timestamps_) {
    out += fmt::format("[{}] ", to_rfc3339(log_.clock().now(), true));
  }
  out += prefix_;
  out += line_;
  out += '\n';
  line_.clear();
}

void LogStream::add(std::string_view shown) {
  std::string out;
  while (!shown.empty()) {
    const std::size_t end = shown.find('\n');
    const std::size_t room = kMaxLine - std::min(kMaxLine, line_.size());
    const std::size_t piece = std::min(std::min(end, shown.size()), room);
    line_ += shown.substr(0, piece);
    shown.remove_prefix(piece);
    if (!shown.empty() && shown.front() == '\n') {
      shown.remove_prefix(1);
      end_line(out);
    } else if (line_.size() >= kMaxLine) {
      end_line(out);
    }
  }
  if (!out.empty()) log_.append(out, ours_);
}

}  // namespace skerry::ci
