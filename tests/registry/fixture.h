// A registry with one data folder that can be restarted, and clients for it.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/os/file.h"
#include "raw_client.h"
#include "samples.h"
#include "world.h"

namespace skerry::registry {

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() { restart(); }

  void restart(std::map<std::string, std::string> environment = {}) {
    world_.reset();
    world_.emplace(folder_.path(), std::move(environment));
  }
  World& world() { return *world_; }
  RawClient as(std::string_view user) const {
    return RawClient(world_->port(), user.empty() ? "" : basic(user));
  }
  RawClient dev() const { return as("dev"); }
  RawClient admin() const { return as("admin"); }

  // Starts an upload; its location.
  std::string start(const std::string& repository = "demo/app") const {
    return dev()
        .send("POST", "/v2/" + repository + "/blobs/uploads/")
        .header("location");
  }
  // Pushes a blob; the status.
  int push_blob(std::string_view bytes,
                const std::string& repository = "demo/app") const {
    return admin()
        .send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" +
                          digest_of(bytes).to_string(),
              bytes)
        .status;
  }
  Reply put_manifest(const std::string& bytes, const std::string& reference,
                     const std::string& repository = "demo/app",
                     const std::string& type =
                         "application/vnd.oci.image.manifest.v1+json") const {
    return admin().send("PUT", "/v2/" + repository + "/manifests/" + reference,
                        bytes, {{"Content-Type", type}});
  }
  // Pushes an image of one layer; its digest.
  Digest push_image(const std::string& layer, const std::string& tag,
                    const std::string& repository = "demo/app") const {
    push_blob(kConfig, repository);
    push_blob(layer, repository);
    const auto bytes = image_manifest({layer});
    EXPECT_EQ(put_manifest(bytes, tag, repository).status, 201);
    return digest_of(bytes);
  }
  // Files below the data folder's part.
  std::size_t files_in(const std::string& part) const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             folder_.path() / part)) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
  const std::filesystem::path& data() const { return folder_.path(); }

 private:
  TempFolder folder_{std::filesystem::temp_directory_path(), "registry-test-"};
  std::optional<World> world_;
};

// The "code" of an OCI error body.
inline std::string error_code(const Reply& reply) {
  const auto errors = parse_json(reply.body).at("errors");
  return errors.at(0).at("code").get<std::string>();
}

inline std::string with_digest(const std::string& location,
                               std::string_view bytes) {
  return location + "?digest=" + digest_of(bytes).to_string();
}

}  // namespace skerry::registry
