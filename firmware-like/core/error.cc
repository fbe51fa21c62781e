#include "core/error.h"

#include <cerrno>
#include <system_error>

namespace skerry {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::invalid:
      return "invalid";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::denied:
      return "denied";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::busy:
      return "busy";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::io:
      return "io";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

void fail_errno(std::string_view what) { fail_errno(what, errno); }

void fail_errno(std::string_view what, int error_number) {
  ErrorCode code = ErrorCode::io;
  if (error_number == ENOSPC || error_number == EDQUOT) {
    code = ErrorCode::unavailable;
  } else if (error_number == ENOENT || error_number == ENOTDIR) {
    code = ErrorCode::not_found;
  }
  throw Error(code,
              fmt::format("{}: {}", what,
                          std::generic_category().message(error_number)));
}

}  // namespace skerry
