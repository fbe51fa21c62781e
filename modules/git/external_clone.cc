#include "external_clone.h"

#include <mbedtls/x509_crt.h>

#include "core/error.h"
#include "libgit2.h"

namespace skerry::git {
namespace {

class Certificates {
 public:
  Certificates() { mbedtls_x509_crt_init(&chain_); }
  ~Certificates() { mbedtls_x509_crt_free(&chain_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  mbedtls_x509_crt* get() { return &chain_; }

 private:
  mbedtls_x509_crt chain_;
};

// What the callbacks of one clone share.
struct Cloning {
  const ExternalClone& clone;
  const std::stop_token& stop;
  int credentials_asked = 0;
};

int on_credentials(git_credential** out, const char*, const char*,
                   unsigned allowed, void* payload) {
  auto* cloning = static_cast<Cloning*>(payload);
  // Asked again means that they were refused.
  if (cloning->credentials_asked++ > 0 || cloning->clone.user.empty() ||
      !(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)) {
    return GIT_EAUTH;
  }
  return git_credential_userpass_plaintext_new(out, cloning->clone.user.c_str(),
                                               cloning->clone.password.c_str());
}

// Whether the authorities that the pipeline brings vouch for the certificate.
int on_certificate(git_cert* cert, int valid, const char* host, void* payload) {
  auto* cloning = static_cast<Cloning*>(payload);
  if (valid) return 0;
  if (cloning->clone.ca_pem.empty() || cert->cert_type != GIT_CERT_X509) {
    return GIT_ECERTIFICATE;
  }
  const auto* x509 = reinterpret_cast<const git_cert_x509*>(cert);
  Certificates leaf, authorities;
  const std::string& pem = cloning->clone.ca_pem;
  // mbedTLS wants the closing zero counted.
  if (mbedtls_x509_crt_parse_der(leaf.get(),
                                 static_cast<const unsigned char*>(x509->data),
                                 x509->len) != 0 ||
      mbedtls_x509_crt_parse(
          authorities.get(),
          reinterpret_cast<const unsigned char*>(pem.c_str()),
          pem.size() + 1) != 0) {
    return GIT_ECERTIFICATE;
  }
  std::uint32_t faults = 0;
  int status = mbedtls_x509_crt_verify(leaf.get(), authorities.get(), nullptr,
                                       host, &faults, nullptr, nullptr);
  return status == 0 ? 0 : GIT_ECERTIFICATE;
}

int on_progress(const git_indexer_progress*, void* payload) {
  return static_cast<Cloning*>(payload)->stop.stop_requested() ? GIT_EUSER : 0;
}

[[noreturn]] void fail_clone(int status, const ExternalClone& clone,
                             const std::stop_token& stop) {
  std::string what = fmt::format("clone {}: {}", clone.url, last_error());
  if (stop.stop_requested()) {
    fail(ErrorCode::unavailable, "the clone of {} was stopped", clone.url);
  }
  switch (status) {
    case GIT_EAUTH:
      fail(ErrorCode::denied, "{} (wrong or missing credentials)", what);
    case GIT_ECERTIFICATE:
      fail(ErrorCode::denied, "{} (its certificate is not trusted)", what);
    case GIT_ENOTFOUND:
      throw Error(ErrorCode::not_found, what);
    default:
      throw Error(ErrorCode::unavailable, what);
  }
}

}  // namespace

std::string clone_foreign(const ExternalClone& clone, std::stop_token stop) {
  if (!clone.url.starts_with("https://") && !clone.url.starts_with("http://")) {
    fail(ErrorCode::invalid,
         "cannot clone '{}': only http:// and https:// addresses are "
         "supported",
         clone.url);
  }
  git_clone_options options;
  check(git_clone_options_init(&options, GIT_CLONE_OPTIONS_VERSION),
        "prepare a clone");
  Cloning cloning{clone, stop};
  if (!clone.branch.empty()) options.checkout_branch = clone.branch.c_str();
  options.fetch_opts.proxy_opts.type = GIT_PROXY_AUTO;
  auto& callbacks = options.fetch_opts.callbacks;
  callbacks.payload = &cloning;
  callbacks.credentials = on_credentials;
  callbacks.certificate_check = on_certificate;
  callbacks.transfer_progress = on_progress;
  git_repository* made = nullptr;
  int status =
      git_clone(&made, clone.url.c_str(), clone.folder.c_str(), &options);
  if (status < 0) fail_clone(status, clone, stop);
  RepositoryPtr repository(made);
  git_oid head;
  check(git_reference_name_to_id(&head, made, "HEAD"),
        "read HEAD of " + clone.url);
  return from_git(head).hex();
}

}  // namespace skerry::git
