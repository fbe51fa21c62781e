// What the chart repository asks of the image registry, so that every chart can
// be had both ways: `helm pull` by URL and `helm pull oci://`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/message.h"
#include "core/store/digest.h"

namespace skerry::chart {

// Thread-safe. `repository` is what follows the project in an image's name:
// "charts/hello".
class OciStore {
 public:
  struct Manifest {
    std::string media_type;
    std::string bytes;
  };
  virtual ~OciStore() = default;
  // Makes a blob of the blob store part of the repository.
  virtual void link_blob(std::string_view project, std::string_view repository,
                         const Digest& digest) = 0;
  virtual Digest put_manifest(std::string_view project,
                              std::string_view repository, std::string_view tag,
                              std::string_view media_type,
                              std::string_view bytes,
                              const http::Identity& who) = 0;
  // With all its tags; nothing happens when it does not exist.
  virtual void remove_manifest(std::string_view project,
                               std::string_view repository,
                               std::string_view reference,
                               const http::Identity& who) = 0;
  // `reference` is a tag or a digest; nothing when it does not exist.
  virtual std::optional<Manifest> read_manifest(std::string_view project,
                                                std::string_view repository,
                                                std::string_view reference) = 0;
  virtual std::string read_blob(std::string_view project,
                                std::string_view repository,
                                const Digest& digest, std::uint64_t limit) = 0;
};

}  // namespace skerry::chart
