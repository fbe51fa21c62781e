// The tar archives of OCI layouts ("oci-archive:"): plain ustar with pax
// headers for long names and sizes (POSIX.1-2017, pax, "ustar Interchange
// Format" and "pax Header Block").
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::app {

inline constexpr std::size_t kTarBlock = 512;

struct TarHeader {
  std::string name;
  std::uint64_t size = 0;
  char type = '0';
  bool end = false;  // a block of zeros
};
// One block. Throws invalid for what is none, or has a wrong checksum.
TarHeader parse_tar_header(std::string_view block);

// What a pax header says of the next entry. Throws invalid for what is none.
struct PaxRecords {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;
};
PaxRecords parse_pax(std::string_view records);

// Writes what an archive has of a layout ("oci-layout", "index.json",
// "blobs/...") into the folder; everything else in it is passed over.
void unpack_layout(const std::filesystem::path& archive,
                   const std::filesystem::path& folder);
// The archive appears under its name when it is complete and on disk.
void pack_layout(const std::filesystem::path& folder,
                 const std::filesystem::path& archive);

}  // namespace skerry::app
