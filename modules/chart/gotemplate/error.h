// Errors of templates, with the chain of causes that Helm prints.
#pragma once

#include <string>
#include <vector>

#include "core/error.h"

namespace skerry::chart {

// What text/template and Helm's engine report. `chain` holds the messages from
// the outermost error to the innermost that it wraps; each contains the next.
class TemplateError : public Error {
 public:
  explicit TemplateError(std::string message)
      : TemplateError(std::vector<std::string>{std::move(message)}, true) {}
  TemplateError(std::vector<std::string> chain, bool from_template)
      : Error(ErrorCode::invalid, chain.front()),
        chain_(std::move(chain)),
        from_template_(from_template) {}

  const std::vector<std::string>& chain() const { return chain_; }
  // False for a plain error that a function returned.
  bool from_template() const { return from_template_; }

  // fmt.Errorf("<prefix>: %w", this)
  TemplateError wrapped(const std::string& prefix, bool from_template) const {
    std::vector<std::string> chain{prefix + ": " + chain_.front()};
    chain.insert(chain.end(), chain_.begin(), chain_.end());
    return TemplateError(std::move(chain), from_template);
  }

 private:
  std::vector<std::string> chain_;
  bool from_template_;
};

// What a template function fails with: "error calling upper: <message>".
template <typename... Args>
[[noreturn]] void fail_call(fmt::format_string<Args...> format,
                            Args&&... args) {
  throw TemplateError({fmt::format(format, std::forward<Args>(args)...)},
                      false);
}

}  // namespace skerry::chart
