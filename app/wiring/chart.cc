#include "wiring/chart.h"

namespace skerry::app {

void ChartOci::link_blob(std::string_view project, std::string_view repository,
                         const Digest& digest) {
  registry_.link_blob(project, repository, digest);
}

Digest ChartOci::put_manifest(std::string_view project,
                              std::string_view repository, std::string_view tag,
                              std::string_view media_type,
                              std::string_view bytes,
                              const http::Identity& who) {
  return registry_.put_manifest(project, repository, {std::string(tag)},
                                media_type, bytes, who);
}

void ChartOci::remove_manifest(std::string_view project,
                               std::string_view repository,
                               std::string_view reference,
                               const http::Identity& who) {
  registry_.remove_manifest(project, repository, reference, who);
}

std::optional<chart::OciStore::Manifest> ChartOci::read_manifest(
    std::string_view project, std::string_view repository,
    std::string_view reference) {
  auto found = registry_.read_manifest(project, repository, reference);
  if (!found) return std::nullopt;
  return Manifest{std::move(found->media_type), std::move(found->bytes)};
}

std::string ChartOci::read_blob(std::string_view project,
                                std::string_view repository,
                                const Digest& digest, std::uint64_t limit) {
  return registry_.read_blob(project, repository, digest, limit);
}

}  // namespace skerry::app
