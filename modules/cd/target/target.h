// Where an application is deployed to: one file a kind of target. A Kubernetes
// API server fits the same interface.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "resource.h"

namespace skerry::cd {

// What a target needs to know about an application.
struct TargetApp {
  std::int64_t id = 0;
  std::string name, project;
  std::string namespace_name;  // the destination's
  std::string server;          // "directory:///srv/x", "podman://"
};

struct LiveResource {
  ResourceKey key;
  Json object;  // as it is now, with its status where the target knows one
};

// Sentences for people about a resource.
using Notices = std::map<ResourceKey, std::vector<std::string>>;

// What a target has to say about manifests before they are applied.
struct Review {
  // Why it cannot hold an object; nothing is applied while there are any.
  std::map<ResourceKey, std::string> problems{};
  // What will be different from a Kubernetes cluster, for the reader.
  Notices notices{};
};

// Thread-safe; prepare, apply, remove and forget of one application come from
// one thread at a time. Throws Error, naming the resource.
class Target {
 public:
  virtual ~Target() = default;

  // Completes the manifests for this target before they are compared (an
  // annotation with the digest of a pod's configuration, say).
  virtual void prepare(const TargetApp& app, std::vector<Json>& desired) = 0;
  // Asked before anything is changed; hooks are among `desired`. Throws when
  // the destination itself is wrong.
  virtual Review review(const TargetApp& app,
                        const std::vector<Json>& desired) = 0;

  // Changes whenever what live() answers may have changed. Cheap: asked for
  // every application every other second.
  virtual std::string fingerprint(const TargetApp& app) = 0;
  // The objects that carry the application's tracking id.
  virtual std::vector<LiveResource> live(const TargetApp& app) = 0;

  // Makes the object so. Durable when it returns; repeating it is harmless.
  virtual void apply(const TargetApp& app, const Json& object,
                     const std::vector<Json>& desired) = 0;
  // An absent object is fine.
  virtual void remove(const TargetApp& app, const ResourceKey& key) = 0;
  // After the last object of a deleted application is gone.
  virtual void forget(const TargetApp& app) = 0;

  // Gives back images that were pulled for applications and that none needs:
  // those not among `wanted`, the images of all histories, and not in use.
  virtual void tidy(const std::set<std::string>& wanted) {
    static_cast<void>(wanted);
  }

  // Ends the target's threads and what it is waiting for; calls after it
  // throw unavailable.
  virtual void stop() = 0;

  // "" when the target works, otherwise why it does not.
  virtual std::string health() = 0;
};

}  // namespace skerry::cd
