// Which project stands in front of which upstream registry. All of them are
// kept in memory: every request asks here.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "upstream/upstream.h"

namespace skerry::registry {

// Thread-safe.
class Upstreams {
 public:
  using Ref = std::shared_ptr<Upstream>;

  explicit Upstreams(Services& services)
      : services_(services),
        key_file_(services.paths.keys / "registry-upstream.key") {}

  // Makes the key on the first start, and reads what there is.
  void recover();

  // True when there is none at all: then nothing else needs to be asked.
  bool none() const { return count_.load(std::memory_order_relaxed) == 0; }
  // Null when the project stands in front of nothing.
  Ref of(std::int64_t project_id) const EXCLUDES(mutex_);
  // Those that answer for this value of ?ns=, by project name.
  std::vector<Ref> for_host(std::string_view host) const EXCLUDES(mutex_);

  // Within the caller's transaction; in force after its commit.
  void put(Transaction& tx, UpstreamConfig config);
  // False when the project had none.
  bool remove(Transaction& tx, std::int64_t project_id);

 private:
  std::string key() const;
  void load() EXCLUDES(mutex_);

  Services& services_;
  const std::filesystem::path key_file_;
  std::atomic<std::size_t> count_{0};
  Mutex loading_;
  mutable Mutex mutex_;
  std::map<std::int64_t, Ref> all_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
