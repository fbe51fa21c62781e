// URLs of charts and repositories, compared and resolved as Helm does it.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

bool is_oci(std::string_view url);  // "oci://..."

// What `reference` means in the index at `base`; an absolute one stays.
// Throws invalid for what is no URL.
std::string resolve_reference(const std::string& base,
                              const std::string& reference);
// Equal but for slashes at the end and dots in the path.
bool is_same_url(const std::string& a, const std::string& b);
// Scheme, host and port: credentials may go to both.
bool is_same_place(const std::string& a, const std::string& b);

// The last segment of its path: "app-1.0.0.tgz".
std::string file_name_of(const std::string& url);

// "oci://host:5000/team/charts/app:1.0.0" taken apart.
struct OciReference {
  std::string host;        // with its port
  std::string repository;  // "team/charts/app"
  std::string tag;         // '+' is written '_'; may be empty
  std::string digest;      // "sha256:...", may be empty

  std::string name() const;  // "app"
  std::string to_string() const;  // "host:5000/team/charts/app:1.0.0"
};
// With or without "oci://"; throws invalid: "invalid reference: ...".
OciReference parse_oci_reference(std::string_view text);

}  // namespace skerry::chart
