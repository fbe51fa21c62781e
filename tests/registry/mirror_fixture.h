// A registry whose public project "open" stands in front of a fake upstream.
#pragma once

#include "fake_upstream.h"
#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {

class MirrorTest : public RegistryTest {
 protected:
  MirrorTest() { configure(); }

  Json config() const {
    return {{"url", upstream_.url()}, {"hosts", {"docker.io"}}};
  }
  void configure() { configure(config()); }
  void configure(const Json& body) { EXPECT_EQ(put(body).status, 200); }
  Reply put(const Json& body, const std::string& project = "open") const {
    return admin().send("PUT", "/api/v1/projects/" + project + "/upstream",
                        body.dump());
  }
  Reply get(const std::string& rest, const Headers& headers = {}) const {
    return as("").send("GET", "/v2/" + rest, {}, headers);
  }
  Reply head(const std::string& rest) const {
    return as("").send("HEAD", "/v2/" + rest);
  }
  // An image of one layer at the upstream.
  std::string put_image(const std::string& repository, const std::string& tag,
                        const std::string& layer) {
    const auto bytes = image_manifest({layer});
    upstream_.put_blob(std::string(kConfig));
    upstream_.put_blob(layer);
    upstream_.put(repository, bytes, tag);
    return bytes;
  }
  static std::string blob_path(const std::string& repository,
                               std::string_view bytes) {
    return repository + "/blobs/" + digest_of(bytes).to_string();
  }
  void pass(std::chrono::milliseconds time) { world().clock().advance(time); }

  FakeUpstream upstream_;
};

}  // namespace skerry::registry
