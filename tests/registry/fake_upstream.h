// A registry that holds what it is given and misbehaves as it is told.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/http/server.h"
#include "core/os/mutex.h"
#include "core/store/digest.h"
#include "core/telemetry/metrics.h"
#include "fake_accounts.h"

namespace skerry::registry {

// Thread-safe.
class FakeUpstream {
 public:
  explicit FakeUpstream(int port = 0);
  ~FakeUpstream();
  int port() const;
  std::string url() const;

  // The digest. `type` empty: a blob.
  Digest put(const std::string& repository, const std::string& bytes,
             const std::string& tag = {});
  Digest put_blob(const std::string& bytes);
  void remove_tag(const std::string& repository, const std::string& tag);
  void set_list(const std::string& path, const std::string& body,
                const std::string& link = {});

  // How it behaves.
  std::atomic<int> status{0};         // answer everything so
  std::atomic<int> retry_after{0};
  std::atomic<bool> wants_token{false};
  std::atomic<bool> wants_basic{false};
  std::atomic<bool> refuses_account{false};
  std::atomic<int> token_seconds{300};
  std::atomic<bool> wrong_bytes{false};    // of blobs
  std::atomic<bool> wrong_manifest{false};
  std::atomic<bool> no_digest{false};      // no Docker-Content-Digest
  std::atomic<bool> ignores_range{false};
  std::atomic<bool> chunked{false};        // blobs without a length
  std::atomic<int> breaks{0};              // how often still
  std::atomic<bool> hold{false};  // stop in the middle of blobs until false

  // "HEAD /v2/...", without the token service's.
  std::vector<std::string> asked();
  std::size_t asked(const std::string& prefix);
  void forget();
  std::atomic<int> tokens{0};

 private:
  void answer(http::Request& request, http::Response& response);
  void answer_blob(http::Request& request, http::Response& response,
                   const std::string& bytes);
  bool admit(const http::Request& request, http::Response& response);

  Mutex mutex_;
  std::map<std::string, std::string> manifests_ GUARDED_BY(mutex_);
  std::map<std::string, std::string> blobs_ GUARDED_BY(mutex_);
  std::map<std::string, std::pair<std::string, std::string>> lists_
      GUARDED_BY(mutex_);
  std::vector<std::string> asked_ GUARDED_BY(mutex_);

  // Leaves credentials alone: they are the upstream's own.
  class NoGate : public http::Gate {
   public:
    http::Identity identify(const http::Request&) override {
      return {0, "anonymous"};
    }
    bool allows(const http::Identity&, http::Access,
                std::string_view) override {
      return true;
    }
  };
  NoGate gate_;
  Metrics metrics_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace skerry::registry
