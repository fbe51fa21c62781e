// What is put on a node so that it pulls through this server: one file for each
// kind of container runtime. Pure functions.
#pragma once

#include <string>
#include <vector>

namespace skerry::registry {

struct NodeFacts {
  std::string base_url;  // "https://skerry.example:8443", as nodes reach it
  std::string project;
  // Registries that the project stands in front of, as images name them; none
  // for a project that is pushed to.
  std::vector<std::string> hosts;
  bool docker_hub = false;     // "docker.io" is among them
  bool default_mirror = false; // registry.mirror_project is this project
  bool is_public = false;      // pulls need no sign-in
};

struct Snippet {
  std::string tool;  // "docker", "containerd", "podman", "k3s", "rke2"
  std::string file;
  std::string content;
  std::string note;
};
std::vector<Snippet> node_snippets(const NodeFacts& facts);

}  // namespace skerry::registry
