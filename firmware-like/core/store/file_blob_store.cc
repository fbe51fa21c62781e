#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "core/store/blob_store.h"
#include "core/store/scratch_writer.h"

namespace skerry {
namespace {

namespace fs = std::filesystem;

class FileBlobStore : public BlobStore {
 public:
  FileBlobStore(fs::path folder, fs::path scratch)
      : folder_(std::move(folder)), scratch_(std::move(scratch)) {
    remove_tree(scratch_);
    fs::create_directories(scratch_);
    for (const char* algorithm : {"sha256", "sha512"}) {
      fs::create_directories(folder_ / algorithm);
    }
  }

  fs::path path_of(const Digest& digest) const {
    return folder_ /
           (digest.algorithm == DigestAlgorithm::sha256 ? "sha256" : "sha512") /
           digest.hex.substr(0, 2) / digest.hex;
  }

  std::optional<std::uint64_t> size(const Digest& digest) const override {
    struct stat info {};
    if (::stat(path_of(digest).c_str(), &info) != 0) {
      if (errno == ENOENT) return std::nullopt;
      fail_errno(path_of(digest).native());
    }
    return static_cast<std::uint64_t>(info.st_size);
  }

  Fd open(const Digest& digest) const override {
    Fd fd(::open(path_of(digest).c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd && errno == ENOENT) {
      fail(ErrorCode::not_found, "blob {} does not exist", digest.to_string());
    }
    if (!fd) fail_errno(path_of(digest).native());
    return fd;
  }

  std::string read(const Digest& digest, std::uint64_t limit) const override {
    if (!size(digest)) {
      fail(ErrorCode::not_found, "blob {} does not exist", digest.to_string());
    }
    return read_file(path_of(digest), limit);
  }

  std::unique_ptr<BlobWriter> create(DigestAlgorithm algorithm) override {
    return std::make_unique<ScratchWriter>(*this, scratch_ / random_name(20),
                                           algorithm);
  }

  // A crash before the rename leaves only the file where it was.
  void adopt(const fs::path& file, const Digest& digest) override {
    {
      const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
      if (!fd) fail_errno(file.native());
      fsync_file(fd.get());
    }
    const fs::path path = path_of(digest);
    const fs::path shard = path.parent_path();
    std::error_code error;
    if (fs::create_directory(shard, error)) fsync_folder(shard.parent_path());
    if (error) fail_errno(shard.native(), error.value());
    if (::rename(file.c_str(), path.c_str()) != 0) fail_errno(path.native());
    fsync_folder(shard);
  }

  bool remove(const Digest& digest) override {
    const fs::path path = path_of(digest);
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT) return false;
      fail_errno(path.native());
    }
    return true;
  }

  void each(const std::function<void(const Digest&, std::uint64_t,
                                     std::int64_t)>& visit) const override {
    for (const auto algorithm :
         {DigestAlgorithm::sha256, DigestAlgorithm::sha512}) {
      const char* name =
          algorithm == DigestAlgorithm::sha256 ? "sha256" : "sha512";
      for (const auto& shard : fs::directory_iterator(folder_ / name)) {
        for (const auto& entry : fs::directory_iterator(shard)) {
          struct stat info {};
          if (::stat(entry.path().c_str(), &info) != 0) continue;
          visit({algorithm, entry.path().filename().native()},
                static_cast<std::uint64_t>(info.st_size),
                info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000);
        }
      }
    }
  }

  void set_aside(const Digest& digest) override {
    const fs::path folder = folder_ / "damaged";
    fs::create_directories(folder);
    const fs::path to = folder / digest.hex;
    if (::rename(path_of(digest).c_str(), to.c_str()) != 0 && errno != ENOENT) {
      fail_errno(to.native());
    }
  }

  bool verify(
      const Digest& digest,
      const std::function<void(std::uint64_t)>& step) const override {
    Fd fd(::open(path_of(digest).c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd && errno == ENOENT) return true;  // removed meanwhile
    if (!fd) return false;
    Hasher hasher(digest.algorithm);
    std::string buffer(256u << 10, '\0');
    for (;;) {
      const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return false;  // the disk cannot read it: damaged
      if (got == 0) return hasher.finish() == digest;
      hasher.update({buffer.data(), static_cast<std::size_t>(got)});
      if (step) step(static_cast<std::uint64_t>(got));
    }
  }

 private:
  const fs::path folder_, scratch_;
};

}  // namespace

std::unique_ptr<BlobStore> open_file_blob_store(const fs::path& folder,
                                                const fs::path& scratch) {
  return std::make_unique<FileBlobStore>(folder, scratch);
}

}  // namespace skerry
