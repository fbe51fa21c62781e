// A real S3 server on a scratch folder: versitygw, which checks signatures and
// keeps each object as a file. Built once by tests/tools/go_tool.sh.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "core/temp.h"

namespace skerry::test {

class S3Server {
 public:
  S3Server();
  ~S3Server() { stop(); }

  // On the same port as before.
  void start();
  void stop();
  std::string url() const;
  static std::string access_key() { return "test-access"; }
  static std::string secret_key() { return "test-secret"; }
  static std::string bucket() { return "blobs"; }

  // The file of an object.
  std::filesystem::path object(const std::string& key) const {
    return folder_ / "data" / bucket() / key;
  }
  // How many objects there are below a prefix.
  std::size_t count(const std::string& prefix) const;

 private:
  Scratch folder_;
  int port_ = 0;
  std::optional<std::jthread> running_;
};

}  // namespace skerry::test
