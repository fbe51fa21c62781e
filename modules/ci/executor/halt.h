// How a pipeline's flow ends early: an error that knows its result.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "core/error.h"
#include "plan.h"

namespace skerry::ci {

// Thrown by steps, caught by the blocks and stages around them. Any other
// Error counts as a failure.
class Halt : public Error {
 public:
  Halt(Result result, std::string message)
      : Error(ErrorCode::conflict, std::move(message)), result_(result) {}
  Result result() const { return result_; }
  // Whether the log says it already; a copy that does.
  bool logged() const { return logged_; }
  Halt as_logged() const {
    Halt copy = *this;
    copy.logged_ = true;
    return copy;
  }

 private:
  Result result_;
  bool logged_ = false;
};

// The exception being handled, as a Halt. Call it inside a catch block.
inline Halt current_halt() {
  try {
    throw;
  } catch (const Halt& halt) {
    return halt;
  } catch (const std::exception& error) {
    return Halt(Result::failure, error.what());
  }
}

inline Result worst(Result a, Result b) { return a < b ? b : a; }

}  // namespace skerry::ci
