#include "executor/file_set.h"

#include <algorithm>
#include <iterator>

#include "core/error.h"
#include "core/text/glob.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxFiles = 100'000;

// ant.apache.org/manual/dirtasks.html, "Default Excludes"
constexpr std::string_view kDefaultExcludes[] = {
    "**/*~",        "**/#*#",          "**/.#*",          "**/%*%",
    "**/._*",       "**/CVS",          "**/CVS/**",       "**/.cvsignore",
    "**/SCCS",      "**/SCCS/**",      "**/vssver.scc",   "**/.svn",
    "**/.svn/**",   "**/.git",         "**/.git/**",      "**/.gitattributes",
    "**/.gitignore", "**/.gitmodules", "**/.hg",          "**/.hg/**",
    "**/.hgignore", "**/.hgsub",       "**/.hgsubstate",  "**/.hgtags",
    "**/.bzr",      "**/.bzr/**",      "**/.bzrignore",   "**/.DS_Store"};

std::vector<std::string> patterns(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one.starts_with("./")) one.remove_prefix(2);
    if (!one.empty()) out.emplace_back(one);
  }
  return out;
}

bool any_match(const std::vector<std::string>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& g) {
    return glob_match(g, path);
  });
}

}  // namespace

std::vector<std::string> find_files(const Workspace& workspace,
                                    std::string_view folder,
                                    const FileSet& set) {
  const auto includes = patterns(set.includes);
  auto excludes = patterns(set.excludes);
  if (set.default_excludes) {
    excludes.insert(excludes.end(), std::begin(kDefaultExcludes),
                    std::end(kDefaultExcludes));
  }
  std::vector<std::string> found;
  const auto there = workspace.find(folder);
  if (!there || there->kind != EntryKind::folder) return found;
  workspace.walk(folder, [&](const std::string& path, const TreeEntry& entry) {
    if (entry.kind == EntryKind::folder || !any_match(includes, path) ||
        any_match(excludes, path)) {
      return;
    }
    if (found.size() == kMaxFiles) {
      fail(ErrorCode::too_large, "more than {} files match '{}'", kMaxFiles,
           set.includes);
    }
    found.push_back(path);
  });
  return found;
}

}  // namespace skerry::ci
