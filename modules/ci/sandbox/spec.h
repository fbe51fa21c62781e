// What the daemon tells a new sandbox: the view of the file system, who to be,
// what to run and within which bounds. Travels as JSON over a pipe, so no
// secret in it ever stands on a command line or on disk.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci::sandbox {

// A host path shown inside at `target`.
struct Bind {
  std::string source;
  std::string target;  // absolute
  bool writable = false;
  bool optional = false;  // absent on the host: left out
};

// A small file made inside, read-only for the command.
struct SeedFile {
  std::string path;  // absolute
  std::string content;
  unsigned mode = 0444;
};

struct Link {
  std::string path;  // absolute
  std::string target;
};

// 0: no bound.
struct Bounds {
  std::uint64_t cpu_seconds = 0;
  std::uint64_t address_space = 0;  // bytes, per process
  std::uint64_t processes = 0;
  std::uint64_t file_size = 0;  // bytes
  std::uint64_t open_files = 0;
};

struct Spec {
  std::string root;         // an empty host folder; the view is mounted there
  std::string status_file;  // host; gets the reason when set-up fails
  std::vector<Bind> binds;
  std::vector<SeedFile> files;
  std::vector<Link> links;
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;
  std::string folder;  // inside
  std::uint32_t uid = 0, gid = 0;
  // Enter through a user namespace in which `uid` stands for our own user;
  // needed when we are not root.
  bool user_namespace = false;
  bool host_network = false;
  bool merge_output = true;  // standard error into standard output
  Bounds bounds;
  std::vector<std::string> cgroups;  // folders to enter
};

std::string to_json(const Spec& spec);
// Throws invalid.
Spec spec_from_json(std::string_view text);

}  // namespace skerry::ci::sandbox
