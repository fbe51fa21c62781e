#include "sha1.h"

// The low-level functions choose the processor's SHA instructions at run time
// and, unlike EVP, pull in nothing else of the library.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace skerry::git {

struct Sha1::State {
  SHA_CTX context;
};

Sha1::Sha1() : state_(std::make_unique<State>()) {
  SHA1_Init(&state_->context);
}

Sha1::~Sha1() = default;

void Sha1::update(std::string_view bytes) {
  SHA1_Update(&state_->context, bytes.data(), bytes.size());
}

Oid Sha1::finish() {
  Oid id;
  SHA1_Final(id.bytes.data(), &state_->context);
  return id;
}

}  // namespace skerry::git
