#include "client/api_client.h"

#include "core/error.h"
#include "core/os/file.h"
#include "version.h"

namespace skerry::app {
namespace {

constexpr std::uint64_t kLargestCa = 1u << 20;

ErrorCode code_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::denied;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    case 413:
      return ErrorCode::too_large;
    case 429:
      return ErrorCode::busy;
    default:
      return status < 500 ? ErrorCode::invalid : ErrorCode::unavailable;
  }
}

[[noreturn]] void refuse(const http::ClientResponse& response) {
  std::string message = fmt::format("the server answered {}", response.status);
  try {
    message = parse_json(response.body).at("error").at("message");
  } catch (const std::exception&) {
    // Not an answer of the API's: a proxy's page, say.
  }
  throw Error(code_of(response.status), message);
}

Json parse(const http::ClientResponse& response) {
  return response.body.empty() ? Json() : parse_json(response.body);
}

}  // namespace

ApiClient::ApiClient(ServerOptions options)
    : options_(std::move(options)),
      client_(http::make_client(fmt::format("skerry/{}", kVersion))) {
  if (!options_.ca_file.empty()) {
    ca_pem_ = read_file(options_.ca_file, kLargestCa);
  }
}

http::ClientResponse ApiClient::request(const std::string& method,
                                        const std::string& path,
                                        const std::string& content_type,
                                        std::string body) {
  http::ClientRequest request;
  request.method = method;
  request.url = options_.url + "/api/v1" + path;
  request.ca_pem = ca_pem_;
  if (!options_.token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + options_.token);
  } else {
    request.user = options_.user;
    request.password = options_.password;
  }
  if (!content_type.empty()) {
    request.headers.emplace_back("Content-Type", content_type);
  }
  request.body = std::move(body);
  http::ClientResponse response = client_->send(request);
  if (response.status < 200 || response.status > 299) refuse(response);
  return response;
}

Json ApiClient::get(const std::string& path) {
  return parse(request("GET", path, "", ""));
}

Json ApiClient::send(const std::string& method, const std::string& path,
                     const Json& body) {
  return body.is_null()
             ? parse(request(method, path, "", ""))
             : parse(request(method, path, "application/json", body.dump()));
}

Json ApiClient::send_text(const std::string& method, const std::string& path,
                          const std::string& content_type,
                          const std::string& body) {
  return parse(request(method, path, content_type, body));
}

http::ClientResponse ApiClient::get_text(const std::string& path) {
  return request("GET", path, "", "");
}

}  // namespace skerry::app
