#include "dependency/manager.h"

#include <filesystem>
#include <ostream>

#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "core/text/semver.h"
#include "dependency/constraint.h"
#include "gotemplate/go_time.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace fs = std::filesystem;

namespace {

bool is_local(const Dependency& dependency) {
  return dependency.repository.empty() ||
         dependency.repository.starts_with("file://");
}

bool is_alias(std::string_view repository) {
  return repository.starts_with("@") || repository.starts_with("alias:");
}

std::string alias_of(std::string_view repository) {
  return std::string(
      repository.substr(repository.starts_with("@") ? 1 : 6));
}

// url.ParseRequestURI: what has a scheme or is an absolute path.
bool is_request_uri(std::string_view text) {
  if (text.starts_with('/')) return true;
  std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0) return false;
  for (std::size_t i = 0; i < colon; ++i) {
    char c = text[i];
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (!letter && (i == 0 || !other)) return false;
  }
  return true;
}

[[noreturn]] void fail_undefined(const std::vector<std::string>& missing) {
  std::string names;
  bool is_plain_name = false;
  for (auto& repository : missing) {
    names += (names.empty() ? "" : ", ") + repository;
    is_plain_name = is_plain_name || (repository.find("//") == std::string::npos
                                      && !is_alias(repository));
  }
  std::string text = fmt::format(
      "no repository definition for {}. Please add them via 'helm repo add'",
      names);
  if (is_plain_name) {
    text +=
        "\nNote that repositories must be URLs or aliases. For example, to "
        "refer to the \"example\"\nrepository, use "
        "\"https://charts.example.com/\" or \"@example\" instead of\n"
        "\"example\". Don't forget to add the repo, too ('helm repo add').";
  }
  throw Error(ErrorCode::not_found, text);
}

}  // namespace

DependencyManager::DependencyManager(DependencyOptions options,
                                     const DependencyWorld& world)
    : options_(std::move(options)),
      world_(world),
      repositories_(read_repositories(options_.repository_config)) {
  registry_.emplace(world_.web, options_.access,
                    read_logins(options_.registry_config));
}

std::shared_ptr<Chart> DependencyManager::load() const {
  const std::string& path = options_.chart_path;
  std::error_code error;
  if (!fs::exists(path, error)) {
    fail(ErrorCode::not_found,
         "could not find {}: stat {}: no such file or directory", path, path);
  }
  if (!fs::is_directory(path, error)) {
    fail(ErrorCode::invalid, "only unpacked charts can be updated");
  }
  return load_chart(*world_.open_folder(path), "", world_.log);
}

void DependencyManager::update() {
  auto chart = load();
  auto& wished = chart->metadata.dependencies;
  if (wished.empty()) return;
  name_repositories(wished);
  read_unnamed_indices(wished);
  read_named_indices();
  Lock lock = resolve(wished);
  fetch_all(lock.dependencies);
  lock.digest = digest_of_dependencies(wished, lock.dependencies);
  if (chart->lock && chart->lock->digest == lock.digest) return;
  write_lock(*chart, std::move(lock));
}

void DependencyManager::build() {
  auto chart = load();
  if (!chart->lock) return update();
  auto& wished = chart->metadata.dependencies;
  std::string old_digest = digest_of_requirements(wished);
  name_repositories(wished);
  check_in_sync(*chart, *chart->lock, old_digest);
  read_unnamed_indices(chart->lock->dependencies);
  read_named_indices();
  fetch_all(chart->lock->dependencies);
}

void DependencyManager::check_in_sync(const Chart& chart, const Lock& lock,
                                      const std::string& old_digest) const {
  auto digest =
      digest_of_dependencies(chart.metadata.dependencies, lock.dependencies);
  if (digest == lock.digest) return;
  if (chart.metadata.api_version != "v1") {
    fail(ErrorCode::conflict,
         "the lock file (Chart.lock) is out of sync with the dependencies file "
         "(Chart.yaml). Please update the dependencies");
  }
  world_.log("INFO", "msg=\"warning: a valid Helm v3 hash was not found. "
                     "Checking against Helm v2 hash...\"");
  if (old_digest != lock.digest) {
    fail(ErrorCode::conflict,
         "the lock file (requirements.lock) is out of sync with the "
         "dependencies file (requirements.yaml). Please update the "
         "dependencies");
  }
}

