#include "quarantine.h"

#include <git2/sys/odb_backend.h>

#include <algorithm>

#include "core/error.h"
#include "pack_file.h"
#include "repositories.h"
#include "sha1.h"

namespace skerry::git {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPackHeader = 12;
constexpr std::size_t kReadSize = 256u << 10;

// libgit2 reports a pack's faults as plain failures.
void check_pack(int status) {
  if (status < 0) {
    fail(ErrorCode::invalid, "the pack is damaged: {}", last_error());
  }
}

std::string readable(std::uint64_t bytes) {
  if (bytes < 10u << 10) return fmt::format("{} bytes", bytes);
  if (bytes < 10u << 20) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} MiB", bytes >> 20);
}

}  // namespace

Quarantine::Quarantine(fs::path folder, git_odb* repository, PackLimits limits)
    : folder_(std::move(folder)),
      repository_(repository),
      limits_(limits),
      place_(folder_ / "objects", kQuarantinePrefix) {}

void Quarantine::receive(const ByteSource& source) {
  std::vector<char> buffer(kReadSize);
  for (;;) {
    std::size_t got = source(buffer.data(), buffer.size());
    if (got == 0) break;
    bytes_ += got;
    if (bytes_ > limits_.pack_bytes) {
      fail(ErrorCode::too_large,
           "the pack is larger than {}, the limit of this server "
           "(git.max_pack_size)",
           readable(limits_.pack_bytes));
    }
    append({buffer.data(), got});
  }
  if (header_.size() < kPackHeader) {
    fail(ErrorCode::invalid, "the pack is missing or cut off");
  }
}

void Quarantine::append(std::string_view bytes) {
  if (header_.size() < kPackHeader) {
    std::size_t part = std::min(kPackHeader - header_.size(), bytes.size());
    header_ += bytes.substr(0, part);
    bytes.remove_prefix(part);
    if (header_.size() < kPackHeader) return;
    begin(header_);
  }
  if (indexer_) {
    check_pack(git_indexer_append(indexer_.get(), bytes.data(), bytes.size(),
                                  &progress_));
  } else {
    empty_tail_ += bytes.substr(0, 2 * kOidBytes);
  }
}

void Quarantine::begin(std::string_view header) {
  auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      value = value << 8 | static_cast<unsigned char>(header[i]);
    }
    return value;
  };
  if (!header.starts_with("PACK") || (number(4) != 2 && number(4) != 3)) {
    fail(ErrorCode::invalid, "the pack does not begin as one");
  }
  std::uint32_t count = number(8);
  if (count > limits_.objects) {
    fail(ErrorCode::too_large,
         "the pack has {} objects, the limit of this server is {} "
         "(git.max_objects)",
         count, limits_.objects);
  }
  if (count == 0) return;
  git_indexer_options options;
  check(git_indexer_options_init(&options, GIT_INDEXER_OPTIONS_VERSION),
        "prepare to receive a pack");
  options.progress_cb_payload = this;
  options.progress_cb = [](const git_indexer_progress* at, void* self) {
    auto& step = static_cast<Quarantine*>(self)->step_;
    try {
      if (step) step(at->indexed_objects, at->total_objects);
    } catch (const std::exception&) {
      return -1;  // the client has gone, or the daemon stops
    }
    return 0;
  };
  git_indexer* indexer = nullptr;
  check(git_indexer_new(&indexer, place_.path().c_str(), 0444, repository_,
                        &options),
        "receive a pack");
  indexer_.reset(indexer);
  check_pack(
      git_indexer_append(indexer, header.data(), header.size(), &progress_));
}

void Quarantine::finish(
    const std::function<void(std::size_t, std::size_t)>& step) {
  if (!indexer_) {
    Sha1 sha1;
    sha1.update(header_);
    if (empty_tail_.size() != kOidBytes ||
        sha1.finish() != Oid::from_raw(empty_tail_.data())) {
      fail(ErrorCode::invalid, "the pack is damaged: wrong checksum");
    }
    open_objects({});
    return;
  }
  step_ = step;
  // For the whole process; every push has the same limit, a repack has none.
  if (limits_.object_bytes != UINT64_MAX) {
    git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE,
                     static_cast<size_t>(limits_.object_bytes));
  }
  int status = git_indexer_commit(indexer_.get(), &progress_);
  step_ = nullptr;
  check_pack(status);
  name_ = std::string("pack-") + git_indexer_name(indexer_.get());
  indexer_.reset();
  fs::path index = place_.path() / (name_ + ".idx");
  check_sizes(index);
  open_objects(index);
}

// Deltas were checked as they were resolved; what is stored whole is checked
// here.
void Quarantine::check_sizes(const fs::path& index) const {
  PackFile pack(index);
  MappedFile map(fs::path(index).replace_extension(".pack"));
  for (std::uint32_t i = 0; i < pack.count(); ++i) {
    std::uint64_t offset = pack.offset(i);
    EntryHeader header =
        parse_entry_header(map.data() + offset, map.size() - offset, offset);
    if (header.size > limits_.object_bytes) {
      fail(ErrorCode::too_large,
           "object {} has {}, the limit of this server is {} "
           "(git.max_object_size)",
           pack.id(i).hex(), readable(header.size),
           readable(limits_.object_bytes));
    }
  }
}

void Quarantine::open_objects(const fs::path& index) {
  git_odb* odb = nullptr;
  check(git_odb_new(&odb), "open the quarantine");
  odb_.reset(odb);
  check(git_odb_add_disk_alternate(odb, (folder_ / "objects").c_str()),
        "open the object database");
  if (!index.empty()) {
    git_odb_backend* backend = nullptr;
    check(git_odb_backend_one_pack(&backend, index.c_str()),
          "open the received pack");
    constexpr int kBeforeOthers = 100;
    check(git_odb_add_backend(odb, backend, kBeforeOthers),
          "open the received pack");
  }
  objects_.emplace(odb);
}

void Quarantine::publish() {
  if (name_.empty()) return;
  fs::path from = place_.path() / name_;
  fs::path to = folder_ / "objects" / "pack" / name_;
  // The index last: a pack is not there before its index is.
  for (const char* extension : {".pack", ".idx"}) {
    std::error_code fault;
    fs::rename(from.string() + extension, to.string() + extension, fault);
    if (fault) fail_errno("publish " + to.string(), fault.value());
  }
  fsync_folder(to.parent_path());
}

}  // namespace skerry::git
