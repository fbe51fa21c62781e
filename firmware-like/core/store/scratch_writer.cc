#include "core/store/scratch_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry {

ScratchWriter::ScratchWriter(BlobStore& store, std::filesystem::path file,
                             DigestAlgorithm algorithm)
    : store_(store),
      file_(std::move(file)),
      fd_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)),
      hasher_(algorithm) {
  if (!fd_) fail_errno(file_.native());
}

ScratchWriter::~ScratchWriter() {
  ::unlink(file_.c_str());  // it may have become a blob
}

void ScratchWriter::write(std::string_view bytes) {
  try {
    write_all(fd_.get(), bytes);
  } catch (const Error& error) {
    throw error.in("storing a blob");
  }
  hasher_.update(bytes);
  size_ += bytes.size();
}

Digest ScratchWriter::commit(const std::optional<Digest>& expected) {
  const Digest digest = hasher_.finish();
  if (expected && *expected != digest) {
    fail(ErrorCode::invalid, "the content's digest is {}, not {}",
         digest.to_string(), expected->to_string());
  }
  fd_.reset();
  hold_ = store_.hold(digest);
  store_.adopt(file_, digest);
  return digest;
}

}  // namespace skerry
