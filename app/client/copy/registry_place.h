// A repository in a registry (OCI distribution specification 1.1).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/copy/image_place.h"
#include "core/http/client.h"

namespace skerry::app {

struct RegistryAccount {
  std::string base_url;  // "https://registry.example:5000"
  std::string user, password;  // empty: anonymous
  std::string bearer;          // instead of them: a token of the server's
  std::string ca_pem;          // beside the system's authorities
};

class RegistryPlace : public ImagePlace {
 public:
  // `write`: it is copied to.
  RegistryPlace(RegistryAccount account, std::string repository, bool write);

  Manifest manifest(const std::string& reference) override;
  std::vector<Manifest> referrers(const Digest& subject) override;
  void read(const BlobName& blob,
            const std::function<void(std::string_view)>& sink) override;
  bool has(const BlobName& blob) override;
  bool take(const BlobName& blob, const ImagePlace& from) override;
  std::unique_ptr<BlobWriter> write(const BlobName& blob) override;
  void put(const Manifest& manifest, Rank rank,
           const std::string& tag) override;
  std::optional<std::string> repository_on(
      std::string_view base_url) const override;

  // For the writer. `target` is a path below the repository ("/blobs/...") or
  // a URL that the registry gave. An answer of 2xx, or 404 when `may_miss`;
  // anything else is thrown.
  http::ClientResponse ask(http::ClientRequest request,
                           const std::string& target, bool may_miss = false);
  // Where the registry says that something goes on.
  std::string location(const http::ClientResponse& response) const;

 private:
  std::string url_of(const std::string& target) const;
  void authorize(http::ClientRequest& request) const;
  // After a 401: signs in as the registry wants. False: it asked already.
  bool sign_in(const http::ClientResponse& response);
  std::string fetch_token(const std::string& realm,
                          const std::string& service) const;
  Manifest checked(http::ClientResponse response,
                   const std::string& reference) const;
  [[noreturn]] void refuse(const http::ClientResponse& response,
                           const std::string& url) const;

  const RegistryAccount account_;
  const std::string repository_;
  std::vector<std::string> scopes_;
  std::string authorization_;
  const std::unique_ptr<http::Client> client_;
};

}  // namespace skerry::app
