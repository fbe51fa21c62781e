#include "image/dockerfile.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/error.h"
#include "core/text/json.h"
#include "core/text/unicode.h"
#include "image/dockerfile_lines.h"
#include "image/variables.h"
#include "jenkinsfile/diagnostics.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxInstructions = 2'000;

enum class Form {
  words,   // split at spaces, or JSON
  pairs,   // NAME=value ...
  text,    // the whole rest
  command  // shell form, or JSON
};

struct InstructionRule {
  std::string_view name;
  Form form;
  std::vector<std::string_view> flags = {};
  std::vector<std::string_view> unsupported_flags = {};
};

const std::vector<InstructionRule>& rules() {
  static const std::vector<InstructionRule> kRules = {
      {"FROM", Form::words, {"platform"}},
      {"COPY",
       Form::words,
       {"from", "chown", "chmod"},
       {"link", "parents", "exclude"}},
      {"ADD",
       Form::words,
       {"chown", "chmod"},
       {"link", "exclude", "checksum", "keep-git-dir", "unpack"}},
      {"ENV", Form::pairs},
      {"LABEL", Form::pairs},
      {"ARG", Form::pairs},
      {"WORKDIR", Form::text},
      {"USER", Form::text},
      {"STOPSIGNAL", Form::text},
      {"MAINTAINER", Form::text},
      {"EXPOSE", Form::words},
      {"VOLUME", Form::words},
      {"ENTRYPOINT", Form::command},
      {"CMD", Form::command},
      {"SHELL", Form::command},
      {"HEALTHCHECK",
       Form::command,
       {"interval", "timeout", "start-period", "start-interval", "retries"}},
  };
  return kRules;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// The elements of ["a", "b"], if the text is that.
std::optional<std::vector<std::string>> json_words(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  try {
    const Json json = parse_json(text, 2);
    std::vector<std::string> out;
    for (const Json& element : json) {
      if (!element.is_string()) return std::nullopt;
      out.push_back(element.get<std::string>());
    }
    return out;
  } catch (const Error&) {
    return std::nullopt;  // then it is the shell form, as in Docker
  }
}

class Reader {
 public:
  Reader(std::string_view file, char escape) : file_(file), escape_(escape) {}

  Instruction read(const DockerfileLine& line) {
    line_ = line.number;
    Instruction out;
    out.line = line.number;
    out.original = line.text;
    const std::size_t end = line.text.find_first_of(" \t");
    out.name = upper(std::string_view(line.text).substr(0, end));
    out.text = end == std::string::npos
                   ? ""
                   : std::string(trim(std::string_view(line.text).substr(end)));
    const InstructionRule& rule = find_rule(out.name);
    if (!rule.flags.empty()) read_flags(out, rule);
    if (out.text.empty()) refuse("{} needs an argument", out.name);
    read_form(out, rule.form);
    check(out);
    return out;
  }

 private:
  template <typename... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> format,
                           Args&&... args) const {
    fail(ErrorCode::invalid, "{}:{}: {}", file_, line_,
         fmt::format(format, std::forward<Args>(args)...));
  }

  const InstructionRule& find_rule(std::string_view name) const {
    for (const InstructionRule& rule : rules()) {
      if (rule.name == name) return rule;
    }
    if (name == "RUN" || name == "ONBUILD") {
      refuse("{} is not supported yet", name);
    }
    std::vector<std::string_view> names;
    for (const InstructionRule& rule : rules()) names.push_back(rule.name);
    refuse("unknown instruction '{}'{}", unicode::repaired(name.substr(0, 64)),
           suggestion(name, names));
  }

  void read_flags(Instruction& out, const InstructionRule& rule) const {
    std::string_view rest = out.text;
    while (rest.starts_with("--")) {
      const std::size_t end = rest.find_first_of(" \t");
      const std::string_view flag = rest.substr(2, end - 2);
      rest = end == std::string_view::npos ? "" : trim(rest.substr(end));
      const std::size_t equals = flag.find('=');
      const std::string name(flag.substr(0, equals));
      const auto has = [&](const std::vector<std::string_view>& list) {
        return std::find(list.begin(), list.end(), name) != list.end();
      };
      if (has(rule.unsupported_flags)) {
        refuse("{} --{} is not supported yet", out.name, name);
      }
      if (!has(rule.flags)) refuse("{} has no flag --{}", out.name, name);
      if (equals == std::string_view::npos) {
        refuse("--{} needs a value: --{}=...", name, name);
      }
      if (!out.flags.emplace(name, flag.substr(equals + 1)).second) {
        refuse("--{} is given twice", name);
      }
    }
    out.text = rest;
  }

  void read_form(Instruction& out, Form form) const {
    switch (form) {
      case Form::words:
      case Form::command:
        if (auto words = json_words(out.text)) {
          out.words = std::move(*words);
          out.is_json = true;
        } else if (form == Form::words) {
          out.words = split_at_spaces(out.text);
        }
        break;
      case Form::pairs:
        read_pairs(out);
        break;
      case Form::text:
        break;
    }
  }

  void read_pairs(Instruction& out) const {
    const std::vector<std::string> words = split_words(out.text, escape_);
    const bool is_arg = out.name == "ARG";
    const bool is_old_form =
        !is_arg && words.front().find('=') == std::string::npos;
    if (is_old_form) {  // ENV NAME the whole rest
      const std::size_t end = out.text.find_first_of(" \t");
      if (end == std::string::npos) refuse("{} needs NAME=value", out.name);
      out.pairs.push_back(
          {out.text.substr(0, end),
           std::string(trim(std::string_view(out.text).substr(end)))});
      return;
    }
    for (const std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos && !is_arg) {
        refuse("{} needs NAME=value, not '{}'", out.name, word);
      }
      if (equals == 0) refuse("{} needs a name before '='", out.name);
      Assignment pair{word.substr(0, equals), std::nullopt};
      if (equals != std::string::npos) pair.value = word.substr(equals + 1);
      out.pairs.push_back(std::move(pair));
    }
  }

  void check(const Instruction& out) const {
    const std::string& name = out.name;
    if (name == "FROM") {
      const bool good =
          !out.is_json &&
          (out.words.size() == 1 ||
           (out.words.size() == 3 && upper(out.words[1]) == "AS"));
      if (!good) refuse("FROM needs IMAGE or IMAGE AS NAME");
    } else if (name == "COPY" || name == "ADD") {
      for (const std::string& word : out.words) {
        if (word.starts_with("<<") && !out.is_json) {
          refuse("here-documents are not supported yet");
        }
      }
      if (out.words.size() < 2) refuse("{} needs a source and a target", name);
      const auto from = out.flags.find("from");
      if (from != out.flags.end() &&
          from->second.find('$') != std::string::npos) {
        refuse("--from cannot hold a variable");
      }
    } else if (name == "SHELL" && (!out.is_json || out.words.empty())) {
      refuse("SHELL needs its JSON form: SHELL [\"/bin/sh\", \"-c\"]");
    }
  }

  std::string_view file_;
  const char escape_;
  int line_ = 0;
};

