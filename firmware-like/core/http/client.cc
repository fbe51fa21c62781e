#include "core/http/client.h"

#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "core/error.h"
#include "core/http/curl.h"
#include "core/http/headers.h"
#include "core/http/local_address.h"
#include "core/os/file.h"
#include "core/os/mutex.h"

namespace skerry::http {
namespace {

// Idle handles kept for their connections.
constexpr std::size_t kMostIdle = 8;
constexpr long kMostRedirects = 10;
// Of a body that is passed on in pieces; libcurl's own are 16 and 64 KiB.
constexpr long kStreamBuffer = 256 << 10;
constexpr const char* kSystemBundle = "/etc/ssl/certs/ca-certificates.crt";

// What the callbacks of one transfer share. An exception cannot pass through
// libcurl, so it waits here.
struct Transfer {
  const ClientRequest& request;
  const std::stop_token& stop;
  CURL* handle;
  ClientResponse response;
  std::uint64_t received = 0;
  std::size_t sent = 0;  // of request.body
  bool head_told = false;
  bool cut = false;      // a body that nobody wants began
  bool refused = false;  // an address
  std::exception_ptr error{};
};

template <typename F>
auto guarded(Transfer& transfer, decltype(std::declval<F>()()) on_error, F body)
    -> decltype(body()) {
  try {
    return body();
  } catch (...) {
    transfer.error = std::current_exception();
    return on_error;
  }
}

// Without a user name and password, for logs and answers.
std::string without_credentials(const std::string& url) {
  const CurlUrl parsed(curl_url());
  char* text = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return url.substr(0, url.find(':')) + ":...";
  }
  curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  curl_url_get(parsed.get(), CURLUPART_URL, &text, 0);
  const CurlText owned(text);
  return text == nullptr ? std::string() : std::string(text);
}

int status_so_far(const Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

void tell_head(Transfer& transfer, int status) {
  if (transfer.head_told || status < 200 || status >= 300) return;
  transfer.head_told = true;
  transfer.response.status = status;
  if (transfer.request.on_head) transfer.request.on_head(transfer.response);
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.request.head_only) {
    transfer.cut = true;
    return CURL_WRITEFUNC_ERROR;
  }
  return guarded(transfer, std::size_t{0}, [&] {
    const std::string_view bytes(data, size);
    const int status = status_so_far(transfer);
    tell_head(transfer, status);
    transfer.received += size;
    if (transfer.received > transfer.request.max_body) {
      fail(ErrorCode::too_large, "{} answers with more than {} bytes",
           without_credentials(transfer.request.url),
           transfer.request.max_body);
    }
    if (transfer.request.body_sink && status >= 200 && status < 300) {
      transfer.request.body_sink(bytes);
    } else {
      transfer.response.body.append(bytes);
    }
    return size;
  });
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  return guarded(transfer, std::size_t{0}, [&] {
    std::string_view line(data, size);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {  // a redirect's or a 100's went before
      transfer.response.headers.clear();
      transfer.response.body.clear();
      transfer.received = 0;
      return size;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    std::string& value = transfer.response.headers[name];
    if (name == "www-authenticate" && !value.empty()) {
      value += ", ";
    } else {
      value.clear();
    }
    value += trimmed(line.substr(colon + 1));
    return size;
  });
}

std::size_t on_upload(char* buffer, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  return guarded(transfer, std::size_t{CURL_READFUNC_ABORT}, [&] {
    if (transfer.request.body_source) {
      return transfer.request.body_source(buffer, size);
    }
    const std::string& body = transfer.request.body;
    const std::size_t count = std::min(size, body.size() - transfer.sent);
    std::copy_n(body.data() + transfer.sent, count, buffer);
    transfer.sent += count;
    return count;
  });
}

// A redirect with a body that we keep starts again; a streamed one cannot.
int on_seek(void* user, curl_off_t offset, int) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.request.body_source || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  transfer.sent =
      std::min(transfer.request.body.size(), static_cast<std::size_t>(offset));
  return CURL_SEEKFUNC_OK;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->stop.stop_requested() ? 1 : 0;
}

// Asked with each address that a name has, right before it is connected to.
curl_socket_t on_open(void* user, curlsocktype, curl_sockaddr* address) {
  if (is_local_address(address->addr)) {
    static_cast<Transfer*>(user)->refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

class CurlClient : public Client {
 public:
  explicit CurlClient(std::string user_agent)
      : user_agent_(std::move(user_agent)) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      fail(ErrorCode::internal, "the HTTP client cannot start");
    }
  }
  ~CurlClient() override {
    {
      MutexLock lock(mutex_);
      idle_.clear();
    }
    curl_global_cleanup();
  }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  ClientResponse send(const ClientRequest& request,
                      std::stop_token stop) override;

 private:
  CurlEasy take();
  void give_back(CurlEasy handle);
  void set_basics(CURL* handle, const ClientRequest& request) const;
  void set_tls(CURL* handle, const ClientRequest& request,
               const std::string& bundle) const;
  static void set_addresses(CURL* handle, Transfer& transfer);
  static void set_body(CURL* handle, Transfer& transfer);
  static std::string bundle_for(const ClientRequest& request);

  const std::string user_agent_;
  Mutex mutex_;
  std::vector<CurlEasy> idle_ GUARDED_BY(mutex_);
};

CurlEasy CurlClient::take() {
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      CurlEasy handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  CurlEasy handle(curl_easy_init());
  if (!handle) fail(ErrorCode::internal, "no handle for the HTTP client");
  return handle;
}

void CurlClient::give_back(CurlEasy handle) {
  curl_easy_reset(handle.get());  // keeps its connections
  MutexLock lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(handle));
}

