#include "repository/repository.h"

#include "core/error.h"
#include "core/telemetry/log.h"
#include "core/text/semver.h"
#include "core/text/yaml.h"

namespace skerry::chart {
namespace {

constexpr std::size_t kKeptTrees = 32;
constexpr std::string_view kManifestType =
    "application/vnd.oci.image.manifest.v1+json";

Json descriptor(std::string_view media_type, const Digest& digest,
                std::size_t size) {
  return {{"mediaType", media_type},
          {"digest", digest.to_string()},
          {"size", size}};
}

std::string version_text(std::string_view project, std::string_view name,
                         std::string_view version) {
  return fmt::format("{}/{} {}", project, name, version);
}

// A provenance file begins with the signed Chart.yaml; its name and version
// tell which archive it belongs to.
Metadata provenance_subject(std::string_view text) {
  const std::size_t begin = text.find("\n\n");
  const std::size_t end = text.find("\n...", begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) {
    fail(ErrorCode::invalid, "this is no provenance file: it has no Chart.yaml "
         "between a signature's head and '...'");
  }
  Metadata metadata;
  read_metadata(parse_yaml(text.substr(begin, end - begin), "provenance"),
                metadata);
  return metadata;
}

}  // namespace

std::string oci_tag(std::string_view version) {
  std::string tag(version);
  for (char& c : tag) {
    if (c == '+') c = '_';
  }
  return tag;
}

Package read_package(const std::string& archive) {
  const auto chart =
      load_chart_archive(archive, [](std::string_view, std::string_view) {});
  Package package{chart->metadata, archive};
  validate_metadata(package.metadata);
  if (!SemVer::parse(package.metadata.version)) {
    fail(ErrorCode::invalid,
         "chart {}: version '{}' is not a semantic version such as 1.2.3",
         package.metadata.name, package.metadata.version);
  }
  return package;
}

ChartVersion Repository::add(std::string_view project,
                             const std::string& archive,
                             std::string_view provenance, bool replace,
                             const http::Identity& who) {
  return store(project, read_package(archive), provenance, replace, who, true);
}

ChartVersion Repository::publish(const Publication& publication) {
  PackageOptions options;
  options.version = publication.version;
  options.app_version = publication.app_version;
  options.values = publication.values;
  options.annotations = publication.annotations;
  return store(publication.project,
               package_chart(*publication.tree, publication.path, options), "",
               false, publication.who, true);
}

// The artifact comes first: when the row is there, both ways to the chart are.
// A crash between leaves an artifact that import_artifact() turns into a row.
ChartVersion Repository::store(std::string_view project, const Package& package,
                               std::string_view provenance, bool replace,
                               const http::Identity& who, bool to_oci) {
  auth::require_project(services_.accounts, project);
  auto writer = services_.blobs.create();
  writer->write(package.archive);
  StoredVersion row;
  row.project = project;
  row.name = package.metadata.name;
  row.version = package.metadata.version;
  row.digest = writer->commit().to_string();
  row.app_version = package.metadata.app_version;
  row.metadata = metadata_as_json(package.metadata).dump();
  row.size = package.archive.size();
  row.created = services_.clock.now();
  row.provenance = provenance;
  if (to_oci) {
    const auto existing = find(project, row.name, row.version);
    if (!existing || existing->digest == row.digest || replace) {
      put_artifact(project, package, provenance, who);
    }
  }
  services_.db.write([&](Transaction& tx) {
    auth::require_project(services_.accounts, project);
    if (!insert_version(tx, row, replace)) return;
    const std::string subject = fmt::format("{}/{}", project, row.name);
    services_.events.append(tx, "ChartPublished", subject, row.version);
    services_.accounts.audit(tx, who, "chart.publish", subject, row.version);
  });
  forget_index(project);
  return {row.name, row.version, row.digest};
}

// Charts that come over HTTP or from a pipeline are kept as
// <project>/charts/<name>, so that they never meet an image of that name.
void Repository::put_artifact(std::string_view project, const Package& package,
                              std::string_view provenance,
                              const http::Identity& who) {
  const std::string repository = "charts/" + package.metadata.name;
  const auto part = [&](std::string_view media_type, std::string_view bytes) {
    auto writer = services_.blobs.create();
    writer->write(bytes);
    const Digest digest = writer->commit();
    oci_.link_blob(project, repository, digest);
    return descriptor(media_type, digest, bytes.size());
  };
  Json layers = Json::array();
  layers.push_back(part(kContentType, package.archive));
  if (!provenance.empty()) layers.push_back(part(kProvenanceType, provenance));
  const Json manifest = {
      {"schemaVersion", 2},
      {"mediaType", kManifestType},
      {"config", part(kConfigType, metadata_as_json(package.metadata).dump())},
      {"layers", layers},
      {"annotations",
       {{"org.opencontainers.image.title", package.metadata.name},
        {"org.opencontainers.image.version", package.metadata.version}}}};
  oci_.put_manifest(project, repository, oci_tag(package.metadata.version),
                    kManifestType, manifest.dump(), who);
}

// The row goes last: when a crash comes between, the chart is still listed and
// can be deleted again.
bool Repository::remove(std::string_view project, std::string_view name,
                        std::string_view version, const http::Identity& who) {
  const auto known = find(project, name, version);
  if (!known) return false;
  remove_artifact(*known, who);
  const bool removed = services_.db.write([&](Transaction& tx) {
    if (!delete_version(tx, project, name, version)) return false;
    services_.accounts.audit(tx, who, "chart.delete",
                             fmt::format("{}/{}", project, name), version);
    return true;
  });
  forget_index(project);
  return removed;
}

// Where charts are put (put_artifact) and where `helm push oci://` of a project
// puts them. An artifact of the same name that is something else stays.
void Repository::remove_artifact(const StoredVersion& version,
                                 const http::Identity& who) {
  const std::string tag = oci_tag(version.version);
  for (const std::string& repository :
       {"charts/" + version.name, version.name}) {
    const auto manifest = oci_.read_manifest(version.project, repository, tag);
    if (manifest &&
        manifest->bytes.find(version.digest) != std::string::npos) {
      oci_.remove_manifest(version.project, repository, tag, who);
    }
  }
}

void Repository::add_provenance(std::string_view project, std::string_view text,
                                const http::Identity& who) {
  const Metadata subject = provenance_subject(text);
  const auto version = find(project, subject.name, subject.version);
  if (!version) {
    fail(ErrorCode::not_found, "there is no chart {}",
         version_text(project, subject.name, subject.version));
  }
  services_.db.write([&](Transaction& tx) {
    set_provenance(tx, *version, text);
    services_.accounts.audit(tx, who, "chart.sign",
                             fmt::format("{}/{}", project, subject.name),
                             subject.version);
  });
}

void Repository::import_artifact(std::string_view subject) {
  const std::size_t slash = subject.find('/');
  const std::size_t colon = subject.rfind(':');
  if (slash == subject.npos || colon == subject.npos || colon < slash) return;
  const std::string_view project = subject.substr(0, slash);
  const std::string_view repository =
      subject.substr(slash + 1, colon - slash - 1);
  const auto stored =
      oci_.read_manifest(project, repository, subject.substr(colon + 1));
  if (!stored) return;  // gone again
  const Json manifest = parse_json(stored->bytes);
  if (!manifest.contains("config") ||
      manifest["config"].value("mediaType", "") != kConfigType) {
    return;
  }
  for (const Json& layer : manifest.value("layers", Json::array())) {
    if (layer.value("mediaType", "") != kContentType) continue;
    const auto digest = Digest::parse(layer.value("digest", ""));
    if (!digest) return;
    const auto limit = static_cast<std::uint64_t>(
        services_.settings.integer("chart.max_size"));
    http::Identity pusher;
    pusher.name = "registry";
    try {
      store(project, read_package(oci_.read_blob(project, repository, *digest,
                                                 limit)),
            "", false, pusher, false);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::io ||
          error.code() == ErrorCode::unavailable) {
        throw;  // try again
      }
      log::warning("a pushed chart is not listed",
                   {{"artifact", subject}, {"error", error.message()}});
    }
    return;
  }
}

