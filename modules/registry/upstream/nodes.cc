#include "upstream/nodes.h"

#include <fmt/format.h>

#include "core/text/json.h"

namespace skerry::registry {
namespace {

bool is_tls(const NodeFacts& facts) {
  return facts.base_url.starts_with("https://");
}

std::string host(const NodeFacts& facts) {
  return facts.base_url.substr(facts.base_url.find("://") + 3);
}

std::string join(std::initializer_list<std::string> sentences) {
  std::string text;
  for (const auto& one : sentences) {
    if (one.empty()) continue;
    if (!text.empty()) text += ' ';
    text += one;
  }
  return text;
}

// How the server's authority gets where a tool looks for it.
std::string ca_note(const NodeFacts& facts, const std::string& path) {
  if (!is_tls(facts)) {
    return "This server is reached without TLS: use it in a trusted network "
           "only.";
  }
  return fmt::format(
      "If the server uses the certificate authority that it made itself: "
      "mkdir -p $(dirname {0}) && curl -fk {1}/ca.crt -o {0}, and compare its "
      "fingerprint.",
      path, facts.base_url);
}

std::string sign_in(const NodeFacts& facts, const std::string& how) {
  if (facts.is_public) return {};
  return fmt::format("Project '{}' is not public: {}", facts.project, how);
}

// dockerd asks mirrors for Docker Hub's images only, and without credentials.
Snippet docker(const NodeFacts& facts) {
  Json daemon = Json::object();
  Snippet one{"docker", "/etc/docker/daemon.json", "", ""};
  if (!is_tls(facts)) daemon["insecure-registries"] = {host(facts)};
  std::string mirror;
  if (facts.docker_hub) {
    daemon["registry-mirrors"] = {facts.base_url};
    mirror =
        facts.default_mirror
            ? "Then: systemctl restart docker."
            : fmt::format("It also takes the setting registry.mirror_project "
                          "= {} on this server, since dockerd does not say "
                          "which registry it means. Then: systemctl restart "
                          "docker.",
                          facts.project);
    if (!facts.is_public) {
      mirror += fmt::format(
          " dockerd signs in to no mirror: make project '{}' public, or pull "
          "by its full name.",
          facts.project);
    }
  }
  one.content = daemon.dump(2) + "\n";
  one.note = join({mirror,
                   fmt::format("Images are always there by their full name: "
                               "docker pull {}/{}/NAME:TAG.",
                               host(facts), facts.project),
                   ca_note(facts, fmt::format("/etc/docker/certs.d/{}/ca.crt",
                                              host(facts)))});
  return one;
}

// One file a registry: hosts.toml (containerd's docs/hosts.md).
Snippet containerd(const NodeFacts& facts, const std::string& registry) {
  Snippet one{"containerd",
              fmt::format("/etc/containerd/certs.d/{}/hosts.toml", registry),
              "", ""};
  const auto ca = fmt::format("/etc/containerd/certs.d/{}/skerry-ca.crt",
                              registry);
  if (facts.hosts.empty()) {
    one.content = fmt::format("server = \"{}\"\n\n", facts.base_url);
  } else {
    one.content = fmt::format(
        "server = \"https://{}\"\n\n",
        registry == "docker.io" ? "registry-1.docker.io" : registry);
  }
  one.content += fmt::format(
      "[host.\"{}\"]\n  capabilities = [\"pull\", \"resolve\"]\n",
      facts.base_url);
  if (is_tls(facts)) {
    one.content += fmt::format(
        "  # for the authority that the server made itself:\n  # ca = \"{}\"\n",
        ca);
  }
  one.note = join(
      {"containerd reads it at the next pull; /etc/containerd/config.toml must "
       "have config_path = \"/etc/containerd/certs.d\" (ctr: --hosts-dir).",
       sign_in(facts, "give containerd credentials for this host in the "
                      "pod's imagePullSecrets, or a header "
                      "[host.\"...\".header] with authorization."),
       ca_note(facts, ca)});
  return one;
}

// containers-registries.conf(5).
Snippet podman(const NodeFacts& facts) {
  Snippet one{"podman", "/etc/containers/registries.conf.d/50-skerry.conf", "",
              ""};
  for (const auto& registry : facts.hosts) {
    one.content += fmt::format(
        "[[registry]]\nprefix = \"{0}\"\nlocation = \"{0}\"\n\n"
        "[[registry.mirror]]\nlocation = \"{1}/{2}\"\ninsecure = {3}\n\n",
        registry, host(facts), facts.project, is_tls(facts) ? "false" : "true");
  }
  if (facts.hosts.empty()) {
    one.content = fmt::format(
        "[[registry]]\nlocation = \"{}\"\ninsecure = {}\n", host(facts),
        is_tls(facts) ? "false" : "true");
  }
  while (one.content.ends_with("\n\n")) one.content.pop_back();
  one.note =
      join({"For podman, buildah, skopeo and CRI-O.",
            sign_in(facts, fmt::format("podman login {}.", host(facts))),
            ca_note(facts, fmt::format("/etc/containers/certs.d/{}/ca.crt",
                                       host(facts)))});
  return one;
}

// registries.yaml, the same for k3s and RKE2. The mirror learns the registry
// from ?ns=, so no rewrite is needed.
Snippet rancher(const NodeFacts& facts, const std::string& tool) {
  Snippet one{tool, fmt::format("/etc/rancher/{}/registries.yaml", tool), "",
              ""};
  one.content = "mirrors:\n";
  auto registries = facts.hosts;
  if (registries.empty()) registries.push_back(host(facts));
  for (const auto& registry : registries) {
    one.content += fmt::format("  \"{}\":\n    endpoint:\n      - \"{}\"\n",
                               registry, facts.base_url);
  }
  const auto ca = fmt::format("/etc/rancher/{}/skerry-ca.crt", tool);
  if (!facts.is_public || is_tls(facts)) {
    one.content += fmt::format("configs:\n  \"{}\":\n", host(facts));
    if (!facts.is_public) {
      one.content +=
          "    auth:\n      username: USER\n      password: TOKEN\n";
    }
    if (is_tls(facts)) {
      one.content += fmt::format("    tls:\n      ca_file: {}\n", ca);
    }
  }
  one.note = join(
      {fmt::format("Then restart {}. Without --disable-default-registry-"
                   "endpoint the node asks the registry itself when this "
                   "server does not have an image.",
                   tool == "k3s" ? "k3s or k3s-agent"
                                 : "rke2-server or rke2-agent"),
       sign_in(facts, "put a robot's name and token there."),
       ca_note(facts, ca),
       is_tls(facts) ? "Leave tls out when nodes trust the certificate anyway."
                     : ""});
  return one;
}

}  // namespace

std::vector<Snippet> node_snippets(const NodeFacts& facts) {
  std::vector<Snippet> all{docker(facts)};
  for (const auto& registry : facts.hosts) {
    all.push_back(containerd(facts, registry));
  }
  if (facts.hosts.empty()) all.push_back(containerd(facts, host(facts)));
  all.push_back(podman(facts));
  all.push_back(rancher(facts, "k3s"));
  all.push_back(rancher(facts, "rke2"));
  return all;
}

}  // namespace skerry::registry
