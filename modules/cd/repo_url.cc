#include <algorithm>

#include "application.h"
#include "core/error.h"
#include "core/tree/tree.h"

namespace skerry::cd {
namespace {

// What a source's URL says, split.
struct Url {
  std::string scheme, host, path;  // path without leading and trailing '/'
};

Url split(std::string_view text) {
  Url url;
  const auto scheme = text.find("://");
  if (scheme != std::string_view::npos) {
    url.scheme = text.substr(0, scheme);
    text.remove_prefix(scheme + 3);
    const auto slash = text.find('/');
    url.host = text.substr(0, slash);
    text = slash == std::string_view::npos ? "" : text.substr(slash + 1);
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  url.path = text;
  return url;
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> result;
  while (!path.empty()) {
    const auto slash = path.find('/');
    result.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return result;
}

SourceAddress chart_address(const Url& url, std::string_view chart,
                            std::string_view where) {
  auto parts = segments(url.path);
  if (!parts.empty() && parts.front() == "charts") parts.erase(parts.begin());
  if (parts.size() != 1) {
    fail(ErrorCode::invalid,
         "{}: a chart comes from http(s)://<this server>/charts/<project>, "
         "not {}",
         where, url.path);
  }
  return {SourceAddress::Kind::chart, parts[0], std::string(chart)};
}

SourceAddress oci_address(const Url& url, std::string_view chart,
                          std::string_view where) {
  auto parts = segments(url.path);
  if (!chart.empty()) parts.emplace_back(chart);
  if (parts.size() != 2) {
    fail(ErrorCode::invalid,
         "{}: an OCI chart is oci://<this server>/<project>/<chart>", where);
  }
  return {SourceAddress::Kind::chart, parts[0], parts[1]};
}

SourceAddress git_address(const Url& url, std::string_view where) {
  auto parts = segments(url.path);
  if (!url.scheme.empty()) {
    if (parts.empty() || parts.front() != "git") {
      fail(ErrorCode::invalid,
           "{}: {}/{} is no repository of this server "
           "(http(s)://<this server>/git/<project>/<repository>.git), and "
           "others are not supported",
           where, url.host, url.path);
    }
    parts.erase(parts.begin());
  }
  if (parts.size() != 2) {
    fail(ErrorCode::invalid,
         "{}: expected <project>/<repository>, not \"{}\"", where, url.path);
  }
  if (parts[1].ends_with(".git")) parts[1].resize(parts[1].size() - 4);
  return {SourceAddress::Kind::git, parts[0], parts[1]};
}

}  // namespace

SourceAddress parse_repo_url(std::string_view text, std::string_view chart,
                             const std::vector<std::string>& own_hosts,
                             std::string_view where) {
  const Url url = split(text);
  if (!url.scheme.empty() && url.scheme != "http" && url.scheme != "https" &&
      url.scheme != "oci") {
    fail(ErrorCode::invalid, "{}: {}:// is not supported; push the repository "
         "to this server", where, url.scheme);
  }
  const bool own = own_hosts.empty() || url.host.empty() ||
                   std::find(own_hosts.begin(), own_hosts.end(), url.host) !=
                       own_hosts.end();
  if (!own) {
    fail(ErrorCode::invalid,
         "{}: {} is another server; only repositories and charts of this one "
         "({}) are supported",
         where, url.host, fmt::join(own_hosts, ", "));
  }
  SourceAddress address;
  if (url.scheme == "oci") {
    address = oci_address(url, chart, where);
  } else if (!chart.empty()) {
    address = chart_address(url, chart, where);
  } else {
    address = git_address(url, where);
  }
  const auto plain = [](const std::string& name) {
    return !name.empty() && name[0] != '.' && name[0] != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
           });
  };
  if (!plain(address.project) || !plain(address.name)) {
    fail(ErrorCode::invalid, "{}: \"{}\" names no repository or chart", where,
         text);
  }
  return address;
}

void check_source_hosts(const Application& app,
                        const std::vector<std::string>& own_hosts) {
  std::size_t index = 0;
  for (const Source& source : app.sources) {
    const std::string where =
        app.sources.size() == 1
            ? "spec.source.repoURL"
            : fmt::format("spec.sources[{}].repoURL", index);
    const bool chart = source.address.kind == SourceAddress::Kind::chart &&
                       !source.repo_url.starts_with("oci://");
    parse_repo_url(source.repo_url, chart ? source.address.name : "",
                   own_hosts, where);
    ++index;
  }
}

}  // namespace skerry::cd
