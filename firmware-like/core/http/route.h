// Routes: one table a module, checked in one dispatcher.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/http/message.h"

namespace skerry::http {

// What the caller must be allowed. Project roles are checked against the
// pattern's {project}.
enum class Access {
  anyone,              // no sign-in: health, the page's files, signing in
  signed_in,           // any user or token
  project_viewer,      // also anyone, when the project is public
  project_developer,   // push, run, publish
  project_maintainer,  // settings of repositories and applications, deletion
  project_admin,       // members, tokens, the project itself
  server_admin,
  // The handler asks the gate itself, because the protocol names its objects
  // in the body or in scopes (OCI token service, mounts).
  in_handler,
};
std::string_view to_string(Access access);

// How refusals and errors look to this route's clients.
enum class Dialect {
  api,    // {"error":{"code":"not_found","message":"..."}}
  git,    // text/plain; 401 asks for Basic
  oci,    // {"errors":[{"code":"...","message":"..."}]}; 401 asks for Bearer
  chart,  // {"error":"..."}; 401 asks for Basic
};

using Handler = std::function<void(Request&, Response&)>;

struct Route {
  std::string method;   // "GET" also answers HEAD unless HEAD has its own route
  // "/api/v1/projects/{project}/repos": {name} is one segment, {name+} one or
  // more. The most literal pattern wins; ambiguity is refused at start.
  std::string pattern;
  Access access;
  Handler handler;
  std::string summary;  // one line for openapi.json
  Dialect dialect = Dialect::api;
  std::uint64_t max_body = 1u << 20;  // bytes; UINT64_MAX: the handler counts
  // JSON schemas (as JSON text) of request and answer, for openapi.json.
  std::string request_schema{};
  std::string response_schema{};
};

// An error in a protocol's own terms: a handler throws it when the nine codes
// of Error are too coarse (OCI's MANIFEST_BLOB_UNKNOWN).
class ProtocolError : public Error {
 public:
  ProtocolError(int status, std::string code, std::string message,
                std::vector<std::pair<std::string, std::string>> headers = {})
      : Error(ErrorCode::invalid, std::move(message)),
        status_(status),
        code_(std::move(code)),
        headers_(std::move(headers)) {}
  int status() const { return status_; }
  const std::string& protocol_code() const { return code_; }
  const std::vector<std::pair<std::string, std::string>>& headers() const {
    return headers_;
  }

 private:
  int status_;
  std::string code_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

// Who may do what; implemented by core/auth. Thread-safe.
class Gate {
 public:
  virtual ~Gate() = default;
  // Reads Authorization or the session cookie. Throws ProtocolError 401 for
  // credentials that are wrong or expired, 429 when throttled, 403 for a
  // cookie session that changes something without its CSRF token. Anonymous
  // when there are none.
  virtual Identity identify(const Request& request) = 0;
  virtual bool allows(const Identity& identity, Access access,
                      std::string_view project) = 0;
};

}  // namespace skerry::http
