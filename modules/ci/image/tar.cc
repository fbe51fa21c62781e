#include "image/tar.h"

#include <archive.h>
#include <archive_entry.h>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {
namespace {

constexpr const char* kCapability = "security.capability";

struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

void free_reader(archive* a) { archive_read_free(a); }

std::string_view or_empty(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

[[noreturn]] void fail_archive(archive* a) {
  fail(ErrorCode::invalid, "not a readable tar archive: {}",
       or_empty(archive_error_string(a)));
}

std::string capability_of(archive_entry* entry) {
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  archive_entry_xattr_reset(entry);
  while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
    if (or_empty(name) == kCapability) {
      return {static_cast<const char*>(value), size};
    }
  }
  return {};
}

FileNode node_of(archive_entry* entry) {
  FileNode node;
  node.mode = static_cast<unsigned>(archive_entry_perm(entry)) & 07777;
  node.user = static_cast<std::uint32_t>(archive_entry_uid(entry));
  node.group = static_cast<std::uint32_t>(archive_entry_gid(entry));
  if (const char* link = archive_entry_hardlink(entry)) {
    node.kind = FileNode::Kind::hardlink;
    node.target = link;
    return node;
  }
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      node.kind = FileNode::Kind::file;
      node.content.size = static_cast<std::uint64_t>(archive_entry_size(entry));
      node.capability = capability_of(entry);
      break;
    case AE_IFDIR:
      node.kind = FileNode::Kind::folder;
      break;
    case AE_IFLNK:
      node.kind = FileNode::Kind::symlink;
      node.mode = 0777;  // nobody looks at it, and it differs by system
      node.target = or_empty(archive_entry_symlink(entry));
      break;
    default:
      node.kind = FileNode::Kind::other;
  }
  return node;
}

archive* make_reader() {
  archive* a = archive_read_new();
  if (a == nullptr) throw std::bad_alloc();
  archive_read_support_format_tar(a);
  archive_read_support_filter_gzip(a);
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_zstd(a);
  return a;
}

}  // namespace

struct TarWriter::State {
  int fd;
  std::int64_t modified;
  Hasher hasher = Hasher();
  std::uint64_t size = 0;
  // An exception may not pass through libarchive.
  std::exception_ptr failure;
  std::unique_ptr<archive, int (*)(archive*)> out{archive_write_new(),
                                                  &archive_write_free};

  static la_ssize_t write(archive* a, void* self, const void* data,
                          std::size_t length) {
    auto& state = *static_cast<State*>(self);
    try {
      const std::string_view bytes(static_cast<const char*>(data), length);
      write_all(state.fd, bytes);
      state.hasher.update(bytes);
      state.size += length;
      return static_cast<la_ssize_t>(length);
    } catch (...) {
      state.failure = std::current_exception();
      archive_set_error(a, EIO, "cannot write");
      return -1;
    }
  }

  void check(la_ssize_t status) {
    if (failure) std::rethrow_exception(failure);
    if (status < 0 && status != ARCHIVE_WARN) fail_archive(out.get());
  }
};

TarWriter::TarWriter(int fd, std::int64_t modified)
    : state_(std::make_unique<State>(
          State{.fd = fd, .modified = modified, .failure = nullptr})) {
  archive* out = state_->out.get();
  archive_write_set_format_pax_restricted(out);
  archive_write_set_bytes_per_block(out, 64 << 10);
  archive_write_set_bytes_in_last_block(out, 1);  // no padding past the end
  state_->check(
      archive_write_open(out, state_.get(), nullptr, &State::write, nullptr));
}

TarWriter::~TarWriter() = default;

void TarWriter::add(const std::string& path, const FileNode& node) {
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  archive_entry* e = entry.get();
  archive_entry_set_pathname(e, path.c_str());
  archive_entry_set_perm(e, static_cast<mode_t>(node.mode));
  archive_entry_set_uid(e, node.user);
  archive_entry_set_gid(e, node.group);
  archive_entry_set_mtime(e, static_cast<time_t>(state_->modified), 0);
  switch (node.kind) {
    case FileNode::Kind::file:
      archive_entry_set_filetype(e, AE_IFREG);
      archive_entry_set_size(e, static_cast<la_int64_t>(node.content.size));
      if (!node.capability.empty()) {
        archive_entry_xattr_add_entry(e, kCapability, node.capability.data(),
                                      node.capability.size());
      }
      break;
    case FileNode::Kind::folder:
      archive_entry_set_filetype(e, AE_IFDIR);
      break;
    case FileNode::Kind::symlink:
      archive_entry_set_filetype(e, AE_IFLNK);
      archive_entry_set_symlink(e, node.target.c_str());
      break;
    case FileNode::Kind::hardlink:
      archive_entry_set_filetype(e, AE_IFREG);
      archive_entry_set_hardlink(e, node.target.c_str());
      break;
    case FileNode::Kind::other:
      fail(ErrorCode::invalid, "'/{}' is a device or a pipe", path);
  }
  state_->check(archive_write_header(state_->out.get(), e));
  if (node.kind != FileNode::Kind::file) return;
  node.content.each_piece([&](std::string_view piece) {
    while (!piece.empty()) {
      const la_ssize_t written =
          archive_write_data(state_->out.get(), piece.data(), piece.size());
      state_->check(written);
      if (written <= 0) fail_archive(state_->out.get());
      piece.remove_prefix(static_cast<std::size_t>(written));
    }
  });
}

Digest TarWriter::finish() {
  state_->check(archive_write_close(state_->out.get()));
  return state_->hasher.finish();
}

std::uint64_t TarWriter::size() const { return state_->size; }

TarReader::TarReader(std::string_view bytes)
    : archive_(make_reader(), &free_reader) {
  if (archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) !=
      ARCHIVE_OK) {
    fail_archive(archive_.get());
  }
}

TarReader::TarReader(const Fd& fd) : archive_(make_reader(), &free_reader) {
  if (archive_read_open_fd(archive_.get(), fd.get(), 64 << 10) != ARCHIVE_OK) {
    fail_archive(archive_.get());
  }
}

TarReader::~TarReader() = default;

std::optional<TarEntry> TarReader::next() {
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(archive_.get(), &entry);
  if (status == ARCHIVE_EOF) return std::nullopt;
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
    fail_archive(archive_.get());
  }
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) {
    fail(ErrorCode::invalid, "the archive has an entry without a name");
  }
  return TarEntry{name, node_of(entry)};
}

void TarReader::read(const std::function<void(std::string_view)>& sink) {
  char buffer[64 << 10];
  while (true) {
    const la_ssize_t got =
        archive_read_data(archive_.get(), buffer, sizeof buffer);
    if (got < 0) fail_archive(archive_.get());
    if (got == 0) return;
    sink({buffer, static_cast<std::size_t>(got)});
  }
}

bool is_tar(std::string_view bytes) {
  const std::unique_ptr<archive, void (*)(archive*)> reader(make_reader(),
                                                            &free_reader);
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) !=
      ARCHIVE_OK) {
    return false;
  }
  const int status = archive_read_next_header(reader.get(), &entry);
  return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

}  // namespace skerry::ci
