// Where a chart comes from: the disk, a URL, a repository, a registry.
#include <filesystem>
#include <ostream>

#include "cli/command.h"
#include "cli/folder.h"
#include "cli/sources.h"
#include "core/error.h"
#include "fetch/index.h"
#include "fetch/oci.h"
#include "fetch/repositories.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/print.h"
#include "provenance/verify.h"

namespace skerry::chart {

namespace {

bool is_web_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

// What is wanted of a chart that is not on the disk.
class Finder {
 public:
  Finder(const Flags& flags, Web& web, std::ostream& told, const Log& log)
      : flags_(flags), web_(web), told_(told), log_(log),
        access_(access_from_flags(flags)),
        version_(trim_space(flags.text("version"))) {
    if (version_.empty() && flags.has("devel")) version_ = ">0.0.0-0";
  }

  ChartPlace find(const std::string& name) {
    auto repository = flags_.text("repo");
    if (!repository.empty()) return in_repository(repository, name);
    if (is_oci(name)) return in_registry(name);
    if (is_web_url(name)) return download(name, name, access_);
    if (name.find("://") != name.npos) {
      fail(ErrorCode::invalid, "scheme {} not supported",
           quote(name.substr(0, name.find("://"))));
    }
    return in_named_repository(name);
  }

 private:
  ChartPlace in_repository(const std::string& repository,
                           const std::string& name) {
    if (!is_web_url(repository)) {
      fail(ErrorCode::invalid, "could not find protocol handler for: {}",
           repository.substr(0, repository.find(':')));
    }
    std::optional<RepositoryIndex> index;
    try {
      index.emplace(
          web_.get(resolve_reference(repository, "index.yaml"), repository,
                   access_),
          repository, log_);
    } catch (const Error& error) {
      throw error.in(fmt::format("looks like {} is not a valid chart "
                                 "repository or cannot be reached",
                                 quote(repository)));
    }
    std::string what = fmt::format("chart {}", quote(name));
    if (!version_.empty()) what += fmt::format(" version {}", quote(version_));
    const IndexEntry* entry = nullptr;
    try {
      entry = &index->get(name, version_, log_);
    } catch (const Error&) {
      fail(ErrorCode::not_found, "{} not found in {} repository", what,
           repository);
    }
    if (entry->urls.empty()) {
      fail(ErrorCode::not_found, "{} has no downloadable URLs", what);
    }
    auto url = resolve_reference(repository, entry->urls[0]);
    return check(*entry, download(url, repository, access_));
  }

  ChartPlace in_named_repository(const std::string& name) {
    std::size_t slash = name.find('/');
    if (slash == name.npos) {
      fail(ErrorCode::not_found,
           "non-absolute URLs should be in form of repo_name/path_to_chart, "
           "got: {}",
           name);
    }
    auto repositories = read_repositories(repository_config_of(flags_));
    auto alias = name.substr(0, slash), chart = name.substr(slash + 1);
    auto* repository = find_repository(repositories, alias);
    if (!repository) {
      fail(ErrorCode::not_found, "repo {} not found", alias);
    }
    RepositoryIndex index(
        web_.get(resolve_reference(repository->url, "index.yaml"),
                 repository->url, repository->access),
        repository->url, log_);
    const IndexEntry* entry = nullptr;
    try {
      entry = &index.get(chart, version_, log_);
    } catch (const Error& error) {
      throw error.in(fmt::format("chart {} matching {} not found in {} index. "
                                 "(try 'helm repo update')",
                                 quote(chart), version_, alias));
    }
    if (entry->urls.empty()) {
      fail(ErrorCode::not_found, "chart {} has no downloadable URLs",
           quote(name));
    }
    auto url = resolve_reference(repository->url, entry->urls[0]);
    return check(*entry, download(url, repository->url, repository->access));
  }

