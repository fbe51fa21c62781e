// What this server has in the store, in its own database: which blobs, and
// which uploads in parts it has begun. So nothing is asked of S3 to know
// whether a blob is here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/os/clock.h"
#include "core/store/digest.h"
#include "core/store/sqlite.h"

namespace skerry::s3 {

// Thread-safe.
class Index {
 public:
  explicit Index(Database& db) : db_(db) {}
  static std::span<const Migration> migrations();

  struct Row {
    Digest digest;
    std::uint64_t size = 0;
    UnixMillis modified = 0;
    std::string marker;  // its name in the bucket (sharing.h)
  };
  std::optional<Row> find(const Digest& digest) const;
  std::optional<std::uint64_t> size(const Digest& digest) const;
  // The marker that the row had until now, if it was another.
  std::optional<std::string> add(const Row& row);
  std::optional<Row> remove(const Digest& digest);
  // Those of them that were there.
  std::vector<Row> remove(std::span<const Digest> digests);
  // In the order of their texts, after `last`.
  std::vector<Row> after(const std::string& last, int most = 1000) const;
  bool empty() const;

  // A fact about the whole store: the server's id, its place.
  std::optional<std::string> fact(std::string_view name) const;
  void set_fact(std::string_view name, std::string_view value);

  struct Upload {
    std::string key, id;
  };
  void begin_upload(const Upload& upload);
  void end_upload(const std::string& id);
  std::vector<Upload> uploads() const;

 private:
  Database& db_;
};

}  // namespace skerry::s3
