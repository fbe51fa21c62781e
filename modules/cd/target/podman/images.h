// Which images the target has pulled, so that only those are ever removed: an
// image that somebody loaded by hand stays.
//
//   <data>/podman/pulled/<digest of the name>   holds the name, or the id of
//                                               an image that lost its name to
//                                               a newer one
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cd/image_access.h"
#include "core/os/mutex.h"
#include "target/podman/engine.h"
#include "target/podman/workload.h"

namespace skerry::cd::podman {

// Thread-safe.
class Images {
 public:
  explicit Images(Engine& engine) : engine_(engine) {}

  // While it lives, its images are not removed: they are pulled, and no
  // container holds them yet.
  class Hold {
   public:
    Hold(Images& images, const std::vector<Image>& held);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    Images& images_;
    std::vector<std::string> names_;
  };

  // Throws unavailable with podman's own words.
  void pull(const Image& image, const std::optional<PullAccess>& access);
  // Removes what was pulled, is not in `wanted`, not held and in no
  // container; a few at a time.
  void tidy(const std::set<std::string>& wanted);

 private:
  std::filesystem::path record_of(const std::string& name) const;
  bool remove(const std::string& name, const std::filesystem::path& record);

  Engine& engine_;
  Mutex mutex_;
  std::map<std::string, int> held_ GUARDED_BY(mutex_);
};

}  // namespace skerry::cd::podman
