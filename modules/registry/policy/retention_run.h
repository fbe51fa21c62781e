// Carrying out the rules of retention.h: a look at what they would do, and the
// background job that does it, daily and on demand. What goes is deleted as by
// a person: it can be brought back for registry.undo_window.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "manifests/deletions.h"
#include "policy/policies.h"
#include "policy/retention.h"
#include "pulls/pulls.h"
#include "registry/image_users.h"

namespace skerry::registry {

// The job's subject is a project, or empty: all of them, every day.
inline constexpr std::string_view kRetentionJob = "registry.retention";

// Thread-safe.
class Retention {
 public:
  Retention(Services& services, const Policies& policies, Pulls& pulls,
            Deletions& deletions)
      : services_(services),
        policies_(policies),
        pulls_(pulls),
        deletions_(deletions) {}

  // Whose images stay; before the first run.
  void protect(ImageUsers& users) { users_ = &users; }

  // Calls `each` for every repository of a project.
  using Each = std::function<void(const Place& place, const RepositoryFacts&,
                                  const Verdicts&)>;
  void judge_project(std::int64_t project_id, const std::string& project,
                     const Policy& policy, const Each& each);

  // A job for one project; its number. Throws invalid when its policy keeps
  // everything.
  std::int64_t enqueue(std::int64_t project_id, const std::string& project,
                       const http::Identity& who);
  // Sees to the daily run.
  void schedule(std::chrono::milliseconds delay);
  void run(JobContext& context);

  struct LastRun {
    UnixMillis started = 0;
    std::optional<UnixMillis> finished;
    std::int64_t tags = 0, manifests = 0;  // removed
    std::string trouble;
  };
  std::optional<LastRun> last_run(std::int64_t project_id);

 private:
  void run_project(JobContext& context, std::int64_t project_id,
                   const std::string& project);
  void carry_out(JobContext& context, const Place& place,
                 const RepositoryFacts& facts, const Verdicts& verdicts,
                 LastRun& run);
  bool remove_tag(const Place& place, const TagFact& tag);
  bool remove_manifest(const Place& place, const ManifestFact& manifest,
                       const std::vector<TagFact>& tags);
  void save(std::int64_t project_id, const LastRun& run);

  Services& services_;
  const Policies& policies_;
  Pulls& pulls_;
  Deletions& deletions_;
  ImageUsers* users_ = nullptr;
};

}  // namespace skerry::registry
