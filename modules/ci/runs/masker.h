// Hides secrets in a stream of bytes, however the stream is cut into pieces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci {

// Not thread-safe: one per stream.
class Masker {
 public:
  explicit Masker(std::vector<std::string> secrets);

  // From now on these are hidden.
  void set_secrets(std::vector<std::string> secrets);
  // What may be shown of the bytes so far; an end that may be the start of a
  // secret is kept back.
  std::string feed(std::string_view bytes);
  // The rest: the stream has ended.
  std::string flush();

 private:
  std::string take(bool at_end);

  std::vector<std::string> secrets_;
  std::string pending_;
};

// A whole text at once.
std::string mask(std::vector<std::string> secrets, std::string_view text);

// The forms in which `secret` may show up in a log: itself, as `sh -x` quotes
// it, and, of several lines, each.
std::vector<std::string> forms_of(std::string_view secret);

}  // namespace skerry::ci
