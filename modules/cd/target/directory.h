// The directory target: one manifest a file in <root>/<application>/, for a
// k3s auto-deploy folder or a share.
//
//   directory:///srv/deploy  ->  /srv/deploy/hello/22-deployment.apps_default_hello.yaml
//
// A file is this application's when its manifest carries the application's
// tracking id; other files are never touched. Files are written beside their
// place and renamed, so a reader sees all of one or nothing, whenever the
// daemon dies; what such a death leaves is a hidden file that the next apply
// removes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "target/target.h"

namespace skerry::cd {

// The setting cd.directory_roots: a comma list of "[<project>=]<folder>".
using DirectoryRoots = std::function<std::string()>;

std::unique_ptr<Target> make_directory_target(DirectoryRoots roots);

// The folder of "directory:///srv/x" for a project; throws invalid for
// another form and denied when no root allows it.
std::filesystem::path directory_of(std::string_view server,
                                   std::string_view project,
                                   const std::string& roots);
// "22-deployment.apps_default_hello.yaml".
std::string manifest_file_name(const ResourceKey& key);

}  // namespace skerry::cd
