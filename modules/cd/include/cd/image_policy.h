// What the syncer asks before it deploys images. Implemented by app/wiring.
#pragma once

#include <string_view>

namespace skerry::cd {

// Thread-safe.
class ImagePolicy {
 public:
  virtual ~ImagePolicy() = default;
  // Throws, naming the image and who demands what, when an application of
  // `project` may not run this image, as its manifests spell it.
  virtual void require_deployable(std::string_view project,
                                  std::string_view image) = 0;
};

}  // namespace skerry::cd
