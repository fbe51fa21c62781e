#include "pack_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <numeric>

#include "core/error.h"

namespace skerry::git {
namespace fs = std::filesystem;
namespace {

std::uint32_t big_endian_32(const unsigned char* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 |
         static_cast<std::uint32_t>(at[1]) << 16 |
         static_cast<std::uint32_t>(at[2]) << 8 | at[3];
}

Fd open_read(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail_errno("open " + path.string());
  return fd;
}

std::uint64_t size_of(const Fd& fd, const std::filesystem::path& path) {
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) fail_errno("stat " + path.string());
  return static_cast<std::uint64_t>(info.st_size);
}

// The index, version 2:
//   "\377tOc" version fanout[256] ids[n] crc32[n] offset32[n] offset64[m]
//   checksums. Bit 31 of an offset32 says that the rest indexes offset64.
constexpr std::uint64_t kFanout = 8;
constexpr std::uint64_t kIds = kFanout + 256 * 4;

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  Fd fd = open_read(path);
  size_ = size_of(fd, path);
  if (size_ == 0) return;
  void* map = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (map == MAP_FAILED) fail_errno("map " + path.string());
  data_ = static_cast<const unsigned char*>(map);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(const_cast<unsigned char*>(data_), size_);
  }
}

void MappedFile::drop_pages() const {
  if (data_ != nullptr) {
    ::madvise(const_cast<unsigned char*>(data_), size_, MADV_DONTNEED);
  }
}

EntryHeader parse_entry_header(const unsigned char* data,
                               std::uint64_t available, std::uint64_t offset) {
  auto broken = [offset]() {
    fail(ErrorCode::io, "the pack entry at {} is damaged", offset);
  };
  std::uint64_t at = 0;
  auto next = [&]() -> unsigned {
    if (at >= available) broken();
    return data[at++];
  };
  EntryHeader header;
  unsigned byte = next();
  header.type = static_cast<EntryType>(byte >> 4 & 7);
  header.size = byte & 15;
  for (int shift = 4; byte & 0x80; shift += 7) {
    if (shift > 57) broken();
    byte = next();
    header.size |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
  }
  if (header.type == EntryType::ofs_delta) {
    byte = next();
    std::uint64_t distance = byte & 0x7f;
    while (byte & 0x80) {
      if (distance > UINT64_MAX >> 9) broken();
      byte = next();
      distance = ((distance + 1) << 7) | (byte & 0x7f);
    }
    if (distance == 0 || distance > offset) broken();
    header.base_offset = offset - distance;
  } else if (header.type == EntryType::ref_delta) {
    if (available - at < kOidBytes) broken();
    header.base = Oid::from_raw(data + at);
    at += kOidBytes;
  } else if (byte = static_cast<unsigned>(header.type); byte < 1 || byte > 4) {
    broken();
  }
  header.header_bytes = at;
  return header;
}

PackFile::PackFile(const std::filesystem::path& index)
    : path_(index), index_(index) {
  const unsigned char* data = index_.data();
  auto damaged = [&]() {
    fail(ErrorCode::io, "the pack index {} is damaged", index.string());
  };
  if (index_.size() < kIds + 2 * kOidBytes ||
      std::memcmp(data, "\377tOc\0\0\0\2", 8) != 0) {
    damaged();
  }
  count_ = big_endian_32(data + kIds - 4);
  if (index_.size() < kIds + count_ * 28ull + 2 * kOidBytes) damaged();
  auto pack = std::filesystem::path(index).replace_extension(".pack");
  file_ = open_read(pack);
  size_ = size_of(file_, pack);
  if (size_ < 12 + kOidBytes) {
    fail(ErrorCode::io, "the pack {} is damaged", pack.string());
  }
}

std::optional<std::uint32_t> PackFile::find(const Oid& id) const {
  const unsigned char* fanout = index_.data() + kFanout;
  unsigned first = id.bytes[0];
  std::uint32_t low = first == 0 ? 0 : big_endian_32(fanout + (first - 1) * 4);
  std::uint32_t high = std::min(big_endian_32(fanout + first * 4), count_);
  const unsigned char* ids = index_.data() + kIds;
  while (low < high) {
    std::uint32_t middle = low + (high - low) / 2;
    int order = std::memcmp(ids + middle * std::uint64_t{kOidBytes},
                            id.bytes.data(), kOidBytes);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

Oid PackFile::id(std::uint32_t position) const {
  return Oid::from_raw(index_.data() + kIds +
                       position * std::uint64_t{kOidBytes});
}

std::uint32_t PackFile::crc(std::uint32_t position) const {
  return big_endian_32(index_.data() + kIds + count_ * 20ull + position * 4ull);
}

std::uint64_t PackFile::offset(std::uint32_t position) const {
  const unsigned char* offsets = index_.data() + kIds + count_ * 24ull;
  std::uint32_t value = big_endian_32(offsets + position * 4ull);
  std::uint64_t result = value;
  if (value & 0x80000000u) {
    std::uint64_t at = kIds + count_ * 28ull + (value & 0x7fffffffu) * 8ull;
    if (at + 8 > index_.size()) {
      fail(ErrorCode::io, "the pack index {} is damaged", path_.string());
    }
    const unsigned char* wide = index_.data() + at;
    result = static_cast<std::uint64_t>(big_endian_32(wide)) << 32 |
             big_endian_32(wide + 4);
  }
  if (result < 12 || result >= size_ - kOidBytes) {
    fail(ErrorCode::io, "the pack index {} points outside its pack",
         path_.string());
  }
  return result;
}

const std::vector<std::uint32_t>& PackFile::by_offset() const {
  MutexLock lock(mutex_);
  if (order_.size() != count_) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> entries(count_);
    for (std::uint32_t i = 0; i < count_; ++i) entries[i] = {offset(i), i};
    std::sort(entries.begin(), entries.end());
    order_.resize(count_);
    for (std::uint32_t i = 0; i < count_; ++i) order_[i] = entries[i].second;
  }
  return order_;
}

PackList PackCache::packs(const std::filesystem::path& repository) {
  MutexLock lock(mutex_);
  Entry& entry = entries_[repository.string()];
  entry.used = ++clock_;
  std::map<std::string, std::shared_ptr<const PackFile>> now;
  std::error_code fault;
  for (const auto& item : std::filesystem::directory_iterator(
           repository / "objects" / "pack", fault)) {
    if (item.path().extension() != ".idx") continue;
    auto replaced = fs::path(item.path()).replace_extension(".replaced");
    if (fs::exists(replaced, fault)) continue;
    std::string name = item.path().filename().string();
    auto known = entry.files.find(name);
    now[name] = known != entry.files.end()
                    ? known->second
                    : std::make_shared<const PackFile>(item.path());
  }
  entry.files = std::move(now);
  PackList list;
  for (const auto& [name, pack] : entry.files) list.push_back(pack);
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return a->count() > b->count();
  });
  if (entries_.size() > kMaxEntries) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) {
                                      return a.second.used < b.second.used;
                                    }));
  }
  return list;
}

void PackCache::forget(const std::filesystem::path& repository) {
  MutexLock lock(mutex_);
  entries_.erase(repository.string());
}

}  // namespace skerry::git
