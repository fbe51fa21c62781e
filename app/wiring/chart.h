// What the chart repository asks of the registry.
#pragma once

#include "chart/oci_store.h"
#include "registry/registry.h"

namespace skerry::app {

class ChartOci : public chart::OciStore {
 public:
  explicit ChartOci(registry::RegistryModule& registry) : registry_(registry) {}

  void link_blob(std::string_view project, std::string_view repository,
                 const Digest& digest) override;
  Digest put_manifest(std::string_view project, std::string_view repository,
                      std::string_view tag, std::string_view media_type,
                      std::string_view bytes,
                      const http::Identity& who) override;
  void remove_manifest(std::string_view project, std::string_view repository,
                       std::string_view reference,
                       const http::Identity& who) override;
  std::optional<Manifest> read_manifest(std::string_view project,
                                        std::string_view repository,
                                        std::string_view reference) override;
  std::string read_blob(std::string_view project, std::string_view repository,
                        const Digest& digest, std::uint64_t limit) override;

 private:
  registry::RegistryModule& registry_;
};

}  // namespace skerry::app
