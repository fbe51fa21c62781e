#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/store/blob_store.h"
#include "core/store/sqlite.h"

namespace skerry {
namespace {

// Above this a file is cheaper than the copies that a database makes.
constexpr std::uint64_t kLargest = 16u << 10;

class SmallBlobStore;

// Keeps the bytes in memory until it is known that they are many.
class SmallBlobWriter : public BlobWriter {
 public:
  SmallBlobWriter(SmallBlobStore& store, DigestAlgorithm algorithm)
      : store_(store), algorithm_(algorithm) {}

  void write(std::string_view bytes) override;
  std::uint64_t size() const override {
    return large_ ? large_->size() : bytes_.size();
  }
  Digest commit(const std::optional<Digest>& expected) override;

 private:
  SmallBlobStore& store_;
  const DigestAlgorithm algorithm_;
  BlobHold hold_;      // from commit() on
  std::string bytes_;  // while there is no large_
  std::unique_ptr<BlobWriter> large_;
};

// Rows beside another store. A blob is in one of the two, or after the limit
// was changed perhaps in both.
class SmallBlobStore : public BlobStore {
 public:
  SmallBlobStore(Database& db, std::unique_ptr<BlobStore> large)
      : BlobStore(*large), db_(db), large_(std::move(large)) {}

  std::optional<std::uint64_t> size(const Digest& digest) const override {
    if (const auto bytes = large_->size(digest)) return bytes;
    return db_.read([&](Connection& db) -> std::optional<std::uint64_t> {
      auto row = db.query("select length(bytes) from small_blob where digest = ?",
                          digest.to_string());
      if (!row.next()) return std::nullopt;
      return static_cast<std::uint64_t>(row.integer(0));
    });
  }

  // A small blob is given as a file in memory, so that it can be sent and read
  // like all others.
  Fd open(const Digest& digest) const override {
    const auto bytes = find(digest);
    return bytes ? in_memory(*bytes) : large_->open(digest);
  }
  Fd open_near(const Digest& digest) const override {
    const auto bytes = find(digest);
    return bytes ? in_memory(*bytes) : large_->open_near(digest);
  }
  std::optional<std::string> direct_url(
      const Digest& digest, std::chrono::seconds lifetime) const override {
    return large_->direct_url(digest, lifetime);
  }
  void stream(const Digest& digest, std::uint64_t offset, std::uint64_t size,
              const Sink& sink) const override {
    if (find(digest)) {
      BlobStore::stream(digest, offset, size, sink);
    } else {
      large_->stream(digest, offset, size, sink);
    }
  }

  static Fd in_memory(std::string_view bytes) {
    Fd file(::memfd_create("blob", MFD_CLOEXEC));
    if (!file) fail_errno("memfd_create");
    write_all(file.get(), bytes);
    if (::lseek(file.get(), 0, SEEK_SET) != 0) fail_errno("memfd");
    return file;
  }

  std::string read(const Digest& digest, std::uint64_t limit) const override {
    auto bytes = find(digest);
    if (!bytes) return large_->read(digest, limit);
    if (bytes->size() > limit) {
      fail(ErrorCode::too_large, "blob {} is larger than {} bytes",
           digest.to_string(), limit);
    }
    return std::move(*bytes);
  }

  std::unique_ptr<BlobWriter> create(DigestAlgorithm algorithm) override {
    return std::make_unique<SmallBlobWriter>(*this, algorithm);
  }
  void adopt(const std::filesystem::path& file, const Digest& digest) override {
    large_->adopt(file, digest);
  }

  std::uint64_t largest_put() const override { return kLargest; }
  void put(Transaction& tx, const Digest& digest,
           std::string_view bytes) override {
    tx.run(
        "insert into small_blob (digest, bytes, modified) "
        "values (?, cast(? as blob), ?) "
        "on conflict (digest) do update set bytes = excluded.bytes",
        digest.to_string(), bytes, SystemClock().now());
  }

