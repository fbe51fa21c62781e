// The manager's second half: everything into a folder beside charts/, then
// into it.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "core/error.h"
#include "core/os/file.h"
#include "core/text/semver.h"
#include "dependency/constraint.h"
#include "dependency/manager.h"
#include "gotemplate/print.h"
#include "helm/archive.h"
#include "package.h"
#include "provenance/verify.h"

namespace skerry::chart {

namespace fs = std::filesystem;

namespace {

// Removed with all it holds, whatever happens.
class FetchFolder {
 public:
  explicit FetchFolder(const fs::path& chart)
      : path_(chart / fmt::format("tmpcharts-{}", ::getpid())) {
    fs::create_directories(path_);
  }
  ~FetchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  FetchFolder(const FetchFolder&) = delete;
  FetchFolder& operator=(const FetchFolder&) = delete;
  std::string path() const { return path_.native(); }

 private:
  const fs::path path_;
};

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (auto& item : fs::directory_iterator(folder)) {
    if (!item.is_directory()) names.push_back(item.path().filename().native());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_same_version(const std::string& a, const std::string& b) {
  auto first = SemVer::parse(a, false);
  if (!first) return a == b;
  auto second = SemVer::parse(b, false);
  return second && *first == *second;
}

std::shared_ptr<Chart> load_file(const fs::path& file, const Log& log) {
  std::string archive = read_file(file, kMaxDownload);
  require_archive(file.native(), archive);
  return load_chart_archive(archive, log);
}

}  // namespace

void DependencyManager::fetch_all(std::vector<Dependency>& locked) {
  fs::path charts = fs::path(options_.chart_path) / "charts";
  std::error_code error;
  if (fs::exists(charts, error) && !fs::is_directory(charts, error)) {
    fail(ErrorCode::conflict, "{} is not a directory",
         quote(charts.lexically_normal().native()));
  }
  fs::create_directories(charts);
  FetchFolder folder(options_.chart_path);
  world_.out << "Saving " << locked.size() << " charts\n";
  try {
    for (auto& dependency : locked) fetch(dependency, folder.path());
  } catch (const Error& failure) {
    world_.out << "Save error occurred:  " << failure.message() << '\n';
    throw;
  }
  move_into_place(locked, folder.path());
}

void DependencyManager::fetch(Dependency& dependency,
                              const std::string& folder) {
  if (dependency.repository.empty()) return check_local(dependency);
  if (dependency.repository.starts_with("file://")) {
    return pack_local(dependency, folder);
  }
  std::string url;
  try {
    url = find_url(dependency);
  } catch (const Error& error) {
    throw error.in("could not find ");
  }
  if (!fetched_.emplace(url, true).second) {
    world_.out << "Already downloaded " << dependency.name << " from repo "
               << dependency.repository << '\n';
    return;
  }
  world_.out << "Downloading " << dependency.name << " from repo "
             << dependency.repository << '\n';
  try {
    if (is_oci(url)) {
      pull(url, folder);
    } else {
      download(url, dependency.repository, folder);
    }
  } catch (const Error& error) {
    std::string place = is_oci(url) ? url.substr(0, url.rfind(':')) : url;
    throw error.in("could not download " + place);
  }
}

void DependencyManager::check_local(const Dependency& dependency) const {
  world_.out << "Dependency " << dependency.name
             << " did not declare a repository. Assuming it exists in the "
                "charts directory\n";
  std::string folder = (fs::path(options_.chart_path) / "charts" /
                        dependency.name).lexically_normal().native();
  std::shared_ptr<Chart> chart;
  try {
    chart = load_chart(*world_.open_folder(folder), "", world_.log);
  } catch (const Error& error) {
    throw error.in(fmt::format("unable to load chart '{}'", folder));
  }
  const std::string& version = chart->metadata.version;
  if (!satisfies(version, dependency.version)) {
    fail(ErrorCode::conflict,
         "dependency {} at version {} does not satisfy the constraint {}",
         dependency.name, version, dependency.version);
  }
}

void DependencyManager::pack_local(Dependency& dependency,
                                   const std::string& folder) const {
  if (options_.is_debug) {
    world_.out << "Archiving " << dependency.name << " from repo "
               << dependency.repository << '\n';
  }
  auto chart =
      load_chart(*world_.open_folder(local_path(dependency.repository)), "",
                 world_.log);
  require_constraint(dependency);
  if (!satisfies(chart->metadata.version, dependency.version)) {
    fail(ErrorCode::not_found, "can't get a valid version for dependency {}",
         dependency.name);
  }
  Package package = package_loaded_chart(*chart);
  write_file_atomically(fs::path(folder) / package.file_name(),
                        package.archive);
  dependency.version = chart->metadata.version;
}

std::string DependencyManager::find_url(const Dependency& dependency) {
  const std::string& repository = dependency.repository;
  if (is_oci(repository)) {
    return fmt::format("{}/{}:{}", repository, dependency.name,
                       dependency.version);
  }
  const RepositoryIndex* index = nullptr;
  bool is_named = find_repository_at(repositories_, repository) != nullptr;
  try {
    index = &index_of(repository);
  } catch (const Error& error) {
    throw error.in(fmt::format("chart {} not found in {}: looks like {} is not "
                               "a valid chart repository or cannot be reached",
                               dependency.name, repository,
                               quote(repository)));
  }
  auto* entries = index->find(dependency.name);
  if (!entries && is_named) fail(ErrorCode::not_found, "entry not found");
  if (entries) {
    for (auto& entry : *entries) {
      if (entry.urls.empty()) continue;
      if (!dependency.version.empty() &&
          !is_same_version(dependency.version, entry.version)) {
        continue;
      }
      auto url = resolve_reference(repository, entry.urls[0]);
      digests_[url] = entry.digest;
      return url;
    }
  }
  if (is_named) fail(ErrorCode::not_found, "no matching version");
  fail(ErrorCode::not_found,
       "chart {} not found in {}: chart {} version {} not found in {} "
       "repository",
       dependency.name, repository, quote(dependency.name),
       quote(dependency.version), repository);
}

void DependencyManager::download(const std::string& url,
                                 const std::string& repository,
                                 const std::string& folder) {
  auto access = access_of(repository);
  std::string archive = world_.web.get(url, repository, access);
  require_digest(archive, digests_[url], url);
  std::string name = file_name_of(url);
  if (name.empty()) fail(ErrorCode::invalid, "{} names no file", url);
  std::string file = folder + "/" + name;
  write_file_atomically(file, archive);
  verify(file, url, [&] {
    return world_.web.get(url + ".prov", repository, access);
  });
}

void DependencyManager::pull(const std::string& url,
                             const std::string& folder) {
  auto reference = parse_oci_reference(url);
  auto pulled = registry_->pull(reference);
  world_.error << "Pulled: " << reference.to_string()
               << "\nDigest: " << pulled.digest << '\n';
  std::string version = url.substr(url.rfind(':') + 1);
  std::string file = folder + "/" + reference.name() + "-" + version + ".tgz";
  write_file_atomically(file, pulled.archive);
  verify(file, url, [&] {
    if (pulled.provenance.empty()) {
      fail(ErrorCode::not_found,
           "manifest does not contain a layer with mediatype "
           "application/vnd.cncf.helm.chart.provenance.v1.prov");
    }
    return pulled.provenance;
  });
}

void DependencyManager::verify(
    const std::string& file, const std::string& url,
    const std::function<std::string()>& provenance) {
  if (options_.verify == Verify::never) return;
  std::string text;
  try {
    text = provenance();
  } catch (const Error& error) {
    if (options_.verify == Verify::always) {
      fail(ErrorCode::not_found, "failed to fetch provenance {}",
           quote(url + ".prov"));
    }
    world_.out << "WARNING: Verification not found for " << url << ": "
               << error.message() << '\n';
    return;
  }
  write_file_atomically(file + ".prov", text);
  verify_file(file, options_.keyring);
}

void DependencyManager::move_into_place(const std::vector<Dependency>& locked,
                                        const std::string& from) const {
  fs::path to = fs::path(options_.chart_path) / "charts";
  auto there = files_in(to);
  auto fetched = files_in(from);
  for (auto& name : fetched) {
    fs::path source = fs::path(from) / name;
    try {
      if (name.ends_with(".prov")) continue;  // Helm leaves it behind
      load_file(source, world_.log);
      fs::rename(source, to / name);
    } catch (const Error& error) {
      world_.out << "Could not verify " << source.native()
                 << " for moving: " << error.message() << " (Skipping)";
    }
  }
  world_.out << "Deleting outdated charts\n";
  std::erase_if(there, [&](const std::string& name) {
    return std::find(fetched.begin(), fetched.end(), name) != fetched.end();
  });
  remove_outdated(locked, there);
}

void DependencyManager::remove_outdated(
    const std::vector<Dependency>& locked,
    const std::vector<std::string>& names) const {
  fs::path charts = fs::path(options_.chart_path) / "charts";
  for (auto& name : names) {
    fs::path file = charts / name;
    std::shared_ptr<Chart> chart;
    try {
      chart = load_file(file, world_.log);
    } catch (const Error& error) {
      world_.out << "Could not verify " << file.native()
                 << " for deletion: " << error.message() << " (Skipping)\n";
      continue;
    }
    bool is_kept = std::any_of(
        locked.begin(), locked.end(), [&](const Dependency& dependency) {
          return dependency.repository.empty() &&
                 dependency.name == chart->name();
        });
    if (is_kept) continue;
    std::error_code error;
    fs::remove(file, error);
    if (error) {
      world_.out << "Could not delete " << file.native() << ": "
                 << error.message() << " (Skipping)";
    }
  }
}

}  // namespace skerry::chart
