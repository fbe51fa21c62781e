#include "core/s3/client.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/os/random.h"
#include "core/store/digest.h"
#include "core/text/number.h"

namespace skerry::s3 {
namespace {

using std::chrono::milliseconds;

constexpr int kMostAttempts = 5;
constexpr milliseconds kFirstPause{100};
constexpr std::uint64_t kMostAnswer = 4u << 20;
constexpr std::uint64_t kMostSmall = 64u << 10;

struct Parts {
  std::string scheme, host;  // "https://", "s3.example.org:9000"
};

std::optional<Parts> split(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    auto host = url.substr(scheme.size());
    if (host.ends_with('/')) host.remove_suffix(1);
    if (!http::is_host(host)) return std::nullopt;
    return Parts{std::string(scheme), std::string(host)};
  }
  return std::nullopt;
}

// A 503 says SlowDown, a 500 InternalError, a 409 OperationAborted because
// another one is under way: all ask to come again.
bool passing(int status) { return status >= 500 || status == 409; }

std::string header_of(const http::ClientResponse& answer, const char* name) {
  const auto it = answer.headers.find(name);
  return it == answer.headers.end() ? std::string() : it->second;
}

}  // namespace

void check_endpoint(std::string_view setting, std::string_view url) {
  if (split(url)) return;
  fail(ErrorCode::invalid,
       "{} must be http://HOST:PORT or https://HOST:PORT without a path, not "
       "'{}'",
       setting, url);
}

Traffic traffic_of(Metrics& metrics) {
  return {metrics.counter("skerry_s3_requests_total",
                          "Requests to the S3 store"),
          metrics.counter("skerry_s3_repeated_total",
                          "Requests to the S3 store that were tried again"),
          metrics.counter("skerry_s3_failed_total",
                          "Requests to the S3 store that failed for good"),
          metrics.counter("skerry_s3_sent_bytes_total",
                          "Bytes of blobs sent to the S3 store"),
          metrics.counter("skerry_s3_received_bytes_total",
                          "Bytes of blobs fetched from the S3 store")};
}

std::string Client::host_of(const std::string& endpoint) const {
  const auto host = split(endpoint).value().host;
  return place_.path_style ? host : place_.bucket + "." + host;
}

std::string Client::base_of(const std::string& endpoint) const {
  return split(endpoint).value().scheme + host_of(endpoint);
}

std::string Client::path_of(const std::string& key) const {
  std::string path = place_.path_style ? "/" + place_.bucket : "";
  if (!key.empty() || !place_.path_style) path += "/" + key;
  return encoded_path(path);
}

void Client::sign(const Call& call, http::ClientRequest& request) const {
  const UnixMillis now = clock_.now();
  Unsigned unsigned_request{call.method, path_of(call.key), call.query,
                            call.headers,
                            call.slice != nullptr ? call.slice->sha256
                                                  : digest_of(call.body).hex};
  auto& headers = unsigned_request.headers;
  headers.emplace_back("host", host_of(place_.endpoint));
  headers.emplace_back("x-amz-content-sha256", unsigned_request.payload_hash);
  headers.emplace_back("x-amz-date", amz_date(now));
  request.headers = headers;
  request.headers.emplace_back(
      "authorization",
      authorization(place_.credentials, unsigned_request, now));
}

