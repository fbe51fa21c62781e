// The logical lines of a Dockerfile: comments and parser directives removed,
// continued lines joined.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci {

struct DockerfileLine {
  int number = 0;  // of its first line
  std::string text;
};

struct DockerfileLines {
  char escape = '\\';
  std::vector<std::string> directives;  // "syntax=docker/dockerfile:1"
  std::vector<DockerfileLine> lines;
};

// Throws invalid for a broken directive.
DockerfileLines split_dockerfile(std::string_view text, std::string_view file);

}  // namespace skerry::ci
