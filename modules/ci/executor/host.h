// What a running pipeline asks of its surroundings: the server, or the command
// line that runs a Jenkinsfile in the current folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "executor/executor.h"
#include "plan.h"
#include "quality/junit.h"

namespace skerry::ci {

struct Credential {
  enum class Kind { text, username_password, file } kind = Kind::text;
  std::string user;       // username_password
  std::string secret;     // text, password, or the file's bytes
  std::string file_name;  // file
};

struct ImageOrder {
  std::string image;  // as written: "hello", "demo/hello"
  std::string dockerfile, target;
  std::vector<std::string> tags;
  std::map<std::string, std::string> build_args;
};
struct BuiltImage {
  std::string name;  // "<host>/<project>/<name>"
  std::string tag;   // the first
  std::string digest;
  std::vector<std::string> tags{};  // all
};

struct ChartOrder {
  std::string path;
  std::string version, app_version;           // empty: the chart's own
  std::map<std::string, std::string> values;  // "image.tag" -> "1.0"
};
struct PublishedChart {
  std::string name, version, digest;
};

// Thread-safe: branches of a parallel stage ask at the same time. What a host
// cannot do it refuses with Error unavailable, which names the step.
class RunHost {
 public:
  virtual ~RunHost() = default;

  // Progress. `stage` counts as each_stage() visits.
  virtual void stage_started(int stage, std::uint64_t log_offset) = 0;
  virtual void stage_finished(int stage, Result result,
                              std::uint64_t log_offset) = 0;

  virtual std::unique_ptr<Site> prepare_site() = 0;
  // A folder for stashes that no script sees; it goes with the run.
  virtual std::filesystem::path scratch() = 0;
  // The commit of the run, written below `folder`.
  virtual void check_out_scm(Site& site, std::string_view folder,
                             const std::function<void(std::string_view)>&
                                 note) = 0;
  // The `git` step.
  virtual void check_out_git(const std::string& url, const std::string& branch,
                             const std::string& credentials_id, Site& site,
                             std::string_view folder,
                             const std::function<void(std::string_view)>& note,
                             std::stop_token stop) = 0;
  // Throws not_found naming the id.
  virtual Credential credential(const std::string& id) = 0;
  virtual void add_artifact(const std::string& path, const Fd& content) = 0;
  virtual void add_tests(const std::vector<TestSuite>& suites) = 0;
  virtual BuiltImage build_image(const Tree& context, const ImageOrder& order,
                                 const std::function<void(std::string_view)>&
                                     log,
                                 std::stop_token stop) = 0;
  virtual PublishedChart publish_chart(const Tree& workspace,
                                       const ChartOrder& order) = 0;
  // What the run changes against the previous one of its branch.
  virtual std::optional<std::vector<std::string>> changed_paths() = 0;
};

}  // namespace skerry::ci
