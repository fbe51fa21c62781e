// The configuration of an image while instructions change it (OCI image
// specification, config.md; with Docker's Healthcheck and Shell).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"
#include "core/text/json.h"

namespace skerry::ci {

// Used by one thread.
class ImageConfig {
 public:
  // Of `FROM scratch`.
  static ImageConfig of_scratch(std::string_view architecture);
  // Of a base image; what is in it and unknown here is kept. Throws invalid
  // for a configuration that is none.
  static ImageConfig of_base(Json base);

  std::optional<std::string> environment(std::string_view name) const;
  void set_environment(const std::string& name, const std::string& value);
  void set_label(const std::string& name, const std::string& value);
  std::string working_folder() const;  // "/" when unset
  std::string text(const char* key) const;
  void set_text(const char* key, const std::string& value);
  void set_author(const std::string& author);
  // Entrypoint, Cmd, Shell.
  void set_command(const char* key, const std::vector<std::string>& words);
  void clear(const char* key);
  bool has(const char* key) const;
  std::vector<std::string> shell() const;
  // ExposedPorts, Volumes.
  void add_to_set(const char* key, const std::string& member);
  void set_healthcheck(Json healthcheck);

  // What made a layer, or changed only the configuration.
  void add_history(std::string_view created_by, std::int64_t time,
                   bool has_layer);
  void add_diff_id(const Digest& diff_id);
  std::size_t layer_count() const;

  // With `time` as the moment of creation.
  std::string to_json(std::int64_t time) const;

 private:
  explicit ImageConfig(Json root) : root_(std::move(root)) {}
  const Json& settings() const { return root_.at("config"); }
  Json& settings() { return root_.at("config"); }

  Json root_;
};

}  // namespace skerry::ci
