// From an application's sources to its manifests.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "application.h"
#include "cd/chart_source.h"
#include "cd/git_source.h"
#include "cd/renderer.h"
#include "compare/compare.h"
#include "core/os/mutex.h"

namespace skerry::cd {

// What a source's targetRevision stands for at one moment.
struct Resolved {
  std::string revision;  // commit id or chart version, for people
  std::string digest;    // commit id or archive digest: equal means equal
};
Json to_json(const std::vector<Resolved>& resolved);
std::vector<Resolved> resolved_from_json(const Json& value);
// "1.2.3", or several joined by ", ".
std::string revision_text(const std::vector<Resolved>& resolved);

// Thread-safe.
class Sources {
 public:
  Sources(GitSource& git, ChartSource& charts, Renderer& renderer)
      : git_(git), charts_(charts), renderer_(renderer) {}

  // `revision`, when not empty, stands in for the targetRevision of the only
  // source. Throws Error naming the source.
  std::vector<Resolved> resolve(const Application& app,
                                std::string_view revision = {});
  // Rendered at `resolved`; the same object again while it is in the cache.
  std::shared_ptr<const Desired> render(const Application& app,
                                        const std::vector<Resolved>& resolved);

 private:
  struct Cached {
    std::string key;
    std::shared_ptr<const Desired> desired;
    std::size_t bytes;
  };
  std::shared_ptr<const Desired> find(const std::string& key);
  void keep(std::string key, std::shared_ptr<const Desired> desired);
  std::vector<Json> render_source(const Application& app,
                                  const std::vector<Resolved>& resolved,
                                  std::size_t index);
  std::shared_ptr<const Tree> tree(const Source& source,
                                   const Resolved& resolved);

  GitSource& git_;
  ChartSource& charts_;
  Renderer& renderer_;
  Mutex mutex_;
  std::list<Cached> cache_ GUARDED_BY(mutex_);  // latest use first
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace skerry::cd