// Aliases become URLs.
void DependencyManager::name_repositories(std::vector<Dependency>& wished) {
  std::vector<std::string> missing;
  for (auto& wish : wished) {
    std::string& repository = wish.repository;
    if (repository.empty() || is_oci(repository)) continue;
    if (repository.starts_with("file://")) {
      local_path(repository);
      if (options_.is_debug) {
        world_.out << "Repository from local path: " << repository << '\n';
      }
      continue;
    }
    if (is_alias(repository)) {
      if (auto* named = find_repository(repositories_, alias_of(repository))) {
        repository = named->url;
        continue;
      }
    }
    if (find_repository_at(repositories_, repository)) continue;
    if (!is_request_uri(repository)) missing.push_back(repository);
  }
  if (!missing.empty()) fail_undefined(missing);
}

void DependencyManager::read_unnamed_indices(
    const std::vector<Dependency>& wished) {
  std::vector<std::string> urls;
  for (auto& wish : wished) {
    const std::string& url = wish.repository;
    if (is_local(wish) || is_oci(url)) continue;
    if (find_repository_at(repositories_, url)) continue;
    bool is_known = false;
    for (auto& other : urls) is_known = is_known || is_same_url(other, url);
    if (!is_known) urls.push_back(url);
  }
  if (urls.empty()) return;
  if (!options_.skips_refresh) {
    world_.out << "Getting updates for unmanaged Helm repositories...\n";
  }
  for (auto& url : urls) {
    if (url.starts_with("http://") || url.starts_with("https://")) continue;
    fail(ErrorCode::invalid, "could not find protocol handler for: {}",
         url.substr(0, url.find(':')));
  }
  if (options_.skips_refresh) return;
  for (auto& url : urls) {
    try {
      index_of(url);
      world_.out << "...Successfully got an update from the " << quote(url)
                 << " chart repository\n";
    } catch (const Error& error) {
      world_.out << "...Unable to get an update from the " << quote(url)
                 << " chart repository:\n\t" << error.message() << '\n';
    }
  }
}

void DependencyManager::read_named_indices() {
  if (options_.skips_refresh || repositories_.empty()) return;
  world_.out << "Hang tight while we grab the latest from your chart "
                "repositories...\n";
  for (auto& repository : repositories_) {
    try {
      index_of(repository.url);
      world_.out << "...Successfully got an update from the "
                 << quote(repository.name) << " chart repository\n";
    } catch (const Error& error) {
      world_.out << "...Unable to get an update from the "
                 << quote(repository.name) << " chart repository ("
                 << repository.url << "):\n\t" << error.message() << '\n';
    }
  }
  world_.out << "Update Complete. \u2388Happy Helming!\u2388\n";
}

Access DependencyManager::access_of(const std::string& url) const {
  if (auto* named = find_repository_at(repositories_, url)) {
    return named->access;
  }
  // --username is for registries: a repository that a chart names must not
  // get it.
  Access access = options_.access;
  access.user.clear();
  access.password.clear();
  return access;
}

const RepositoryIndex& DependencyManager::index_of(const std::string& url) {
  auto found = indices_.find(url);
  if (found != indices_.end()) return found->second;
  if (auto failed = index_errors_.find(url); failed != index_errors_.end()) {
    fail(ErrorCode::unavailable, "{}", failed->second);
  }
  try {
    RepositoryIndex index(
        world_.web.get(resolve_reference(url, "index.yaml"), url,
                       access_of(url)),
        url, world_.log);
    return indices_.emplace(url, std::move(index)).first->second;
  } catch (const Error& error) {
    index_errors_[url] = error.message();
    throw;
  }
}

