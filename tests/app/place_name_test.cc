#include "client/copy/place_name.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace skerry::app {
namespace {

using Kind = PlaceName::Kind;
const std::string kDigest = "sha256:" + std::string(64, 'a');

struct Accepted {
  std::string text;
  Kind kind;
  std::string host, path, reference;
};

TEST(PlaceName, IsReadInAllItsForms) {
  const Accepted all[] = {
      {"demo/app:v1", Kind::server, "", "demo/app", "v1"},
      {"demo/tools/app:v1", Kind::server, "", "demo/tools/app", "v1"},
      {"demo/app@" + kDigest, Kind::server, "", "demo/app", kDigest},
      {"registry.example/app:v1", Kind::registry, "registry.example", "app",
       "v1"},
      {"localhost/team/app:v1", Kind::registry, "localhost", "team/app", "v1"},
      {"127.0.0.1:5000/demo/app:v1", Kind::registry, "127.0.0.1:5000",
       "demo/app", "v1"},
      {"docker://registry/app:v1", Kind::registry, "registry", "app", "v1"},
      {"docker://h:1/demo/app@" + kDigest, Kind::registry, "h:1", "demo/app",
       kDigest},
      {"oci:/tmp/layout", Kind::layout, "", "/tmp/layout", ""},
      {"oci:layout:v1", Kind::layout, "", "layout", "v1"},
      {"oci:a:b/layout", Kind::layout, "", "a:b/layout", ""},
      {"oci:layout@" + kDigest, Kind::layout, "", "layout", kDigest},
      {"oci-archive:app.tar:v1", Kind::archive, "", "app.tar", "v1"},
  };
  for (const auto& one : all) {
    const auto place = parse_place(one.text);
    EXPECT_EQ(place.kind, one.kind) << one.text;
    EXPECT_EQ(place.host, one.host) << one.text;
    EXPECT_EQ(place.path, one.path) << one.text;
    EXPECT_EQ(place.reference, one.reference) << one.text;
  }
}

TEST(PlaceName, IsRefusedWhenItIsNone) {
  for (const std::string text :
       {"", "app", "app:v1", "demo/app", "demo/app:", "demo/app@", "/app:v1",
        "demo/:v1", "demo/app:-v1", "demo/app@sha256:abc", "docker://",
        "docker:///app:v1", "docker://registry:v1", "registry.example/:v1",
        "oci:", "oci::v1", "oci-archive:", "oci:layout:a b"}) {
    EXPECT_THROW(parse_place(text), Error) << text;
  }
}

}  // namespace
}  // namespace skerry::app
