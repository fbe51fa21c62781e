// The requests to an S3-compatible store that we need (Amazon S3 API reference,
// version 2006-03-01), signed and repeated where that may help.
//
// What fails is thrown as `unavailable`, with S3's own code: whoever asked us
// for a blob has done nothing wrong when the store refuses our key. Answers of
// 5xx and 409 (another operation is under way) and broken connections are tried
// again, more slowly each time; refusals (other 4xx) are not.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/client.h"
#include "core/s3/answers.h"
#include "core/s3/signature.h"
#include "core/telemetry/metrics.h"

namespace skerry::s3 {

struct Place {
  std::string endpoint;         // "https://s3.example.org:9000"
  std::string public_endpoint;  // in presigned URLs; empty: the same
  std::string bucket;
  Credentials credentials;
  bool path_style = true;  // /bucket/key rather than bucket.host/key
  std::string ca_pem;      // beside the system's
  std::chrono::milliseconds timeout{60'000};  // without a byte
};

// Throws invalid, naming the setting, for what cannot be one.
void check_endpoint(std::string_view setting, std::string_view url);

// A part of an open file, as a request's body.
struct Slice {
  int file = -1;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string sha256;  // in hex
};

// Told to the metrics.
struct Traffic {
  Counter &requests, &repeated, &failed;
  Counter &sent, &received;  // bytes of blobs
};
Traffic traffic_of(Metrics& metrics);

// Thread-safe.
class Client {
 public:
  Client(http::Client& http, Place place, const Clock& clock, Traffic traffic)
      : http_(http),
        place_(std::move(place)),
        clock_(clock),
        traffic_(traffic) {}

  struct Head {
    std::uint64_t size = 0;
    std::string etag;
  };
  std::optional<Head> head(const std::string& key);
  // A small object; nothing when it is not there.
  std::optional<std::string> read(const std::string& key);
  // The bytes from `offset` on, `size` of them; false when there is no such
  // object. Goes on where a connection broke off.
  using Sink = std::function<void(std::string_view)>;
  bool get(const std::string& key, std::uint64_t offset, std::uint64_t size,
           const Sink& sink);
  // The store's clock when it had stored it.
  UnixMillis put(const std::string& key, std::string body);
  void put(const std::string& key, const Slice& slice);
  // Fine when it is not there.
  void remove(const std::string& key);
  // The same, which the store itself refuses when it arrives after `lifetime`
  // from `time`, by its own clock. Not tried again.
  void remove_before(const std::string& key, UnixMillis time,
                     std::chrono::seconds lifetime);
  // Up to 5 GiB.
  void copy(const std::string& from, const std::string& to);

  struct Page {
    Listing listing;
    UnixMillis now = 0;  // by the store's clock
  };
  Page list(const std::string& prefix, const std::string& token = {},
            int most = 1000);

  std::string start_multipart(const std::string& key);
  std::string put_part(const std::string& key, const std::string& upload,
                       int number, const Slice& slice);
  void complete_multipart(const std::string& key, const std::string& upload,
                          const std::vector<std::string>& etags);
  // Fine when it is over.
  void abort_multipart(const std::string& key, const std::string& upload);

  // A URL that gives the object to anybody for so long.
  std::string presigned_get(const std::string& key,
                            std::chrono::seconds lifetime) const;

  const Place& place() const { return place_; }
  // Ends waits and transfers; what comes later fails.
  void stop() { stop_.request_stop(); }

 private:
  struct Call {
    std::string method;
    std::string key;  // empty: the bucket
    Pairs query{};
    Pairs headers{};
    std::string body{};
    const Slice* slice = nullptr;
    Sink sink{};
    bool once = false;
    bool partial = false;  // the sink must not get the whole object
    std::optional<UnixMillis> presigned_at{};
    std::chrono::seconds presigned_for{0};
  };
  http::ClientRequest request_for(const Call& call) const;
  void sign(const Call& call, http::ClientRequest& request) const;
  http::ClientResponse send_once(const Call& call);
  // Any status but 5xx and 409.
  http::ClientResponse send(const Call& call);
  // Throws for any status but 2xx.
  http::ClientResponse demand(const Call& call);
  [[noreturn]] void refuse(const Call& call,
                           const http::ClientResponse& answer);
  std::string path_of(const std::string& key) const;
  std::string host_of(const std::string& endpoint) const;
  std::string base_of(const std::string& endpoint) const;
  void pause(int attempt);

  http::Client& http_;
  const Place place_;
  const Clock& clock_;
  const Traffic traffic_;
  std::stop_source stop_;
};

}  // namespace skerry::s3
