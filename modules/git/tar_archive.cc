#include "tar_archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "git_tree.h"
#include "history.h"

namespace skerry::git {
namespace {

using ArchivePtr = std::unique_ptr<::archive, decltype(&archive_write_free)>;
using EntryPtr = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

// libarchive calls it; what the writer throws must not pass through C.
struct Sink {
  const http::Response::Writer& write;
  std::exception_ptr failure;

  static la_ssize_t on_write(::archive*, void* self, const void* bytes,
                             size_t size) {
    auto* sink = static_cast<Sink*>(self);
    try {
      sink->write({static_cast<const char*>(bytes), size});
      return static_cast<la_ssize_t>(size);
    } catch (...) {
      sink->failure = std::current_exception();
      return -1;
    }
  }
};

class ArchiveWriter {
 public:
  explicit ArchiveWriter(Sink& sink)
      : sink_(sink), archive_(archive_write_new(), archive_write_free) {
    archive_write_set_format_pax_restricted(archive_.get());
    // Names are bytes; no locale has a say.
    archive_write_set_format_option(archive_.get(), "pax", "hdrcharset",
                                    "BINARY");
    archive_write_add_filter_gzip(archive_.get());
    // No time in the gzip header: equal content gives equal bytes.
    archive_write_set_filter_option(archive_.get(), "gzip", "timestamp",
                                    nullptr);
    archive_write_set_bytes_per_block(archive_.get(), 64 << 10);
    check(archive_write_open(archive_.get(), &sink_, nullptr, Sink::on_write,
                             nullptr));
  }

  void add(const std::string& path, const TreeEntry& entry, UnixMillis time,
           const std::string& content) {
    EntryPtr header(archive_entry_new(), archive_entry_free);
    bool folder =
        entry.kind == EntryKind::folder || entry.kind == EntryKind::submodule;
    archive_entry_set_pathname(header.get(),
                               folder ? (path + "/").c_str() : path.c_str());
    archive_entry_set_mtime(header.get(), time / 1000, 0);
    archive_entry_set_perm(
        header.get(),
        folder || entry.kind == EntryKind::executable ? 0775 : 0664);
    if (folder) {
      archive_entry_set_filetype(header.get(), AE_IFDIR);
    } else if (entry.kind == EntryKind::symlink) {
      archive_entry_set_filetype(header.get(), AE_IFLNK);
      archive_entry_set_symlink(header.get(), content.c_str());
    } else {
      archive_entry_set_filetype(header.get(), AE_IFREG);
      archive_entry_set_size(header.get(),
                             static_cast<la_int64_t>(content.size()));
    }
    check(archive_write_header(archive_.get(), header.get()));
    if (archive_entry_filetype(header.get()) == AE_IFREG && !content.empty()) {
      auto size = static_cast<la_ssize_t>(content.size());
      check(archive_write_data(archive_.get(), content.data(),
                               content.size()) == size
                ? ARCHIVE_OK
                : ARCHIVE_FATAL);
    }
  }

  void finish() { check(archive_write_close(archive_.get())); }

 private:
  void check(int status) {
    if (sink_.failure) std::rethrow_exception(sink_.failure);
    if (status < ARCHIVE_WARN) {
      const char* why = archive_error_string(archive_.get());
      fail(ErrorCode::io, "write the archive: {}",
           why == nullptr ? "unknown fault" : why);
    }
  }

  Sink& sink_;
  ArchivePtr archive_;
};

}  // namespace

void send_archive(Context& context, const Repository& repository,
                  const Oid& commit, std::string_view revision,
                  http::Response& response) {
  auto tree = open_git_tree(context, repository, commit);
  UnixMillis time = 0;
  {
    auto lease = context.repositories.open(repository);
    time = read_commit(lease.objects(), commit).time;
  }
  std::string label(revision);
  std::replace_if(
      label.begin(), label.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_');
      },
      '-');
  std::string top = repository.name + "-" + label;
  response.header("Content-Disposition",
                  "attachment; filename=\"" + top + ".tar.gz\"");
  response.stream("application/gzip", [&](const http::Response::Writer& write) {
    Sink sink{write, nullptr};
    ArchiveWriter archive(sink);
    walk(*tree, "", [&](const std::string& path, const TreeEntry& entry) {
      bool has_content =
          entry.kind != EntryKind::folder && entry.kind != EntryKind::submodule;
      archive.add(top + "/" + path, entry, time,
                  has_content ? tree->read(path) : std::string());
    });
    archive.finish();
  });
}

}  // namespace skerry::git
