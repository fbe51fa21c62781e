#include "helm/capabilities.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace skerry::chart {
namespace {

TEST(Capabilities, ReadsKubernetesVersions) {
  KubeVersion kube = parse_kube_version("v1.29.3+eks-abc");
  EXPECT_EQ(kube.version, "v1.29.3+eks-abc");
  EXPECT_EQ(kube.normalized, "v1.29.3");
  EXPECT_EQ(kube.major, "1");
  EXPECT_EQ(kube.minor, "29");
  EXPECT_EQ(parse_kube_version("1.30").version, "v1.30");
  for (const char* bad : {"", "x", "1", "01.2"}) {
    EXPECT_THROW(parse_kube_version(bad), Error) << bad;
  }
}

TEST(Capabilities, OffersTheBuiltInVersions) {
  EXPECT_EQ(default_api_versions().size(), 57u);
}

}  // namespace
}  // namespace skerry::chart
