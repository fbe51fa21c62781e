#include "image/dockerfile_lines.h"

#include <optional>

#include "core/error.h"

namespace skerry::ci {
namespace {

std::string_view trim_left(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  text = trim_left(text);
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

class Splitter {
 public:
  Splitter(std::string_view text, std::string_view file)
      : rest_(text), file_(file) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  DockerfileLines run() {
    while (auto line = next_line()) {
      const std::string_view text = trim_left(*line);
      if (text.starts_with('#')) {
        if (directives_allowed_) read_directive(trim(text.substr(1)));
        continue;
      }
      directives_allowed_ = false;
      if (trim(text).empty()) continue;
      read_logical_line(*line);
    }
    return std::move(out_);
  }

 private:
  std::optional<std::string_view> next_line() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

  // "# name=value" before anything else; other comments end the directives.
  void read_directive(std::string_view comment) {
    const std::size_t equals = comment.find('=');
    const std::string name = lower(trim(comment.substr(0, equals)));
    const bool is_directive =
        equals != std::string_view::npos &&
        (name == "escape" || name == "syntax" || name == "check");
    if (!is_directive) {
      directives_allowed_ = false;
      return;
    }
    const std::string_view value = trim(comment.substr(equals + 1));
    if (name == "escape") {
      if (value != "\\" && value != "`") {
        fail(ErrorCode::invalid,
             "{}:{}: the escape character must be \\ or `, not '{}'", file_,
             number_, value);
      }
      out_.escape = value.front();
    } else {
      out_.directives.push_back(name + "=" + std::string(value));
    }
  }

  // Whether the line goes on; cuts the sign for it.
  bool cut_continuation(std::string_view& line) const {
    const std::string_view trimmed = trim(line);
    if (!trimmed.ends_with(out_.escape)) return false;
    line = line.substr(0, line.rfind(out_.escape));
    return true;
  }

  void read_logical_line(std::string_view line) {
    DockerfileLine out{number_, {}};
    bool goes_on = cut_continuation(line);
    out.text = line;
    while (goes_on) {
      const auto next = next_line();
      if (!next) break;
      std::string_view text = *next;
      const std::string_view start = trim_left(text);
      // Comments and empty lines between continued lines are left out.
      if (start.starts_with('#') || trim(start).empty()) continue;
      goes_on = cut_continuation(text);
      out.text += text;
    }
    out.text = trim(out.text);
    out_.lines.push_back(std::move(out));
  }

  std::string_view rest_;
  std::string_view file_;
  DockerfileLines out_;
  int number_ = 0;
  bool directives_allowed_ = true;
};

}  // namespace

DockerfileLines split_dockerfile(std::string_view text, std::string_view file) {
  return Splitter(text, file).run();
}

}  // namespace skerry::ci
