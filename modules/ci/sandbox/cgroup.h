// Control groups, version 2 or 1: bounds on the memory and the number of
// processes of a whole run, where the machine lets us set them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci::sandbox {

// The groups of one run; removed, with all processes in them, on destruction.
class RunGroups {
 public:
  explicit RunGroups(std::vector<std::filesystem::path> folders)
      : folders_(std::move(folders)) {}
  ~RunGroups();
  RunGroups(const RunGroups&) = delete;
  RunGroups& operator=(const RunGroups&) = delete;
  // For Spec::cgroups.
  std::vector<std::string> folders() const;

 private:
  std::vector<std::filesystem::path> folders_;
};

// Thread-safe after construction.
class ControlGroups {
 public:
  // Finds what this process may use. `owner` keeps several daemons on one
  // machine apart. In a delegated group of version 2 the process moves itself
  // to a child, since a group with processes cannot hand out controllers.
  explicit ControlGroups(std::string owner);

  // What cannot be bounded by groups and why; empty when all can.
  const std::string& missing() const { return missing_; }
  // Groups for a run; 0: no bound. Without support: no folders.
  std::unique_ptr<RunGroups> create(std::string_view run,
                                    std::uint64_t memory_bytes,
                                    std::uint64_t processes) const;
  // Kills and removes what a dead daemon of this owner left.
  void remove_leftovers() const;

 private:
  struct Hierarchy {
    std::filesystem::path parent;
    std::string memory_file, processes_file;  // empty: not bounded here
  };
  void find_version_2(const std::filesystem::path& own);
  void find_version_1(const std::filesystem::path& root,
                      const std::string& controller,
                      const std::filesystem::path& own);

  std::string prefix_;
  std::vector<Hierarchy> hierarchies_;
  std::string missing_;
};

}  // namespace skerry::ci::sandbox
