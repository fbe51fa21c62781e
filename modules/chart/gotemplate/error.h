// Errors of templates, with the chain of causes that Helm prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace skerry::chart {

// What text/template and Helm's engine report. An error that wraps another one
// ends in the other's message.
class TemplateError : public Error {
 public:
  explicit TemplateError(std::string message, bool from_template = true)
      : Error(ErrorCode::invalid, std::move(message)),
        sizes_{Error::message().size()},
        from_template_(from_template) {}

  // The messages from the outermost error to the innermost that it wraps; they
  // live as long as the error.
  std::vector<std::string_view> chain() const {
    std::vector<std::string_view> messages;
    std::string_view all = message();
    for (std::size_t i = sizes_.size(); i-- > 0;) {
      messages.push_back(all.substr(all.size() - sizes_[i]));
    }
    return messages;
  }
  // False for a plain error that a function returned.
  bool from_template() const { return from_template_; }

  // fmt.Errorf("<prefix>: %w", this)
  TemplateError wrapped(const std::string& prefix, bool from_template) const {
    TemplateError outer(prefix + ": " + message(), from_template);
    outer.sizes_.insert(outer.sizes_.begin(), sizes_.begin(), sizes_.end());
    return outer;
  }

 private:
  std::vector<std::size_t> sizes_;  // of the messages, innermost first
  bool from_template_;
};

// A limit that templates ran into; its message says where.
class LimitError : public Error {
 public:
  explicit LimitError(std::string message)
      : Error(ErrorCode::too_large, std::move(message)) {}
};

// What a template function fails with: "error calling upper: <message>".
template <typename... Args>
[[noreturn]] void fail_call(fmt::format_string<Args...> format,
                            Args&&... args) {
  throw TemplateError(fmt::format(format, std::forward<Args>(args)...), false);
}

}  // namespace skerry::chart