  bool remove(const Digest& digest) override {
    const auto rows = db_.write([&](Transaction& tx) {
      return tx.run("delete from small_blob where digest = ?",
                    digest.to_string());
    });
    return large_->remove(digest) || rows > 0;
  }

  void each(const std::function<void(const Digest&, std::uint64_t,
                                     std::int64_t)>& visit) const override {
    large_->each(visit);
    for (std::int64_t last = 0;;) {
      const auto rows = rows_after(last);
      if (rows.empty()) return;
      last = rows.back().id;
      for (const auto& row : rows) visit(row.digest, row.size, row.modified);
    }
  }

  bool verify(const Digest& digest,
              const std::function<void(std::uint64_t)>& step) const override {
    const auto bytes = find(digest);
    if (!bytes) return large_->verify(digest, step);
    if (step) step(bytes->size());
    return digest_of(*bytes, digest.algorithm) == digest;
  }

  void set_aside(const Digest& digest) override {
    large_->set_aside(digest);
    db_.write([&](Transaction& tx) {
      tx.run("delete from small_blob where digest = ?", digest.to_string());
    });
  }

  void remove_all(std::span<const Digest> blobs) override {
    if (blobs.empty()) return;
    std::vector<Digest> files;
    db_.write([&](Transaction& tx) {
      files.clear();
      for (const auto& blob : blobs) {
        if (tx.run("delete from small_blob where digest = ?",
                   blob.to_string()) == 0) {
          files.push_back(blob);
        }
      }
    });
    if (!files.empty()) large_->remove_all(files);
  }

  BlobStore& large() { return *large_; }
  Database& db() { return db_; }

 private:
  struct Row {
    std::int64_t id = 0;
    Digest digest;
    std::uint64_t size = 0;
    std::int64_t modified = 0;
  };
  std::vector<Row> rows_after(std::int64_t last) const {
    return db_.read([&](Connection& db) {
      auto row = db.query(
          "select id, digest, length(bytes), modified from small_blob "
          "where id > ? order by id limit 1000",
          last);
      std::vector<Row> found;
      while (row.next()) {
        found.push_back({row.integer(0), Digest::parse(row.text(1)).value(),
                         static_cast<std::uint64_t>(row.integer(2)),
                         row.integer(3)});
      }
      return found;
    });
  }
  std::optional<std::string> find(const Digest& digest) const {
    return db_.read([&](Connection& db) -> std::optional<std::string> {
      auto row = db.query("select bytes from small_blob where digest = ?",
                          digest.to_string());
      if (!row.next()) return std::nullopt;
      return row.text(0);
    });
  }

  Database& db_;
  const std::unique_ptr<BlobStore> large_;
};

void SmallBlobWriter::write(std::string_view bytes) {
  if (!large_ && bytes_.size() + bytes.size() <= kLargest) {
    bytes_ += bytes;
    return;
  }
  if (!large_) {
    large_ = store_.large().create(algorithm_);
    large_->write(bytes_);
    bytes_ = {};
  }
  large_->write(bytes);
}

Digest SmallBlobWriter::commit(const std::optional<Digest>& expected) {
  if (large_) return large_->commit(expected);
  auto digest = digest_of(bytes_, algorithm_);
  if (expected && *expected != digest) {
    fail(ErrorCode::invalid, "the content's digest is {}, not {}",
         digest.to_string(), expected->to_string());
  }
  hold_ = store_.hold(digest);
  store_.db().write([&](Transaction& tx) { store_.put(tx, digest, bytes_); });
  return digest;
}

}  // namespace

std::unique_ptr<BlobStore> open_small_blob_store(
    Database& db, std::unique_ptr<BlobStore> large) {
  return std::make_unique<SmallBlobStore>(db, std::move(large));
}

std::span<const Migration> small_blob_migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        -- In the order of arrival, so that a page is filled before the next.
        create table small_blob (
          id       integer primary key,
          digest   text not null unique,
          bytes    blob not null,
          modified integer not null   -- ms since 1970
        );
      )sql"},
  };
  return kMigrations;
}

}  // namespace skerry
