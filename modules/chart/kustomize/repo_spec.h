// Git repositories named in a kustomization, in the many forms Kustomize
// takes: "https://host/org/repo//path?ref=v1", "github.com/org/repo",
// "git@host:org/repo.git". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry::chart::kustomize {

struct RepoSpec {
  std::string raw;
  std::string host;       // "https://github.com/"
  std::string repo_path;  // "org/repo"
  std::string folder;     // inside the repository
  std::string ref;        // branch, tag or commit; "" for the default branch

  std::string clone_spec() const { return host + repo_path; }
};

// Nothing when the text names no repository.
std::optional<RepoSpec> parse_repo_spec(std::string_view text);

// "http://..." or "https://..."
bool is_remote_file(std::string_view text);

}  // namespace skerry::chart::kustomize
