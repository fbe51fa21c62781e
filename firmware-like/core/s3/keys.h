// Where things lie in the bucket, below the prefix:
//
//   blobs/<algorithm>/<two digits>/<digits>      the bytes, once for all servers
//   holders/<algorithm>/<digits>/<server>.<mark>  this server needs them
//   condemned/<algorithm>/<digits>/<server>.<life>  this server is deleting them
//   servers/<server>                             which life of it is running
//   damaged/<algorithm>/<digits>                 what the scrub set aside
//
// Pure, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/store/digest.h"

namespace skerry::s3 {

class Keys {
 public:
  // `prefix` without slashes at its ends; empty: the bucket is all ours.
  explicit Keys(std::string_view prefix)
      : root_(prefix.empty() ? "" : std::string(prefix) + "/") {}

  std::string blob(const Digest& digest) const {
    return root_ + "blobs/" + algorithm(digest) + "/" +
           digest.hex.substr(0, 2) + "/" + digest.hex;
  }
  std::string damaged(const Digest& digest) const {
    return root_ + "damaged/" + algorithm(digest) + "/" + digest.hex;
  }
  std::string server(std::string_view id) const {
    return root_ + "servers/" + std::string(id);
  }
  std::string all_holders() const { return root_ + "holders/"; }
  std::string holders(const Digest& digest) const {
    return all_holders() + algorithm(digest) + "/" + digest.hex + "/";
  }
  std::string all_condemned() const { return root_ + "condemned/"; }
  std::string condemned(const Digest& digest) const {
    return all_condemned() + algorithm(digest) + "/" + digest.hex + "/";
  }

  struct Mark {
    Digest digest;
    std::string name;  // "<server>.<mark>"
  };
  // Of a key below holders/: the marker's name; nothing for one that we did not make.
  std::optional<Mark> holder(std::string_view key) const {
    const std::string top = all_holders();
    if (!key.starts_with(top)) return std::nullopt;
    key.remove_prefix(top.size());
    const auto first = key.find('/'), last = key.rfind('/');
    if (first == last || last + 1 == key.size()) return std::nullopt;
    const auto digest =
        Digest::parse(std::string(key.substr(0, first)) + ":" +
                      std::string(key.substr(first + 1, last - first - 1)));
    if (!digest) return std::nullopt;
    return Mark{*digest, std::string(key.substr(last + 1))};
  }

 private:
  static std::string algorithm(const Digest& digest) {
    return digest.algorithm == DigestAlgorithm::sha256 ? "sha256" : "sha512";
  }
  const std::string root_;
};

}  // namespace skerry::s3