void CurlClient::set_basics(CURL* handle, const ClientRequest& request) const {
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent_.c_str());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  // Less than a byte a second over the stall time.
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(
      handle, CURLOPT_LOW_SPEED_TIME,
      std::max(1L, static_cast<long>(request.stall_timeout.count() / 1000)));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION,
                   request.follow_redirects ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, kMostRedirects);
  curl_easy_setopt(handle, CURLOPT_MAXCONNECTS, 4L);
  if (request.body_sink) {
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, kStreamBuffer);
  }
  if (request.body_source) {
    curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, kStreamBuffer);
  }
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(request.total_timeout.count()));
  if (!request.user.empty() || !request.password.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(handle, CURLOPT_USERNAME, request.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, request.password.c_str());
  }
}

std::string CurlClient::bundle_for(const ClientRequest& request) {
  if (request.ca_pem.empty()) return {};
  std::string bundle;
  if (std::filesystem::exists(kSystemBundle)) {
    bundle = read_file(kSystemBundle, 16u << 20) + "\n";
  }
  return bundle + request.ca_pem;
}

void CurlClient::set_tls(CURL* handle, const ClientRequest& request,
                         const std::string& bundle) const {
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!request.verify_tls) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    return;
  }
  if (!bundle.empty()) {
    curl_blob blob{const_cast<char*>(bundle.data()), bundle.size(),
                   CURL_BLOB_NOCOPY};
    curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
  } else if (std::filesystem::exists(kSystemBundle)) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, kSystemBundle);
  }
}

void CurlClient::set_addresses(CURL* handle, Transfer& transfer) {
  if (!transfer.request.refuse_local) return;
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_open);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
  // A connection that another request made was not asked for its address.
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
}

// GET, HEAD, POST and PUT as libcurl knows them, so that it changes the method
// where a redirect says so; others by name.
void CurlClient::set_body(CURL* handle, Transfer& transfer) {
  const ClientRequest& request = transfer.request;
  const bool streamed = static_cast<bool>(request.body_source);
  const auto size =
      !streamed          ? static_cast<curl_off_t>(request.body.size())
      : request.body_size ? static_cast<curl_off_t>(*request.body_size)
                          : curl_off_t{-1};
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_upload);
  curl_easy_setopt(handle, CURLOPT_READDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, on_seek);
  curl_easy_setopt(handle, CURLOPT_SEEKDATA, &transfer);
  if (request.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, size);
    return;
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  if (size != 0 || request.method == "PUT") {
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, size);
  }
  if (request.method != "PUT" && (request.method != "GET" || size != 0)) {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

[[noreturn]] void fail_transfer(const ClientRequest& request, CURLcode code,
                                const std::string& details,
                                const Transfer& transfer) {
  const std::string url = without_credentials(request.url);
  const std::stop_token& stop = transfer.stop;
  if (stop.stop_requested()) {
    fail(ErrorCode::unavailable, "{} {}: stopped", request.method, url);
  }
  if (transfer.refused) {
    fail(ErrorCode::denied,
         "{} {}: refused, its address is of this machine or its link",
         request.method, url);
  }
  fail(ErrorCode::unavailable, "{} {}: {}", request.method, url,
       details.empty() ? curl_easy_strerror(code) : details);
}

ClientResponse CurlClient::send(const ClientRequest& request,
                                std::stop_token stop) {
  CurlEasy handle = take();
  Transfer transfer{request, stop, handle.get(), {}};
  const std::string bundle = bundle_for(request);
  std::string details(CURL_ERROR_SIZE, '\0');
  CurlList headers;
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || value.find_first_of("\r\n") != std::string::npos) {
      fail(ErrorCode::invalid, "the header '{}' cannot be sent", name);
    }
    headers.add(value.empty() ? name + ";" : name + ": " + value);
  }
  if (request.body_source && !request.body_size) {
    headers.add("Transfer-Encoding: chunked");
  }
  set_basics(handle.get(), request);
  set_tls(handle.get(), request, bundle);
  set_addresses(handle.get(), transfer);
  set_body(handle.get(), transfer);
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, details.data());

  const CURLcode code = curl_easy_perform(handle.get());
  if (transfer.error) std::rethrow_exception(transfer.error);
  if (code != CURLE_OK && !transfer.cut) {
    fail_transfer(request, code, details.c_str(), transfer);
  }
  transfer.response.status = status_so_far(transfer);
  tell_head(transfer, transfer.response.status);
  const char* url = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_EFFECTIVE_URL, &url);
  if (url != nullptr) transfer.response.url = without_credentials(url);
  give_back(std::move(handle));
  return std::move(transfer.response);
}

}  // namespace

std::unique_ptr<Client> make_client(std::string user_agent) {
  return std::make_unique<CurlClient>(std::move(user_agent));
}

}  // namespace skerry::http
