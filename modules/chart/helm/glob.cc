#include "helm/glob.h"

#include <re2/re2.h>

#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

// Into a regular expression, which matches in linear time.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  bool translate() {
    while (i_ < pattern_.size()) {
      if (!translate_one()) return false;
    }
    return depth_ == 0;
  }

  std::string out;

 private:
  void literal(char32_t c) {
    std::string text;
    unicode::append(text, c);
    out += RE2::QuoteMeta(text);
  }

  bool translate_one() {
    char c = pattern_[i_];
    switch (c) {
      case '*': {
        ++i_;
        bool super = i_ < pattern_.size() && pattern_[i_] == '*';
        while (i_ < pattern_.size() && pattern_[i_] == '*') ++i_;
        out += super ? ".*" : "[^/]*";
        return true;
      }
      case '?':
        ++i_;
        out += "[^/]";
        return true;
      case '[':
        return translate_class();
      case '\\':
        if (++i_ >= pattern_.size()) return false;
        literal(unicode::next(pattern_, i_));
        return true;
      default:
        break;
    }
    if (c == '{') {
      ++i_;
      ++depth_;
      out += "(?:";
      return true;
    }
    if (depth_ > 0 && (c == ',' || c == '}')) {
      ++i_;
      out += c == ',' ? "|" : ")";
      if (c == '}') --depth_;
      return true;
    }
    literal(unicode::next(pattern_, i_));
    return true;
  }

  std::optional<char32_t> class_character() {
    if (i_ >= pattern_.size()) return {};
    if (pattern_[i_] == '\\' && ++i_ >= pattern_.size()) return {};
    return unicode::next(pattern_, i_);
  }

  void class_literal(char32_t c) {
    if (std::string_view("\\]^-[&~").find(static_cast<char>(c)) !=
            std::string_view::npos &&
        c < 0x80) {
      out += '\\';
    }
    unicode::append(out, c);
  }

  bool translate_class() {
    ++i_;
    bool negated = i_ < pattern_.size() && pattern_[i_] == '!';
    if (negated) ++i_;
    out += negated ? "[^" : "[";
    for (bool any = false;; any = true) {
      if (i_ >= pattern_.size()) return false;
      if (pattern_[i_] == ']') {
        if (!any) return false;
        ++i_;
        out += ']';
        return true;
      }
      if (pattern_[i_] == '-') return false;
      auto low = class_character();
      if (!low) return false;
      class_literal(*low);
      if (i_ < pattern_.size() && pattern_[i_] == '-') {
        ++i_;
        if (i_ >= pattern_.size() || pattern_[i_] == ']') return false;
        auto high = class_character();
        if (!high || *high < *low) return false;
        out += '-';
        class_literal(*high);
      }
    }
  }

  std::string_view pattern_;
  std::size_t i_ = 0;
  int depth_ = 0;
};

std::unique_ptr<RE2> compile_regex(std::string_view pattern) {
  Translator translator(pattern);
  if (!translator.translate()) return nullptr;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  auto regex = std::make_unique<RE2>(translator.out, options);
  return regex->ok() ? std::move(regex) : nullptr;
}

// The next character of a class of filepath.Match; nothing at its end.
std::optional<char32_t> class_character(std::string_view pattern,
                                        std::size_t& p) {
  if (p >= pattern.size() || pattern[p] == '-' || pattern[p] == ']') return {};
  if (pattern[p] == '\\' && ++p >= pattern.size()) return {};
  return unicode::next(pattern, p);
}

// Moves `p` from behind a '[' to behind its ']', calling visit(low, high) for
// each range; false when the class is malformed.
template <typename Visit>
bool read_class(std::string_view pattern, std::size_t& p, const Visit& visit) {
  for (bool any = false;; any = true) {
    if (any && p < pattern.size() && pattern[p] == ']') {
      ++p;
      return true;
    }
    const auto low = class_character(pattern, p);
    if (!low) return false;
    auto high = low;
    if (p < pattern.size() && pattern[p] == '-') {
      ++p;
      high = class_character(pattern, p);
    }
    if (!high) return false;
    visit(*low, *high);
  }
}

bool is_path_pattern(std::string_view pattern) {
  for (std::size_t p = 0; p < pattern.size();) {
    const char c = pattern[p++];
    if (c == '\\' && p++ >= pattern.size()) return false;
    if (c != '[') continue;
    if (p < pattern.size() && pattern[p] == '^') ++p;
    if (!read_class(pattern, p, [](char32_t, char32_t) {})) return false;
  }
  return true;
}

// Whether the name's next character matches the next of the pattern, which is
// no '*'; moves behind both.
bool match_one(std::string_view pattern, std::size_t& p, std::string_view name,
               std::size_t& n) {
  const char c = pattern[p];
  if (c == '?') {
    if (name[n] == '/') return false;
    ++p;
    unicode::next(name, n);
    return true;
  }
  if (c == '[') {  // may match '/', as in Go
    ++p;
    const bool negated = pattern[p] == '^';
    if (negated) ++p;
    const char32_t wanted = unicode::next(name, n);
    bool found = false;
    read_class(pattern, p, [&](char32_t low, char32_t high) {
      found = found || (low <= wanted && wanted <= high);
    });
    return found != negated;
  }
  if (c == '\\') ++p;
  return pattern[p++] == name[n++];
}

}  // namespace

struct Glob::Impl {
  std::unique_ptr<RE2> regex;
};

Glob::Glob() : impl_(std::make_unique<Impl>()) {}
Glob::~Glob() = default;

std::unique_ptr<Glob> Glob::compile(std::string_view pattern) {
  auto regex = compile_regex(pattern);
  if (!regex) return nullptr;
  std::unique_ptr<Glob> glob(new Glob());
  glob->impl_->regex = std::move(regex);
  return glob;
}

bool Glob::match(std::string_view name) const {
  return RE2::FullMatch(re2::StringPiece(name.data(), name.size()),
                        *impl_->regex);
}

std::optional<bool> path_match(std::string_view pattern,
                               std::string_view name) {
  if (!is_path_pattern(pattern)) return {};
  // Where the last '*' stands, and what it has taken by now: only it may have
  // to take more, since any earlier one took as little as it could.
  std::size_t p = 0, n = 0, star = pattern.npos, taken = 0;
  for (;;) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      taken = n;
      continue;
    }
    if (n == name.size() && p == pattern.size()) return true;
    if (n < name.size() && p < pattern.size() &&
        match_one(pattern, p, name, n)) {
      continue;
    }
    if (star == pattern.npos || taken >= name.size() || name[taken] == '/') {
      return false;
    }
    unicode::next(name, taken);
    p = star;
    n = taken;
  }
}

}  // namespace skerry::chart
