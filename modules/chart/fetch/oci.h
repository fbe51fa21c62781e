// Charts in OCI registries (oci://), pulled as `helm pull` does it: Helm's
// media types, tags with '_' for '+', Basic and Bearer sign-in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/reference.h"
#include "fetch/web.h"

namespace skerry::chart {

struct PulledChart {
  std::string archive;
  std::string provenance;  // empty when there is none
  std::string digest;      // of the manifest, "sha256:..."
};

// User name and password by host, from a docker config.json ("auths").
// An absent file holds none.
struct Login {
  std::string user, password;
};
using Logins = std::map<std::string, Login>;
Logins read_logins(const std::string& file);

// Not thread-safe.
class OciRegistry {
 public:
  OciRegistry(Web& web, Access access, Logins logins)
      : web_(web), access_(std::move(access)), logins_(std::move(logins)) {}

  // The tags that are versions, newest first, with '+' again.
  std::vector<std::string> tags(const OciReference& repository);
  // Completes a reference without a tag: the version itself, or the newest
  // that satisfies the constraint. Throws not_found.
  OciReference resolve(OciReference reference, const std::string& version);
  PulledChart pull(const OciReference& reference);

 private:
  http::ClientResponse get(const OciReference& reference,
                           const std::string& path, std::string_view accept);
  std::string sign_in(const OciReference& reference,
                      const std::string& challenge);
  std::string blob(const OciReference& reference, const std::string& digest);
  Login login_of(const OciReference& reference) const;

  Web& web_;
  const Access access_;
  const Logins logins_;
  std::map<std::string, std::string> authorization_;  // by repository
};

}  // namespace skerry::chart
