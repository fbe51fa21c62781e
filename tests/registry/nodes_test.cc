#include "upstream/nodes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/text/json.h"

namespace skerry::registry {
namespace {

const Snippet& of(const std::vector<Snippet>& all, const std::string& tool) {
  return *std::find_if(all.begin(), all.end(),
                       [&](const Snippet& one) { return one.tool == tool; });
}

NodeFacts hub() {
  NodeFacts facts;
  facts.base_url = "https://skerry.example:8443";
  facts.project = "hub";
  facts.hosts = {"docker.io", "quay.io"};
  facts.docker_hub = true;
  return facts;
}

TEST(NodeSnippets, ThereIsOneForEachToolAndRegistry) {
  std::vector<std::string> files;
  for (const auto& one : node_snippets(hub())) files.push_back(one.file);
  EXPECT_EQ(files,
            (std::vector<std::string>{
                "/etc/docker/daemon.json",
                "/etc/containerd/certs.d/docker.io/hosts.toml",
                "/etc/containerd/certs.d/quay.io/hosts.toml",
                "/etc/containers/registries.conf.d/50-skerry.conf",
                "/etc/rancher/k3s/registries.yaml",
                "/etc/rancher/rke2/registries.yaml"}));
}

TEST(NodeSnippets, DockersIsJsonAndSaysWhatElseItTakes) {
  auto facts = hub();
  const auto all = node_snippets(facts);
  const auto& docker = of(all, "docker");
  EXPECT_EQ(parse_json(docker.content).dump(),
            R"({"registry-mirrors":["https://skerry.example:8443"]})");
  EXPECT_NE(docker.note.find("registry.mirror_project = hub"),
            std::string::npos);
  EXPECT_NE(docker.note.find("make project 'hub' public"), std::string::npos);
  facts.base_url = "http://10.0.0.1:8080";
  facts.default_mirror = facts.is_public = true;
  const auto plain = node_snippets(facts);
  EXPECT_EQ(
      parse_json(of(plain, "docker").content).at("insecure-registries").dump(),
      R"(["10.0.0.1:8080"])");
  EXPECT_EQ(of(plain, "docker").note.find("mirror_project"), std::string::npos);
}

TEST(NodeSnippets, NoSecretStandsInThem) {
  for (const auto& one : node_snippets(hub())) {
    EXPECT_EQ(one.content.find("skr_"), std::string::npos);
  }
}

TEST(NodeSnippets, APlainProjectGetsItsHost) {
  auto facts = hub();
  facts.hosts.clear();
  facts.docker_hub = false;
  const auto all = node_snippets(facts);
  EXPECT_EQ(of(all, "containerd").file,
            "/etc/containerd/certs.d/skerry.example:8443/hosts.toml");
  EXPECT_EQ(of(all, "docker").content, "{}\n");
  EXPECT_NE(of(all, "k3s").content.find("\"skerry.example:8443\":"),
            std::string::npos);
}

}  // namespace
}  // namespace skerry::registry
