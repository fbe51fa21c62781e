#include "upstream/entry.h"

#include <fmt/format.h>

#include "errors.h"

namespace skerry::registry {
namespace {

std::string path_name(const http::Request& request) {
  const auto name = request.params.find("name");
  const auto& project = request.param("project");
  return name == request.params.end() ? project : project + "/" + name->second;
}

// The project of registry.mirror_project, when it has an upstream.
std::optional<std::string> default_mirror(Parts& parts) {
  auto name = parts.services.settings.text("registry.mirror_project");
  if (name.empty()) return {};
  const auto project = parts.services.accounts.find_project(name);
  if (!project || !parts.upstreams.of(project->id)) return {};
  return name;
}

// The project that answers for the host, before others one that the caller may
// read.
std::optional<std::string> project_for_host(Parts& parts,
                                            const http::Request& request,
                                            std::string_view host,
                                            const std::string& name) {
  const auto candidates = parts.upstreams.for_host(host);
  if (candidates.empty()) return {};
  for (const auto& one : candidates) {
    const auto& config = one->config();
    if (may(parts.services.accounts, request.identity, Action::pull,
            config.project, name)) {
      return config.project;
    }
  }
  return candidates.front()->config().project;
}

// True when the path names the project itself, as with containerd's
// override_path.
bool names_mirror_itself(Parts& parts, std::string_view host,
                         std::string_view first) {
  for (const auto& one : parts.upstreams.for_host(host)) {
    if (one->config().project == first) return true;
  }
  return false;
}

FullName target_of(Parts& parts, const http::Request& request) {
  const auto name = path_name(request);
  const bool has_repository = name.find('/') != std::string::npos;
  const auto& first = request.param("project");
  if (!parts.upstreams.none()) {
    const auto ns = request.query_param("ns");
    if (ns && !(has_repository && names_mirror_itself(parts, *ns, first))) {
      if (auto project = project_for_host(parts, request, *ns, name)) {
        return {std::move(*project), name};
      }
    }
    if (!parts.services.accounts.find_project(first)) {
      if (auto project = default_mirror(parts)) {
        return {std::move(*project), name};
      }
    }
  }
  if (!has_repository) fail_name_without_project(request.path);
  return {first, request.param("name")};
}

}  // namespace

Entry enter_pull(Parts& parts, const http::Request& request) {
  auto target = target_of(parts, request);
  Place place{0, std::move(target.project), std::move(target.repository)};
  Upstreams::Ref upstream;
  if (!parts.upstreams.none()) {
    const auto project = parts.services.accounts.find_project(place.project);
    if (project) upstream = parts.upstreams.of(project->id);
  }
  Entry entry{enter_place(parts.services.accounts, request, Action::pull,
                          std::move(place)),
              std::move(upstream)};
  if (entry.upstream) {
    const auto& config = entry.upstream->config();
    entry.place.repository =
        canonical_repository(config, entry.place.repository);
    if (!is_allowed(config, entry.place.repository)) {
      fail_denied(fmt::format(
          "'{}' is not among the repositories that project '{}' takes from {}",
          entry.place.repository, config.project, config.url));
    }
  }
  return entry;
}

void refuse_mirrored(Parts& parts, const Place& place) {
  const auto upstream = parts.upstreams.of(place.project_id);
  if (!upstream) return;
  fail_unsupported(fmt::format(
      "project '{}' stands in front of {} and takes no pushes: push there, or "
      "to another project",
      place.project, upstream->config().url));
}

Place enter_push(Parts& parts, const http::Request& request) {
  auto place = enter(parts.services.accounts, request, Action::push);
  refuse_mirrored(parts, place);
  return place;
}

FullName scope_target(Parts& parts, FullName name) {
  if (parts.upstreams.none() ||
      parts.services.accounts.find_project(name.project)) {
    return name;
  }
  auto project = default_mirror(parts);
  if (!project) return name;
  return {std::move(*project), name.project + "/" + name.repository};
}

}  // namespace skerry::registry
