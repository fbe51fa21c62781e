// What the database knows of images' signatures: the manifests that hold them,
// the indexes that an image is a part of, and what was found when they were
// last checked. The table's triggers drop a finding when a signature of the
// image comes, goes or moves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/blob_store.h"
#include "core/store/sqlite.h"
#include "registry/signatures/check.h"
#include "repositories.h"

namespace skerry::registry {

struct SignatureVerdict {
  std::int64_t found = 0;              // good and bad
  std::vector<std::string> signed_by;  // names of keys
};

// Findings by these keys (SignaturePolicy::keys_version).
std::optional<SignatureVerdict> known_verdict(Connection& db,
                                              std::int64_t repository,
                                              std::string_view digest,
                                              std::string_view keys);
// `evidence` is what was looked at: when it is not what there is now, nothing
// is kept.
void keep_verdict(Transaction& tx, std::int64_t repository,
                  std::string_view digest, std::string_view keys,
                  const SignatureVerdict& verdict,
                  const std::vector<std::string>& evidence);
// Digests of the manifests that may hold signatures of an image.
std::vector<std::string> signature_evidence(Connection& db,
                                            std::int64_t repository,
                                            std::string_view digest);

// An image and the indexes over it, with their tags.
struct Family {
  std::vector<std::string> digests;
  std::vector<std::string> tags;  // none that speaks of a manifest
};
Family family_of(Connection& db, std::int64_t repository,
                 std::string_view digest);

// A repository of this server, for check_signatures(). Used by one thread.
class RepositorySignatures : public SignatureSource {
 public:
  RepositorySignatures(Database& db, BlobStore& blobs, std::int64_t repository)
      : db_(db), blobs_(blobs), repository_(repository) {}
  std::optional<Manifest> tagged(const std::string& tag) override;
  std::vector<Manifest> referrers(const Digest& subject) override;
  std::string blob(const Digest& digest, std::uint64_t limit) override;

 private:
  std::optional<Manifest> stored(std::string_view digest);

  Database& db_;
  BlobStore& blobs_;
  const std::int64_t repository_;
};

}  // namespace skerry::registry
