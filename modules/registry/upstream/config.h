// What a project's upstream is: the registry that it stands in front of, and
// how. Reading it from JSON, showing it, naming things in it. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/text/json.h"

namespace skerry::registry {

struct UpstreamConfig {
  std::int64_t project_id = 0;
  std::string project;

  std::string url;     // "https://registry.example:5000", no slash at the end
  std::string prefix;  // put before repository names; "" or "group/part"
  // Docker Hub's rule: the repository "alpine" is "library/alpine".
  bool library = false;
  std::string user, password;  // none: anonymous
  bool password_lost = false;  // it cannot be decrypted
  std::string ca_pem;          // beside the system's authorities
  std::int64_t ttl = 0;        // ms for which a tag is taken as unchanged
  bool offline = false;        // nothing is asked: serve what is here
  // What is here is served on after the upstream has deleted its tag.
  bool keep_deleted = true;
  std::vector<std::string> allow;  // globs of repositories; none: all
  std::vector<std::string> hosts;  // values of ?ns= that it answers
  UnixMillis changed = 0;
};

// Reads the body of a PUT. `before` is what there was, or null: a password
// that is not given stays as it is, unless it would go to another server or
// user. Throws invalid naming the field.
UpstreamConfig read_config(const Json& body, const UpstreamConfig* before);

// As GET shows it: all but the password.
Json show_config(const UpstreamConfig& config);

// "docker.io" for every name of Docker Hub, otherwise the host in lower case.
std::string canonical_host(std::string_view host);
// The host and port of `url`.
std::string host_of(std::string_view url);

// The repository's one name in the project: "library/alpine" for "alpine"
// where Docker Hub's rule holds.
std::string canonical_repository(const UpstreamConfig& config,
                                 std::string_view repository);
// Its name at the upstream.
std::string upstream_name(const UpstreamConfig& config,
                          std::string_view repository);
// May the repository (canonical) be had through here?
bool is_allowed(const UpstreamConfig& config, std::string_view repository);

}  // namespace skerry::registry
