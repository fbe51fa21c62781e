// SHA-1 of packs. (Object ids are made by libgit2, which notices collision
// attacks; a pack's checksum guards against damage only.)
#pragma once

#include <memory>
#include <string_view>

#include "oid.h"

namespace skerry::git {

// Not thread-safe.
class Sha1 {
 public:
  Sha1();
  ~Sha1();
  Sha1(const Sha1&) = delete;
  Sha1& operator=(const Sha1&) = delete;
  void update(std::string_view bytes);
  Oid finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skerry::git
