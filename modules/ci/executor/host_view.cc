#include "executor/host_view.h"

#include <unistd.h>

#include <algorithm>

#include "core/error.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

constexpr const char* kTopFolders[] = {"/bin",  "/sbin",  "/lib",
                                       "/lib32", "/lib64", "/libx32"};

constexpr const char* kEtc[] = {
    "/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf",
    "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/localtime", "/etc/magic", "/etc/mime.types", "/etc/nsswitch.conf",
    "/etc/os-release", "/etc/debian_version", "/etc/perl", "/etc/pki",
    "/etc/protocols", "/etc/services",
    "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone"};

// Whose full names carry a version: java-17-openjdk, python3.11.
constexpr const char* kEtcPrefixes[] = {"java-", "python"};

void add_versioned_etc(sandbox::Spec& spec) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/etc", error)) {
    for (const char* prefix : kEtcPrefixes) {
      if (!entry.path().filename().native().starts_with(prefix)) continue;
      const std::string path = entry.path().native();
      spec.binds.push_back({path, path, false, true});
    }
  }
}

bool holds(const fs::path& folder, const fs::path& inner) {
  const auto [end, rest] =
      std::mismatch(folder.begin(), folder.end(), inner.begin(), inner.end());
  return end == folder.end();
}

}  // namespace

void add_host_view(sandbox::Spec& spec, bool host_network) {
  spec.binds.push_back({"/usr", "/usr", false, false});
  for (const char* folder : kTopFolders) {
    std::error_code error;
    if (fs::is_symlink(folder, error)) {
      spec.links.push_back({folder, fs::read_symlink(folder, error).native()});
    } else {
      spec.binds.push_back({folder, folder, false, true});
    }
  }
  for (const char* path : kEtc) spec.binds.push_back({path, path, false, true});
  add_versioned_etc(spec);
  if (host_network) {
    spec.binds.push_back(
        {"/etc/resolv.conf", "/etc/resolv.conf", false, true});
    spec.binds.push_back({"/etc/hosts", "/etc/hosts", false, true});
  } else {
    spec.files.push_back(
        {"/etc/hosts", "127.0.0.1 localhost skerry-ci\n::1 localhost\n"});
  }
}

void add_host_paths(sandbox::Spec& spec, const std::vector<std::string>& paths,
                    const fs::path& data) {
  for (const std::string& text : paths) {
    const fs::path path = fs::path(text).lexically_normal();
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    if (!path.is_absolute() || path == "/" ||
        path.native().find("/../") != std::string::npos) {
      fail(ErrorCode::invalid, "ci.host_paths: '{}' is not an absolute folder",
           text);
    }
    const fs::path secret = fs::weakly_canonical(data, error);
    if (holds(real, secret) || holds(secret, real)) {
      fail(ErrorCode::invalid, "ci.host_paths: '{}' would show the data folder",
           text);
    }
    spec.binds.push_back({real.native(), path.native(), false, true});
  }
}

void add_identity(sandbox::Spec& spec) {
  spec.files.push_back(
      {"/etc/passwd",
       fmt::format("root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n"
                   "ci:x:{}:{}:Pipeline:/home/ci:/bin/sh\n"
                   "nobody:x:65534:65534:nobody:/nonexistent:"
                   "/usr/sbin/nologin\n",
                   spec.uid, spec.gid)});
  spec.files.push_back(
      {"/etc/group",
       fmt::format("root:x:0:\nci:x:{}:\nnogroup:x:65534:\n", spec.gid)});
}

}  // namespace skerry::ci
