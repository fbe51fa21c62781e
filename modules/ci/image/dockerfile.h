// A Dockerfile, parsed: stages and instructions, checked as far as text alone
// tells. Variables are not replaced yet. Pure; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::ci {

struct Assignment {
  std::string name;
  std::optional<std::string> value;  // none: ARG NAME
};

struct Instruction {
  std::string name;  // in capitals: "COPY"
  int line = 0;      // its first, from 1
  // As written, continued lines joined: what the image's history shows.
  std::string original;
  std::map<std::string, std::string, std::less<>> flags;  // --chown=1 as chown
  std::string text;                // what follows the flags
  std::vector<std::string> words;  // `text` split as this instruction does
  std::vector<Assignment> pairs;   // of ENV, LABEL, ARG
  bool is_json = false;  // written as ["a", "b"]; `words` are its elements
};

struct DockerfileStage {
  std::string name;  // lower case; empty without AS
  Instruction from;
  std::vector<Instruction> instructions;
};

struct Dockerfile {
  std::string file;  // its name, for messages
  char escape = '\\';
  std::vector<Instruction> global_args;  // ARG before the first FROM
  std::vector<DockerfileStage> stages;
  std::vector<std::string> notes;  // directives that have no effect here
};

// Throws invalid ("Dockerfile:7: RUN is not supported yet") or too_large.
Dockerfile parse_dockerfile(std::string_view text, std::string_view file,
                            std::size_t max_bytes = 1u << 20);

}  // namespace skerry::ci
