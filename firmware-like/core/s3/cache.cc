#include "core/s3/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"

namespace skerry::s3 {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBootFile = "/proc/sys/kernel/random/boot_id";
constexpr const char* kLife = "life";  // the boot it was written in, or "clean"
constexpr std::string_view kClean = "clean";

std::string this_boot() {
  const Fd file(::open(kBootFile, O_RDONLY | O_CLOEXEC));
  char text[64];
  const ssize_t got = file ? ::read(file.get(), text, sizeof text) : 0;
  return got > 0 ? std::string(text, static_cast<std::size_t>(got))
                 : std::string("unknown");
}

bool trusted(const fs::path& folder) {
  if (!fs::exists(folder / kLife)) return false;
  const auto life = read_file(folder / kLife, 256);
  return life == kClean || (life == this_boot() && life != "unknown");
}

std::string name_of(const Digest& digest) {
  std::string name = digest.to_string();
  std::replace(name.begin(), name.end(), ':', '-');
  return name;
}

bool is_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', ':');
  return Digest::parse(name).has_value();
}

}  // namespace

Cache::Cache(fs::path folder, std::uint64_t most_bytes)
    : folder_(std::move(folder)),
      scratch_(folder_ / "arriving"),
      most_(most_bytes) {
  if (!trusted(folder_)) remove_tree(folder_);
  remove_tree(scratch_);
  fs::create_directories(scratch_);
  write_file_atomically(folder_ / kLife, this_boot());
  load();
  MutexLock lock(mutex_);
  drop_to(most_);
}

Cache::~Cache() {
  try {
    const Fd folder(::open(folder_.c_str(), O_RDONLY | O_CLOEXEC));
    if (folder && ::syncfs(folder.get()) == 0) {
      write_file_atomically(folder_ / kLife, kClean);
    }
  } catch (const Error& error) {
    log::warning("the cache of the S3 store begins anew next time",
                 {{"error", error.message()}});
  }
}

void Cache::load() {
  std::vector<std::tuple<std::int64_t, std::string, std::uint64_t>> found;
  for (const auto& file : fs::directory_iterator(folder_)) {
    struct stat info {};
    const auto name = file.path().filename().native();
    if (!is_name(name) || ::stat(file.path().c_str(), &info) != 0) continue;
    found.emplace_back(
        info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec, name,
        static_cast<std::uint64_t>(info.st_size));
  }
  std::sort(found.begin(), found.end());
  MutexLock lock(mutex_);
  for (const auto& [time, name, size] : found) {
    entries_.push_front({name, size});
    by_name_[name] = entries_.begin();
    bytes_ += size;
  }
}

Fd Cache::open(const Digest& digest) {
  const std::string name = name_of(digest);
  MutexLock lock(mutex_);
  const auto it = by_name_.find(name);
  if (it == by_name_.end()) return Fd();
  Fd file(::open((folder_ / name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {  // somebody has cleaned up
    drop(it->second);
    return Fd();
  }
  entries_.splice(entries_.begin(), entries_, it->second);
  // So that the next life knows the order.
  ::futimens(file.get(), nullptr);
  return file;
}

void Cache::put(const fs::path& file, const Digest& digest,
                std::uint64_t size) {
  const std::string name = name_of(digest);
  std::error_code ignored;
  MutexLock lock(mutex_);
  if (!takes(size) ||
      ::rename(file.c_str(), (folder_ / name).c_str()) != 0) {
    fs::remove(file, ignored);
    return;
  }
  if (by_name_.contains(name)) return;  // the same bytes
  entries_.push_front({name, size});
  by_name_[name] = entries_.begin();
  bytes_ += size;
  drop_to(most_);
}

void Cache::remove(const Digest& digest) {
  MutexLock lock(mutex_);
  const auto it = by_name_.find(name_of(digest));
  if (it != by_name_.end()) drop(it->second);
}

bool Cache::shrink() {
  MutexLock lock(mutex_);
  if (entries_.empty()) return false;
  drop_to(bytes_ / 2);
  return true;
}

std::uint64_t Cache::bytes() const {
  MutexLock lock(mutex_);
  return bytes_;
}

void Cache::drop(Entries::iterator entry) {
  std::error_code ignored;
  fs::remove(folder_ / entry->name, ignored);
  bytes_ -= entry->size;
  by_name_.erase(entry->name);
  entries_.erase(entry);
}

void Cache::drop_to(std::uint64_t most) {
  while (bytes_ > most) drop(std::prev(entries_.end()));
}

}  // namespace skerry::s3
