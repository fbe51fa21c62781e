// A Sigstore bundle (protobuf-specs, "sigstore_bundle.proto", as JSON): a DSSE
// envelope around an in-toto statement, or a signature of the image's
// manifest itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"

namespace skerry::registry {

struct Bundle {
  std::string hint;  // of the key, PublicKey::hint(); may be empty
  std::vector<std::string> signatures;
  // What they are of; nothing: the image's manifest.
  std::optional<std::string> signed_bytes;
  std::string payload;         // of an envelope: the statement
  std::string message_digest;  // otherwise, the manifest's SHA-256, raw
};

// Throws invalid for what is no bundle and for what is not supported (a
// certificate instead of a key), naming it.
Bundle parse_bundle(std::string_view text);

// What a DSSE signature is of (DSSE protocol, "Signature Definition").
std::string dsse_encoding(std::string_view type, std::string_view payload);

// An in-toto statement ("Statement" v1 and v0.1).
struct Statement {
  std::string predicate_type;
  // Of each subject, "sha256" -> hex ..., and its annotations.
  struct Subject {
    std::map<std::string, std::string> digests;
    std::map<std::string, std::string> annotations;
  };
  std::vector<Subject> subjects;
  // The first that is this image; null: it is of others.
  const Subject* about(const Digest& image) const;
};
// Throws invalid.
Statement parse_statement(std::string_view text);

}  // namespace skerry::registry