void add_stage(Dockerfile& out, Instruction from) {
  DockerfileStage stage;
  if (from.words.size() == 3) {
    stage.name = lower(from.words[2]);
    const bool good =
        stage.name[0] >= 'a' && stage.name[0] <= 'z' &&
        stage.name.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyz0123456789_-.") == std::string::npos;
    if (!good || stage.name == "scratch") {
      fail(ErrorCode::invalid, "{}:{}: '{}' cannot be the name of a stage",
           out.file, from.line, from.words[2]);
    }
    for (const DockerfileStage& other : out.stages) {
      if (other.name == stage.name) {
        fail(ErrorCode::invalid, "{}:{}: there is a stage '{}' already",
             out.file, from.line, stage.name);
      }
    }
  }
  stage.from = std::move(from);
  out.stages.push_back(std::move(stage));
}

}  // namespace

Dockerfile parse_dockerfile(std::string_view text, std::string_view file,
                            std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    fail(ErrorCode::too_large, "{} is larger than {} bytes", file, max_bytes);
  }
  if (text.find('\0') != std::string_view::npos || !unicode::is_valid(text)) {
    fail(ErrorCode::invalid, "{} is not a text in UTF-8", file);
  }
  DockerfileLines lines = split_dockerfile(text, file);
  if (lines.lines.size() > kMaxInstructions) {
    fail(ErrorCode::too_large, "{} has more than {} instructions", file,
         kMaxInstructions);
  }
  Dockerfile out;
  out.file = file;
  out.escape = lines.escape;
  for (const std::string& directive : lines.directives) {
    out.notes.push_back("the directive '" + directive + "' has no effect");
  }
  Reader reader(file, lines.escape);
  for (const DockerfileLine& line : lines.lines) {
    Instruction instruction = reader.read(line);
    if (instruction.name == "FROM") {
      add_stage(out, std::move(instruction));
    } else if (!out.stages.empty()) {
      out.stages.back().instructions.push_back(std::move(instruction));
    } else if (instruction.name == "ARG") {
      out.global_args.push_back(std::move(instruction));
    } else {
      fail(ErrorCode::invalid, "{}:{}: {} cannot stand before FROM", file,
           instruction.line, instruction.name);
    }
  }
  if (out.stages.empty()) {
    fail(ErrorCode::invalid, "{}: there is no FROM", file);
  }
  return out;
}

}  // namespace skerry::ci
