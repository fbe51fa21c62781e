#include "sha1.h"

#include <openssl/evp.h>

#include "core/error.h"

namespace skerry::git {

struct Sha1::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha1::Sha1() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr ||
      EVP_DigestInit_ex(state_->context, EVP_sha1(), nullptr) != 1) {
    fail(ErrorCode::internal, "SHA-1 cannot start");
  }
}

Sha1::~Sha1() = default;

void Sha1::update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

Oid Sha1::finish() {
  Oid id;
  EVP_DigestFinal_ex(state_->context, id.bytes.data(), nullptr);
  return id;
}

}  // namespace skerry::git
