// Who signed the images of a project, by the keys of its policy, and what is
// refused because nobody did.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "manifests/manifest_cache.h"
#include "policy/policies.h"
#include "policy/signature_rows.h"

namespace skerry::registry {

// Thread-safe. An image is checked once, when it is first asked for, and again
// when one of its signatures or the keys change.
class Signatures {
 public:
  Signatures(Services& services, const Policies& policies)
      : services_(services), policies_(policies) {}

  // Of the image itself, not of indexes over it.
  SignatureVerdict of(const Place& place, const SignaturePolicy& policy,
                      const std::string& digest);
  // The same when it was checked already.
  std::optional<SignatureVerdict> known(const Place& place,
                                        const SignaturePolicy& policy,
                                        const std::string& digest);
  // Each signature, for a person.
  std::vector<FoundSignature> all(const Place& place,
                                  const SignaturePolicy& policy,
                                  const StoredManifest& image);

  // Does any project demand signatures of what is pulled? Costs nothing.
  bool any_demand() const { return policies_.any_pull_demand(); }
  // Throws DENIED for an image that the project lets nobody pull unsigned.
  // `tag` is the one it was asked by, or empty.
  void require_pullable(const Place& place, std::string_view tag,
                        const StoredManifest& image);

  // Throws conflict for an image, as a manifest spells it, that an application
  // of the project may not run. `ours` tells names of this server.
  void require_deployable(
      std::string_view project, std::string_view image,
      const std::function<bool(std::string_view host)>& ours);

 private:
  bool is_document(const Digest& digest) const;
  // Why it is not as the policy demands: empty when it is.
  std::string missing(const Place& place, const SignaturePolicy& policy,
                      const std::string& digest, std::string_view tag);
  void note_refusal(const Place& place, const std::string& digest,
                    const std::string& why) EXCLUDES(mutex_);
  void require_signed_here(std::string_view project, std::string_view image,
                           const SignaturePolicy& own);

  Services& services_;
  const Policies& policies_;
  Mutex mutex_;
  // When the refusal of an image was last written to the log.
  std::unordered_map<std::string, UnixMillis> logged_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
