// The files of the page, as embed.mjs (or plain_files.cc) puts them into the
// program.
#pragma once

#include <span>
#include <string_view>

namespace skerry::web {

struct File {
  std::string_view name;  // "index.html", "assets/index-B3kf81aZ.js"
  std::string_view content_type;
  // Weak, for it stands for the packed form too; of the content's SHA-256.
  std::string_view etag;
  std::string_view content;
  std::string_view gzip;  // empty where compression gains nothing
};

// Sorted by name; always holds "index.html".
std::span<const File> files();

// The patterns of the page's own addresses: "/", "/projects/{page+}".
std::span<const std::string_view> page_patterns();

}  // namespace skerry::web
