#include "wiring/ci.h"

#include "core/error.h"
#include "wiring/local_url.h"

namespace skerry::app {
namespace {

// Builds act as this name in the audit log and in events.
http::Identity ci_identity() {
  http::Identity identity;
  identity.name = "ci";
  return identity;
}

struct ImageName {
  std::string project, repository;
};

ImageName split_image(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) {
    fail(ErrorCode::invalid, "image '{}' must be named <project>/<name>", name);
  }
  return {std::string(name.substr(0, slash)),
          std::string(name.substr(slash + 1))};
}

}  // namespace

std::shared_ptr<const Tree> CiSources::tree(std::string_view project,
                                            std::string_view repo,
                                            std::string_view commit) {
  return git_.tree(project, repo, commit);
}

std::optional<std::string> CiSources::resolve(std::string_view project,
                                              std::string_view repo,
                                              std::string_view revision) {
  return git_.resolve(project, repo, revision);
}

ci::CommitInfo CiSources::commit(std::string_view project,
                                 std::string_view repo, std::string_view id) {
  git::CommitInfo found = git_.commit(project, repo, id);
  return {std::move(found.id), std::move(found.message),
          std::move(found.author_name), found.time, std::move(found.parents)};
}

std::string CiSources::clone_external(const ci::ExternalSource& source,
                                      const std::filesystem::path& folder,
                                      std::stop_token stop) {
  git::ExternalClone clone;
  clone.url = source.url;
  clone.branch = source.branch;
  clone.user = source.user;
  clone.password = source.password;
  clone.folder = folder;
  return git_.clone_external(clone, stop);
}

std::optional<ci::LocalRepository> CiSources::local_repository(
    std::string_view url) {
  const auto local = local_git_repository(url, base_url_());
  if (!local) return std::nullopt;
  return ci::LocalRepository{local->project, local->repository};
}

std::optional<ci::StoredManifest> CiImages::find_manifest(
    std::string_view repository, std::string_view reference) const {
  const ImageName name = split_image(repository);
  auto found =
      registry_.read_manifest(name.project, name.repository, reference);
  if (!found) return std::nullopt;
  return ci::StoredManifest{found->digest, std::move(found->media_type),
                            std::move(found->bytes)};
}

Fd CiImages::open_blob(std::string_view repository,
                       const Digest& digest) const {
  const ImageName name = split_image(repository);
  return registry_.open_blob(name.project, name.repository, digest);
}

std::unique_ptr<BlobWriter> CiImages::create_blob(
    std::string_view repository) {
  const ImageName name = split_image(repository);
  return registry_.create_blob(name.project, name.repository);
}

void CiImages::link_blob(std::string_view repository, const Digest& digest,
                         std::string_view from_repository) {
  const ImageName from = split_image(from_repository);
  if (!registry_.has_blob(from.project, from.repository, digest)) {
    fail(ErrorCode::not_found, "{} has no blob {}", from_repository,
         digest.to_string());
  }
  const ImageName name = split_image(repository);
  registry_.link_blob(name.project, name.repository, digest);
}

Digest CiImages::put_manifest(std::string_view repository,
                              const std::vector<std::string>& tags,
                              std::string_view media_type,
                              std::string_view bytes) {
  const ImageName name = split_image(repository);
  return registry_.put_manifest(name.project, name.repository, tags, media_type,
                                bytes, ci_identity());
}

ci::ChartPublicationResult CiCharts::publish(
    const ci::ChartPublication& chart) {
  chart::Publication publication;
  publication.project = chart.project;
  publication.tree = chart.workspace;
  publication.path = chart.path;
  publication.version = chart.version;
  publication.app_version = chart.app_version;
  publication.values = chart.values;
  for (const auto& [name, value] : chart.provenance) {
    publication.annotations["skerry.dev/" + name] = value;
  }
  publication.who = ci_identity();
  chart::ChartVersion published = charts_.publish(publication);
  return {std::move(published.name), std::move(published.version),
          std::move(published.digest)};
}

}  // namespace skerry::app