std::vector<StoredVersion> Repository::versions(std::string_view project,
                                                std::string_view name) {
  return services_.db.read([&](Connection& db) {
    return list_versions(db, project, name);
  });
}

std::optional<StoredVersion> Repository::find(std::string_view project,
                                              std::string_view name,
                                              std::string_view version) {
  return services_.db.read([&](Connection& db) {
    return find_version(db, project, name, version);
  });
}

ChartVersion Repository::resolve(std::string_view project,
                                 std::string_view name,
                                 std::string_view constraint) {
  const auto all = versions(project, name);  // highest first
  if (all.empty()) {
    fail(ErrorCode::not_found, "project {} has no chart '{}'", project, name);
  }
  const std::string_view wanted = constraint.empty() ? "*" : constraint;
  for (const StoredVersion& version : all) {
    if (version.version == wanted ||
        (!SemVer::parse(wanted) &&
         semver_satisfies(*SemVer::parse(version.version), wanted))) {
      return {version.name, version.version, version.digest};
    }
  }
  fail(ErrorCode::not_found, "chart {}/{} has no version that satisfies '{}'",
       project, name, wanted);
}

std::shared_ptr<const Tree> Repository::open(const ChartVersion& version) {
  {
    MutexLock lock(mutex_);
    if (const auto it = trees_.find(version.digest); it != trees_.end()) {
      return it->second;
    }
  }
  const auto digest = Digest::parse(version.digest);
  if (!digest) fail(ErrorCode::invalid, "'{}' is no digest", version.digest);
  const std::shared_ptr<const Tree> archive =
      open_archive_tree(services_.blobs.read(*digest));
  const std::shared_ptr<const Tree> tree = make_subtree(archive, version.name);
  MutexLock lock(mutex_);
  if (trees_.size() >= kKeptTrees) trees_.clear();
  return trees_[version.digest] = tree;
}

std::shared_ptr<const Repository::Index> Repository::index(
    std::string_view project) {
  {
    MutexLock lock(mutex_);
    if (const auto it = indexes_.find(project); it != indexes_.end()) {
      return it->second;
    }
  }
  auto made = std::make_shared<Index>();
  made->text = render_index(versions(project), services_.clock.now());
  made->etag = "\"" + digest_of(made->text).hex.substr(0, 32) + "\"";
  MutexLock lock(mutex_);
  return indexes_[std::string(project)] = std::move(made);
}

void Repository::forget_index(std::string_view project) {
  MutexLock lock(mutex_);
  indexes_.erase(std::string(project));
}

}  // namespace skerry::chart
