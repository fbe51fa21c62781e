// `skerry serve`: the daemon.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace skerry::app {

struct ServeOptions {
  std::filesystem::path data = "/var/lib/skerry";
  // Empty: the setting http.listen.
  std::string listen;
  // Settings file; empty: <data>/skerry.yaml.
  std::filesystem::path config;
  // "human", "json" or empty for what suits standard error.
  std::string log_format;
  std::string log_level = "info";
};

// Boots, serves until SIGTERM or SIGINT, stops in order. Throws Error when the
// start is refused.
void serve(const ServeOptions& options);

// `skerry storage move`: takes the blobs of a server that does not run to the
// S3 store of its settings, or back into files.
void move_blobs(const ServeOptions& options, bool to_s3);

}  // namespace skerry::app
