// Content digests: "sha256:<64 hex digits>", "sha512:<128 hex digits>" (OCI
// image specification, descriptor.md "Digests"), and the hash that makes them
// with the processor's SHA instructions where it has them.
#pragma once

#include <compare>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace skerry {

enum class DigestAlgorithm { sha256, sha512 };

struct Digest {
  DigestAlgorithm algorithm = DigestAlgorithm::sha256;
  std::string hex;  // lower case, exactly as long as the algorithm demands

  // Nothing for text that is not a digest (capitals included).
  static std::optional<Digest> parse(std::string_view text);
  std::string to_string() const;  // "sha256:abcd..."
  auto operator<=>(const Digest&) const = default;
};

// Not thread-safe.
class Hasher {
 public:
  explicit Hasher(DigestAlgorithm algorithm = DigestAlgorithm::sha256);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(std::string_view bytes);
  // May be called once.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest digest_of(std::string_view bytes,
                 DigestAlgorithm algorithm = DigestAlgorithm::sha256);

}  // namespace skerry
