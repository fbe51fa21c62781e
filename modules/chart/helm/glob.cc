#include "helm/glob.h"

#include <re2/re2.h>

#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

// Both languages become regular expressions, which match in linear time.
class Translator {
 public:
  Translator(std::string_view pattern, bool is_gobwas)
      : pattern_(pattern), is_gobwas_(is_gobwas) {}

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
        bool super = is_gobwas_ && i_ < pattern_.size() && pattern_[i_] == '*';
        while (is_gobwas_ && i_ < pattern_.size() && pattern_[i_] == '*') ++i_;
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
    if (is_gobwas_ && c == '{') {
      ++i_;
      ++depth_;
      out += "(?:";
      return true;
    }
    if (is_gobwas_ && depth_ > 0 && (c == ',' || c == '}')) {
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
    char negation = is_gobwas_ ? '!' : '^';
    bool negated = i_ < pattern_.size() && pattern_[i_] == negation;
    if (negated) ++i_;
    out += negated ? "[^" : "[";
    if (negated && !is_gobwas_) out += "/";
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
  bool is_gobwas_;
  std::size_t i_ = 0;
  int depth_ = 0;
};

std::unique_ptr<RE2> compile_regex(std::string_view pattern, bool is_gobwas) {
  Translator translator(pattern, is_gobwas);
  if (!translator.translate()) return nullptr;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  auto regex = std::make_unique<RE2>(translator.out, options);
  return regex->ok() ? std::move(regex) : nullptr;
}

}  // namespace

struct Glob::Impl {
  std::unique_ptr<RE2> regex;
};

Glob::Glob() : impl_(std::make_unique<Impl>()) {}
Glob::~Glob() = default;

std::unique_ptr<Glob> Glob::compile(std::string_view pattern) {
  auto regex = compile_regex(pattern, true);
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
  auto regex = compile_regex(pattern, false);
  if (!regex) return {};
  return RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *regex);
}

}  // namespace skerry::chart