Lock DependencyManager::resolve(const std::vector<Dependency>& wished) {
  Lock lock;
  std::vector<std::string> missing;
  for (auto& wish : wished) {
    require_constraint(wish);
    Dependency locked;
    locked.name = wish.name;
    locked.repository = wish.repository;
    locked.version = wish.version;
    if (wish.repository.empty()) {
      local_path("charts/" + wish.name);
    } else {
      auto version =
          is_local(wish) ? choose_folder(wish) : choose_version(wish);
      if (version) {
        locked.version = *version;
      } else {
        missing.push_back(fmt::format("{} (repository {}, version {})",
                                      quote(wish.name), quote(wish.repository),
                                      quote(wish.version)));
      }
    }
    lock.dependencies.push_back(std::move(locked));
  }
  if (missing.empty()) return lock;
  std::string names;
  for (auto& one : missing) names += (names.empty() ? "" : ", ") + one;
  fail(ErrorCode::not_found,
       "can't get a valid version for {} subchart(s): {}. Make sure a matching "
       "chart version exists in the repo, or change the version constraint in "
       "Chart.yaml",
       missing.size(), names);
}

std::optional<std::string> DependencyManager::choose_folder(
    const Dependency& wish) {
  auto chart = load_chart(*world_.open_folder(local_path(wish.repository)), "",
                          world_.log);
  const std::string& version = chart->metadata.version;
  if (!satisfies(version, wish.version)) return std::nullopt;
  return version;
}

std::optional<std::string> DependencyManager::choose_version(
    const Dependency& wish) {
  if (is_oci(wish.repository)) {
    if (SemVer::parse(wish.version, false)) return wish.version;
    std::vector<std::string> tags;
    try {
      tags = registry_->tags(
          parse_oci_reference(wish.repository + "/" + wish.name));
    } catch (const Error& error) {
      throw error.in(fmt::format(
          "could not retrieve list of tags for repository {}",
          wish.repository));
    }
    for (auto& tag : tags) {
      if (satisfies(tag, wish.version)) return tag;
    }
    // Helm takes the constraint for a tag, and fails at the download.
    return wish.version;
  }
  const RepositoryIndex* index = nullptr;
  try {
    index = &index_of(wish.repository);
  } catch (const Error& error) {
    auto* named = find_repository_at(repositories_, wish.repository);
    throw error.in(fmt::format(
        "no cached repository for {} found. (try 'helm repo update')",
        named ? named->name
              : "helm-manager-" + digest_of(wish.repository).hex));
  }
  auto* entries = index->find(wish.name);
  if (!entries) {
    fail(ErrorCode::not_found, "{} chart not found in repo {}", wish.name,
         wish.repository);
  }
  for (auto& entry : *entries) {
    if (!entry.urls.empty() && satisfies(entry.version, wish.version)) {
      return entry.version;
    }
  }
  return std::nullopt;
}

// Throws not_found, as Helm's GetLocalPath.
std::string DependencyManager::local_path(const std::string& repository) const {
  std::string_view path = repository;
  if (path.starts_with("file://")) path.remove_prefix(7);
  fs::path place = path.starts_with('/')
                       ? fs::path(path)
                       : fs::path(options_.chart_path) / path;
  std::string folder = place.lexically_normal().native();
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  std::error_code error;
  if (!fs::exists(folder, error)) {
    fail(ErrorCode::not_found, "directory {} not found", folder);
  }
  return folder;
}

void DependencyManager::write_lock(const Chart& chart, Lock lock) const {
  std::string name = chart.metadata.api_version == "v1" ? "requirements.lock"
                                                        : "Chart.lock";
  fs::path file = fs::path(options_.chart_path) / name;
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(file, error))) {
    fail(ErrorCode::conflict, "the {} file is a symlink to {}", name,
         quote(fs::read_symlink(file).native()));
  }
  std::int64_t now = world_.now_millis();
  GoTime time;
  time.seconds = now / 1000;
  time.nanoseconds = static_cast<std::int32_t>(now % 1000) * 1'000'000;
  lock.generated = format_time(time, "2006-01-02T15:04:05.999999999Z07:00");
  write_file_atomically(file, lock_as_yaml(lock));
}

}  // namespace skerry::chart
