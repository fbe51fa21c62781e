// One run of garbage collection, as the modules see it. First every module
// gives up what it no longer needs; then the blobs that no module needs are
// removed from the store. Pushes and pulls go on meanwhile: what was just
// written is held (core/store/blob_holds.h) or too young to be given up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/store/digest.h"

namespace skerry {

struct CollectionOptions {
  bool dry_run = false;  // says what would go, and removes nothing
  // How old things must be to go, instead of the settings' ages.
  std::optional<std::chrono::milliseconds> age;
};

// One thing that goes, or would.
struct Collected {
  std::string kind;    // "blob", "link" to one, "upload", "deleted tag" ...
  std::string name;    // "demo/app@sha256:..."
  std::string reason;  // why it goes
  std::int64_t bytes = 0;  // that it frees
};

// Used by one thread.
class Collection {
 public:
  using Report = std::function<void(Collected)>;
  using Released = std::function<void(const Digest&)>;

  Collection(CollectionOptions options, std::stop_token stop, Report report,
             Released released)
      : options_(options),
        stop_(std::move(stop)),
        report_(std::move(report)),
        released_(std::move(released)) {}

  bool dry_run() const { return options_.dry_run; }
  // The age that this run asks for, by default the usual one.
  std::chrono::milliseconds age(std::chrono::milliseconds usual) const {
    return options_.age.value_or(usual);
  }
  // Between two steps, when it says so, a module's collect returns.
  bool stopping() const { return stop_.stop_requested(); }
  const std::stop_token& stop() const { return stop_; }
  void report(Collected item) { report_(std::move(item)); }
  // In a dry run: the module would need this blob no longer. In a real one it
  // is seen by itself.
  void released(const Digest& digest) {
    if (options_.dry_run) released_(digest);
  }

 private:
  const CollectionOptions options_;
  const std::stop_token stop_;
  const Report report_;
  const Released released_;
};

}  // namespace skerry
