// The one exception type of Skerry and its codes.
//
// Throw it where a fault is found, with one sentence for the person who must
// act on it; add context where a caller knows more. It is caught at five
// borders only: the HTTP dispatcher, the job runner, the event consumer, the
// command line, and callbacks that C code calls.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace skerry {

enum class ErrorCode {
  not_found,    // the thing spoken of does not exist             HTTP 404
  invalid,      // the caller's input is wrong                    HTTP 400
  conflict,     // the state changed or forbids it                HTTP 409
  denied,       // the caller may not                             HTTP 403
  too_large,    // a limit on size, depth or count was passed     HTTP 413
  busy,         // too much at once; try again later              HTTP 429
  unavailable,  // something needed is not there (now)            HTTP 503
  io,           // the disk or the network failed                 HTTP 500
  internal,     // a bug in Skerry                                HTTP 500
};

// The code's name as it stands in API answers: "not_found".
std::string_view to_string(ErrorCode code);

class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message)
      : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const char* what() const noexcept override { return message_.c_str(); }

  // The same error with "context: " in front of its message.
  Error in(std::string_view context) const {
    return Error(code_, fmt::format("{}: {}", context, message_));
  }

 private:
  ErrorCode code_;
  std::string message_;
};

// fail(ErrorCode::invalid, "{}:{}: unknown field '{}'", file, line, name)
template <typename... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format,
                       Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

// Throws what errno says as ErrorCode::io (a full disk as "unavailable", an
// absent file as "not_found"): "<what>: No space left on device".
[[noreturn]] void fail_errno(std::string_view what);
[[noreturn]] void fail_errno(std::string_view what, int error_number);

}  // namespace skerry