  ChartPlace in_registry(const std::string& name) {
    OciRegistry registry(web_, access_,
                         read_logins(registry_config_of(flags_)));
    auto reference = registry.resolve(parse_oci_reference(name), version_);
    auto pulled = registry.pull(reference);
    tell_of_pull(reference, pulled);
    ChartPlace place{name, std::move(pulled.archive)};
    if (flags_.has("verify")) {
      if (pulled.provenance.empty()) {
        fail(ErrorCode::not_found, "failed to fetch provenance {}",
             quote(name + ".prov"));
      }
      tell_of_pull(reference, pulled);  // Helm pulls it on its own
      verify_archive(*place.archive, pulled.provenance, keyring_of(flags_),
                     reference.name() + "-" + reference.tag + ".tgz");
    }
    return place;
  }

  void tell_of_pull(const OciReference& reference, const PulledChart& pulled) {
    told_ << "Pulled: " << reference.to_string()
          << "\nDigest: " << pulled.digest << '\n';
  }

  ChartPlace download(const std::string& url, const std::string& origin,
                      const Access& access) {
    ChartPlace place{url, web_.get(url, origin, access)};
    if (!flags_.has("verify")) return place;
    std::string provenance;
    try {
      provenance = web_.get(url + ".prov", origin, access);
    } catch (const Error&) {
      fail(ErrorCode::not_found, "failed to fetch provenance {}",
           quote(url + ".prov"));
    }
    verify_archive(*place.archive, provenance, keyring_of(flags_),
                   file_name_of(url));
    return place;
  }

  static ChartPlace check(const IndexEntry& entry, ChartPlace place) {
    require_digest(*place.archive, entry.digest, place.path);
    return place;
  }

  const Flags& flags_;
  Web& web_;
  std::ostream& told_;
  const Log& log_;
  const Access access_;
  std::string version_;
};

}  // namespace

std::vector<Flag> place_flags() {
  return {{"version"},
          {"verify", 0, false},
          {"keyring"},
          {"repo"},
          {"username"},
          {"password"},
          {"cert-file"},
          {"key-file"},
          {"insecure-skip-tls-verify", 0, false},
          {"plain-http", 0, false},
          {"ca-file"},
          {"pass-credentials", 0, false},
          {"devel", 0, false}};
}

ChartPlace locate_chart(const std::string& given, const Flags& flags, Web& web,
                        std::ostream& told, const Log& log) {
  std::string name(trim_space(given));
  std::error_code ignored;
  if (flags.text("repo").empty()) {
    if (std::filesystem::exists(name, ignored)) {
      auto path = absolute_path(name);
      if (flags.has("verify")) verify_file(path, keyring_of(flags));
      return {path};
    }
    if (name.starts_with('/') || name.starts_with('.')) {
      fail(ErrorCode::not_found, "path {} not found", quote(name));
    }
  }
  return Finder(flags, web, told, log).find(name);
}

Access access_from_flags(const Flags& flags) {
  constexpr std::string_view kWhy = "client certificates are not there yet";
  refuse_flags(flags, {{"cert-file", kWhy}, {"key-file", kWhy}});
  Access access;
  access.user = flags.text("username");
  access.password = flags.text("password");
  access.ca_file = flags.text("ca-file");
  access.is_insecure = flags.has("insecure-skip-tls-verify");
  access.uses_plain_http = flags.has("plain-http");
  access.passes_credentials = flags.has("pass-credentials");
  return access;
}

std::string keyring_of(const Flags& flags) {
  auto home = environment("GNUPGHOME");
  if (home.empty()) home = environment("HOME") + "/.gnupg";
  return flags.text("keyring", home + "/pubring.gpg");
}

std::string repository_config_of(const Flags& flags) {
  auto file = environment("HELM_REPOSITORY_CONFIG");
  if (file.empty()) file = helm_config_file("repositories.yaml");
  return flags.text("repository-config", file);
}

std::string registry_config_of(const Flags& flags) {
  auto file = environment("HELM_REGISTRY_CONFIG");
  if (file.empty()) file = helm_config_file("registry/config.json");
  return flags.text("registry-config", file);
}

}  // namespace skerry::chart
