// A scratch folder and small conveniences for core's tests.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::test {

class Scratch {
 public:
  Scratch() : folder_(std::filesystem::temp_directory_path(), "skerry-test-") {}
  std::filesystem::path operator/(const std::string& name) const {
    return folder_.path() / name;
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
};

// The code of the Error that `action` throws; fails the test when none comes.
inline ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::internal;
}

inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace skerry::test
