#include "image/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {

Spool::Spool(const std::filesystem::path& folder) {
  std::string name = (folder / "spool-XXXXXX").string();
  fd_ = Fd(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd_) fail_errno(folder.string());
  ::unlink(name.c_str());
}

std::uint64_t Spool::append(std::string_view bytes) {
  write_all(fd_.get(), bytes);
  const std::uint64_t at = size_;
  size_ += bytes.size();
  return at;
}

void Spool::read(std::uint64_t offset, std::uint64_t size,
                 const std::function<void(std::string_view)>& sink) const {
  std::string buffer(std::min<std::uint64_t>(size, 64u << 10), '\0');
  while (size > 0) {
    const std::size_t want =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer.size()));
    const ssize_t got =
        ::pread(fd_.get(), buffer.data(), want, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("scratch file of a build");
    if (got == 0) fail(ErrorCode::internal, "scratch file of a build is short");
    sink({buffer.data(), static_cast<std::size_t>(got)});
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::uint64_t>(got);
  }
}

void Content::each_piece(
    const std::function<void(std::string_view)>& sink) const {
  if (size == 0) return;
  if (tree != nullptr) {
    const std::string whole = tree->read(tree_path, size);
    if (whole.size() != size) {
      fail(ErrorCode::conflict, "'{}' changed while it was copied", tree_path);
    }
    sink(whole);
  } else if (spool) {
    spool->read(offset, size, sink);
  } else if (bytes) {
    sink(*bytes);
  } else {
    fail(ErrorCode::internal, "the content of a file was not kept");
  }
}

std::string Content::read(std::uint64_t limit) const {
  if (size > limit) {
    fail(ErrorCode::too_large, "a file is larger than {} bytes", limit);
  }
  std::string out;
  each_piece([&](std::string_view piece) { out += piece; });
  return out;
}

}  // namespace skerry::ci
