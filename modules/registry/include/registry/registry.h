// The image registry: OCI distribution 1.1 and Docker's registry API at /v2/,
// and the same things in the process for those who build and deploy images.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "registry/image_users.h"

namespace skerry::registry {

// Thread-safe. Projects and repositories are named as in an image's name: in
// "demo/tools/hello" the project is "demo", the repository "tools/hello".
// Names are checked; a project must exist (NAME_UNKNOWN), a repository comes
// into being with its first blob. Permissions are the caller's business.
class RegistryModule {
 public:
  // `base_url` gives the server's address as webhooks name it for what no
  // request does; it may be unset.
  explicit RegistryModule(Services& services,
                          std::function<std::string()> base_url = {});
  ~RegistryModule();
  Module tables();
  // Whose images no rule removes; to be called before the first job, and to
  // outlive this object's use.
  void protect(ImageUsers& users);

  // Throws conflict for an image, as a manifest spells it, that an application
  // of `project` may not run because the signature is missing that a policy
  // demands, naming image, digest and policy. `ours` tells the names of this
  // server ("127.0.0.1:8080").
  void require_deployable(
      std::string_view project, std::string_view image,
      const std::function<bool(std::string_view host)>& ours);

  // The size in bytes of a blob of the repository.
  std::optional<std::uint64_t> blob_size(std::string_view project,
                                         std::string_view repository,
                                         const Digest& digest);
  bool has_blob(std::string_view project, std::string_view repository,
                const Digest& digest) {
    return blob_size(project, repository, digest).has_value();
  }
  // A writer whose commit() makes the blob durable and part of the repository.
  // It must be gone before this object.
  std::unique_ptr<BlobWriter> create_blob(std::string_view project,
                                          std::string_view repository);
  // Makes a blob that lies in the blob store part of the repository.
  void link_blob(std::string_view project, std::string_view repository,
                 const Digest& digest);
  // Throws not_found for a blob that the repository does not have.
  Fd open_blob(std::string_view project, std::string_view repository,
               const Digest& digest);
  std::string read_blob(std::string_view project, std::string_view repository,
                        const Digest& digest, std::uint64_t limit);

  struct StoredManifest {
    std::string media_type;
    std::string bytes;
    Digest digest;
  };
  // `reference` is a tag or a digest. Where the project stands in front of an
  // upstream registry, manifests and blobs are fetched from there.
  std::optional<StoredManifest> read_manifest(std::string_view project,
                                              std::string_view repository,
                                              std::string_view reference);
  // Checks, stores, moves the tags and appends ImagePushed for each in one
  // transaction, as a push does. Throws Error naming what is wrong.
  Digest put_manifest(std::string_view project, std::string_view repository,
                      const std::vector<std::string>& tags,
                      std::string_view media_type, std::string_view bytes,
                      const http::Identity& who);
  // Removes the manifest that `reference` names, and all its tags; nothing when
  // there is none.
  void remove_manifest(std::string_view project, std::string_view repository,
                       std::string_view reference, const http::Identity& who);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::registry
