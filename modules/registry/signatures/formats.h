// Names in signatures' documents.
#pragma once

#include <string_view>

namespace skerry::registry {

inline constexpr std::string_view kBundleType =
    "application/vnd.dev.sigstore.bundle.v0.3+json";
// What every version's media type begins with.
inline constexpr std::string_view kAnyBundleType =
    "application/vnd.dev.sigstore.bundle";
inline constexpr std::string_view kBundlePredicate =
    "dev.sigstore.bundle.predicateType";
inline constexpr std::string_view kSignPredicate =
    "https://sigstore.dev/cosign/sign/v1";
inline constexpr std::string_view kStatementType =
    "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kInTotoType = "application/vnd.in-toto+json";

inline constexpr std::string_view kLegacyArtifact =
    "application/vnd.dev.cosign.artifact.sig.v1+json";
inline constexpr std::string_view kSimpleSigning =
    "application/vnd.dev.cosign.simplesigning.v1+json";
inline constexpr std::string_view kSignatureAnnotation =
    "dev.cosignproject.cosign/signature";
inline constexpr std::string_view kCertificateAnnotation =
    "dev.sigstore.cosign/certificate";
inline constexpr std::string_view kSimpleSigningClaim =
    "cosign container image signature";

}  // namespace skerry::registry
