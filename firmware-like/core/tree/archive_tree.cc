#include <archive.h>
#include <archive_entry.h>

#include "core/error.h"
#include "core/store/digest.h"
#include "core/tree/memory_tree.h"

namespace skerry {
namespace {

constexpr std::size_t kMaxEntries = 100'000;

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Reader = std::unique_ptr<archive, FreeArchive>;

Reader open_reader(std::string_view bytes) {
  Reader reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_zstd(reader.get());
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) !=
      ARCHIVE_OK) {
    fail(ErrorCode::invalid, "not a tar archive: {}",
         archive_error_string(reader.get()));
  }
  return reader;
}

std::string read_content(archive* reader, const std::string& path,
                         std::uint64_t& room) {
  std::string content;
  char buffer[16 << 10];
  for (;;) {
    const la_ssize_t got = archive_read_data(reader, buffer, sizeof buffer);
    if (got < 0) {
      fail(ErrorCode::invalid, "archive is damaged at '{}': {}", path,
           archive_error_string(reader));
    }
    if (got == 0) return content;
    const auto size = static_cast<std::uint64_t>(got);
    if (size > room) {
      fail(ErrorCode::too_large, "archive unpacks to more than is allowed");
    }
    room -= size;
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

// What one header stands for; nothing for folders, which exist through their
// files.
std::optional<MemoryFile> read_entry(archive* reader, archive_entry* entry,
                                     const std::string& path,
                                     std::uint64_t& room) {
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
      return std::nullopt;
    case AE_IFLNK:
      return MemoryFile{archive_entry_symlink(entry), EntryKind::symlink};
    case AE_IFREG:
      if (archive_entry_hardlink(entry) != nullptr) break;
      return MemoryFile{read_content(reader, path, room),
                        (archive_entry_perm(entry) & 0100) != 0
                            ? EntryKind::executable
                            : EntryKind::file};
    default:
      break;
  }
  fail(ErrorCode::invalid,
       "archive entry '{}' is neither a file, a folder nor a symbolic link",
       path);
}

}  // namespace

std::unique_ptr<Tree> open_archive_tree(std::string_view bytes,
                                        std::uint64_t limit) {
  const Reader reader = open_reader(bytes);
  std::map<std::string, MemoryFile> files;
  std::uint64_t room = limit;
  std::size_t entries = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      fail(ErrorCode::invalid, "not a tar archive: {}",
           archive_error_string(reader.get()));
    }
    if (++entries > kMaxEntries) {
      fail(ErrorCode::too_large, "archive has more than {} entries",
           kMaxEntries);
    }
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr) {
      fail(ErrorCode::invalid, "archive has an entry without a readable name");
    }
    const std::string path = clean_path(name);
    auto file = read_entry(reader.get(), entry, path, room);
    if (file && !path.empty()) files[path] = std::move(*file);
  }
  return make_memory_tree_with_id(digest_of(bytes).to_string(),
                                  std::move(files));
}

}  // namespace skerry
