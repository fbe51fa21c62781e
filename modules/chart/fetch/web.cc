#include "fetch/web.h"

#include "core/error.h"
#include "core/http/headers.h"
#include "core/os/file.h"
#include "fetch/reference.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxCertificates = 16u << 20;

ErrorCode code_of(int status) {
  if (status == 404) return ErrorCode::not_found;
  if (status == 401 || status == 403) return ErrorCode::denied;
  return ErrorCode::unavailable;
}

}  // namespace

Web::Web(std::unique_ptr<http::Client> client) : client_(std::move(client)) {}

Web::~Web() = default;

http::ClientResponse Web::send(http::ClientRequest request,
                               const Access& access) {
  if (!client_) client_ = http::make_client("skerry");
  if (!access.ca_file.empty()) {
    request.ca_pem = read_file(access.ca_file, kMaxCertificates);
  }
  request.verify_tls = !access.is_insecure;
  request.max_body = kMaxDownload;
  return client_->send(request);
}

std::string Web::get(const std::string& url, const std::string& origin,
                     const Access& access) {
  http::ClientRequest request;
  request.url = url;
  bool may_know = access.passes_credentials || is_same_place(url, origin);
  if (may_know && !access.user.empty() && !access.password.empty()) {
    request.user = access.user;
    request.password = access.password;
  }
  auto response = send(std::move(request), access);
  if (response.status != 200) {
    fail(code_of(response.status), "failed to fetch {} : {} {}", url,
         response.status, http::reason_phrase(response.status));
  }
  return std::move(response.body);
}

}  // namespace skerry::chart
