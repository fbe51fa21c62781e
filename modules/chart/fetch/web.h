// GET for charts, indices and values, with Helm's errors and its care for
// credentials: they go only to the place they were given for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/http/client.h"

namespace skerry::chart {

// How to reach a repository.
struct Access {
  std::string user, password;
  std::string ca_file;  // PEM
  bool is_insecure = false;         // certificates are not checked
  bool uses_plain_http = false;     // of oci:// addresses
  bool passes_credentials = false;  // to other places, too
};

inline constexpr std::uint64_t kMaxDownload = 100u << 20;

// Not thread-safe.
class Web {
 public:
  // Without a client, libcurl's is made when it is first needed.
  explicit Web(std::unique_ptr<http::Client> client = nullptr);
  ~Web();

  // The body at an http or https URL. `origin` is what the credentials belong
  // to. Throws unavailable, or not_found and the like for a status other than
  // 200: "failed to fetch http://... : 404 Not Found".
  std::string get(const std::string& url, const std::string& origin,
                  const Access& access);

  http::ClientResponse send(http::ClientRequest request, const Access& access);

 private:
  std::unique_ptr<http::Client> client_;
};

}  // namespace skerry::chart