http::ClientRequest Client::request_for(const Call& call) const {
  http::ClientRequest request;
  request.method = call.method;
  request.url = base_of(place_.endpoint) + path_of(call.key);
  if (call.presigned_at) {
    request.url +=
        "?" + presigned_query(place_.credentials,
                              {call.method, path_of(call.key), call.query,
                               {{"host", host_of(place_.endpoint)}}},
                              *call.presigned_at, call.presigned_for);
  } else {
    if (!call.query.empty()) request.url += "?" + encoded_query(call.query);
    sign(call, request);
  }
  request.ca_pem = place_.ca_pem;
  request.follow_redirects = false;  // a signature is for one host
  request.connect_timeout = std::min(place_.timeout, milliseconds(10'000));
  request.stall_timeout = place_.timeout;
  request.max_body = call.sink ? UINT64_MAX : kMostAnswer;
  return request;
}

http::ClientResponse Client::send_once(const Call& call) {
  traffic_.requests.add();
  auto request = request_for(call);
  std::uint64_t sent = 0;
  if (call.slice != nullptr) {
    const Slice& slice = *call.slice;
    request.body_size = slice.size;
    request.body_source = [&sent, &slice](char* buffer, std::size_t size) {
      const auto most = std::min<std::uint64_t>(size, slice.size - sent);
      const ssize_t got = ::pread(slice.file, buffer, most,
                                  static_cast<off_t>(slice.offset + sent));
      if (got < 0) fail_errno("reading a blob to store");
      sent += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    };
  } else {
    request.body = call.body;
  }
  if (call.sink) {
    request.on_head = [&](const http::ClientResponse& head) {
      if (head.status == 206 || !call.partial) return;
      fail(ErrorCode::internal, "the S3 store {} does not know ranges",
           place_.endpoint);
    };
    request.body_sink = [&](std::string_view bytes) {
      traffic_.received.add(static_cast<double>(bytes.size()));
      call.sink(bytes);
    };
  }
  auto answer = http_.send(request, stop_.get_token());
  traffic_.sent.add(static_cast<double>(sent));
  return answer;
}

// With some chance in it, so that many who were refused at once do not come
// back at once.
void Client::pause(int attempt) {
  traffic_.repeated.add();
  const auto most = kFirstPause * (1 << attempt);
  const auto part = static_cast<unsigned char>(random_bytes(1)[0]);
  const milliseconds time = most / 2 + most * part / 512;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  const auto stop = stop_.get_token();
  changed.wait_for(lock, stop, time, [] { return false; });
}

http::ClientResponse Client::send(const Call& call) {
  for (int attempt = 0;; ++attempt) {
    const bool last = call.once || attempt + 1 == kMostAttempts ||
                      stop_.stop_requested();
    std::optional<http::ClientResponse> answer;
    try {
      answer = send_once(call);
    } catch (const Error& error) {
      if (last || error.code() != ErrorCode::unavailable) {
        traffic_.failed.add();
        throw error.in("the S3 store");
      }
    }
    if (answer && !passing(answer->status)) return std::move(*answer);
    if (answer && last) refuse(call, *answer);
    pause(attempt);
  }
}

http::ClientResponse Client::demand(const Call& call) {
  auto answer = send(call);
  if (answer.status < 200 || answer.status >= 300) refuse(call, answer);
  return answer;
}

void Client::refuse(const Call& call, const http::ClientResponse& answer) {
  traffic_.failed.add();
  const auto fault = parse_fault(answer.body);
  fail(ErrorCode::unavailable, "the S3 store {}, bucket {}: {} {}: {}{}",
       place_.endpoint, place_.bucket, call.method,
       call.key.empty() ? "the bucket" : call.key, answer.status,
       fault ? fmt::format(" {}: {}", fault->code, fault->message) : "");
}

std::optional<Client::Head> Client::head(const std::string& key) {
  const Call call{"HEAD", key};
  const auto answer = send(call);
  if (answer.status == 404) return std::nullopt;
  if (answer.status != 200) refuse(call, answer);
  const auto size =
      parse_number<std::uint64_t>(header_of(answer, "content-length"));
  if (!size) {
    fail(ErrorCode::unavailable, "the S3 store does not say how large {} is",
         key);
  }
  return Head{*size, header_of(answer, "etag")};
}

std::optional<std::string> Client::read(const std::string& key) {
  const Call call{"GET", key};
  auto answer = send(call);
  if (answer.status == 404) {
    const auto fault = parse_fault(answer.body);
    if (fault && fault->code == "NoSuchBucket") refuse(call, answer);
    return std::nullopt;
  }
  if (answer.status != 200) refuse(call, answer);
  if (answer.body.size() > kMostSmall) {
    fail(ErrorCode::unavailable, "the S3 store's {} is larger than it was made",
         key);
  }
  return std::move(answer.body);
}

bool Client::get(const std::string& key, std::uint64_t offset,
                 std::uint64_t size, const Sink& sink) {
  int attempt = 0;
  while (size > 0) {
    Call call{"GET", key};
    call.once = true;
    call.partial = offset > 0;
    call.headers = {
        {"range", fmt::format("bytes={}-{}", offset, offset + size - 1)}};
    std::uint64_t got = 0;
    std::exception_ptr sink_error;
    call.sink = [&](std::string_view bytes) {
      bytes = bytes.substr(0, size - got);
      try {
        sink(bytes);
      } catch (...) {
        sink_error = std::current_exception();
        throw;
      }
      got += bytes.size();
    };
    std::string why = "it ended too early";
    try {
      const auto answer = send(call);
      if (answer.status == 404) return false;
      if (answer.status != 206 && answer.status != 200) refuse(call, answer);
    } catch (const Error& error) {
      if (sink_error || error.code() != ErrorCode::unavailable) throw;
      why = error.message();
    }
    offset += got;
    size -= got;
    if (size == 0) return true;
    if (got > 0) attempt = 0;
    if (++attempt == kMostAttempts || stop_.stop_requested()) {
      fail(ErrorCode::unavailable, "{}", why);
    }
    pause(attempt);
  }
  return true;
}

UnixMillis Client::put(const std::string& key, std::string body) {
  Call call{"PUT", key};
  call.body = std::move(body);
  const auto answer = demand(call);
  return parse_http_time(header_of(answer, "date")).value_or(clock_.now());
}

void Client::put(const std::string& key, const Slice& slice) {
  Call call{"PUT", key};
  call.slice = &slice;
  demand(call);
}

void Client::remove(const std::string& key) {
  const Call call{"DELETE", key};
  const auto answer = send(call);
  if (answer.status != 404 && answer.status / 100 != 2) refuse(call, answer);
}

void Client::remove_before(const std::string& key, UnixMillis time,
                           std::chrono::seconds lifetime) {
  Call call{"DELETE", key};
  call.once = true;
  call.presigned_at = time;
  call.presigned_for = lifetime;
  const auto answer = send(call);
  if (answer.status != 404 && answer.status / 100 != 2) refuse(call, answer);
}

void Client::copy(const std::string& from, const std::string& to) {
  Call call{"PUT", to};
  call.headers = {
      {"x-amz-copy-source", encoded_path("/" + place_.bucket + "/" + from)}};
  const auto answer = demand(call);
  if (!is_answer(answer.body, "CopyObjectResult")) refuse(call, answer);
}

Client::Page Client::list(const std::string& prefix, const std::string& token,
                          int most) {
  Call call{"GET", ""};
  call.query = {{"list-type", "2"},
                {"prefix", prefix},
                {"max-keys", std::to_string(most)}};
  if (!token.empty()) call.query.emplace_back("continuation-token", token);
  const auto answer = demand(call);
  return {parse_listing(answer.body),
          parse_http_time(header_of(answer, "date")).value_or(clock_.now())};
}

std::string Client::start_multipart(const std::string& key) {
  Call call{"POST", key};
  call.query = {{"uploads", ""}};
  return parse_upload_id(demand(call).body);
}

std::string Client::put_part(const std::string& key, const std::string& upload,
                             int number, const Slice& slice) {
  Call call{"PUT", key};
  call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload}};
  call.slice = &slice;
  auto etag = header_of(demand(call), "etag");
  if (etag.empty() || etag.find_first_of("<>&") != std::string::npos) {
    fail(ErrorCode::unavailable, "the S3 store names no part that it got");
  }
  return etag;
}

void Client::complete_multipart(const std::string& key,
                                const std::string& upload,
                                const std::vector<std::string>& etags) {
  Call call{"POST", key};
  call.query = {{"uploadId", upload}};
  call.body = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    call.body += fmt::format(
        "<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1,
        etags[i]);
  }
  call.body += "</CompleteMultipartUpload>";
  const auto answer = demand(call);
  if (!is_answer(answer.body, "CompleteMultipartUploadResult")) {
    refuse(call, answer);
  }
}

void Client::abort_multipart(const std::string& key,
                             const std::string& upload) {
  Call call{"DELETE", key};
  call.query = {{"uploadId", upload}};
  const auto answer = send(call);
  if (answer.status != 404 && answer.status / 100 != 2) refuse(call, answer);
}

std::string Client::presigned_get(const std::string& key,
                                  std::chrono::seconds lifetime) const {
  const std::string& endpoint = place_.public_endpoint.empty()
                                    ? place_.endpoint
                                    : place_.public_endpoint;
  return base_of(endpoint) + path_of(key) + "?" +
         presigned_query(place_.credentials,
                         {"GET", path_of(key), {}, {{"host", host_of(endpoint)}}},
                         clock_.now(), lifetime);
}

}  // namespace skerry::s3
