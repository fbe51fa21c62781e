#include "client/noun.h"

#include "core/error.h"
#include "core/text/encoding.h"

namespace skerry::app {

std::string encoded(std::string_view text) { return percent_encode(text); }

std::pair<std::string, std::string> two_parts(const std::string& subject,
                                              std::string_view form) {
  const std::size_t slash = subject.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == subject.size()) {
    fail(ErrorCode::invalid, "'{}' must have the form {}", subject, form);
  }
  return {subject.substr(0, slash), subject.substr(slash + 1)};
}

}  // namespace skerry::app
