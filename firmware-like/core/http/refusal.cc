#include "core/http/refusal.h"

#include <fmt/format.h>

#include "core/http/headers.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"

namespace skerry::http {
namespace {

std::string_view api_code(int status) {
  switch (status) {
    case 400: return "invalid";
    case 401: return "unauthorized";
    case 403: return "denied";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 408: return "timeout";
    case 409: return "conflict";
    case 413: return "too_large";
    case 417: return "invalid";
    case 429: return "busy";
    case 431: return "too_large";
    case 503: return "unavailable";
    case 505: return "invalid";
    default: return "internal";
  }
}

// Codes of the OCI distribution specification, "Error codes".
std::string_view oci_code(int status) {
  switch (status) {
    case 401: return "UNAUTHORIZED";
    case 403: return "DENIED";
    case 404: return "NAME_UNKNOWN";
    case 413: return "SIZE_INVALID";
    case 429: return "TOOMANYREQUESTS";
    case 503: return "UNAVAILABLE";
    case 500: return "UNKNOWN";
    default: return "UNSUPPORTED";
  }
}

std::string oci_scope(const Request& request, const Route& route) {
  const auto project = request.params.find("project");
  if (project == request.params.end()) return {};
  std::string repository = project->second;
  const auto name = request.params.find("name");
  if (name != request.params.end()) repository += "/" + name->second;
  const bool reads = route.access == Access::project_viewer ||
                     request.method == "GET" || request.method == "HEAD";
  // Such a name cannot be a repository, and must not end the quoted string.
  if (repository.find_first_of("\"\\") != std::string::npos) return {};
  return fmt::format(",scope=\"repository:{}:{}\"", repository,
                     reads ? "pull" : "pull,push");
}

Refusal server_fault(std::string_view what, const Request& request) {
  const std::string reference = random_name(8);
  log::error("request failed", {{"reference", reference},
                                {"method", request.method},
                                {"path", request.path},
                                {"error", what}});
  return {500, "",
          fmt::format("the server could not do this; its log says why under "
                      "reference {}",
                      reference)};
}

}  // namespace

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found: return 404;
    case ErrorCode::invalid: return 400;
    case ErrorCode::conflict: return 409;
    case ErrorCode::denied: return 403;
    case ErrorCode::too_large: return 413;
    case ErrorCode::busy: return 429;
    case ErrorCode::unavailable: return 503;
    case ErrorCode::io: return 500;
    case ErrorCode::internal: return 500;
  }
  return 500;
}

Refusal sign_in_needed(const Request& request, const Route& route,
                       std::string message) {
  std::string challenge = "Basic realm=\"skerry\", charset=\"UTF-8\"";
  if (route.dialect == Dialect::api) {
    // Basic would have a browser open its own password window over the page.
    challenge = "Bearer realm=\"skerry\"";
  } else if (route.dialect == Dialect::oci) {
    challenge =
        fmt::format("Bearer realm=\"{}/v2/token\",service=\"skerry\"{}",
                    request.base_url, oci_scope(request, route));
  }
  return {401, "", std::move(message), {{"WWW-Authenticate", challenge}}};
}

Refusal refusal_for(const std::exception& error, const Request& request) {
  if (const auto* known = dynamic_cast<const ProtocolError*>(&error)) {
    return {known->status(), known->protocol_code(), known->message(),
            known->headers()};
  }
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known == nullptr) return server_fault(error.what(), request);
  const int status = status_of(known->code());
  if (status == 500) return server_fault(known->message(), request);
  Refusal refusal{status, "", known->message()};
  if (status == 429) refusal.headers.emplace_back("Retry-After", "1");
  if (status == 503) refusal.headers.emplace_back("Retry-After", "5");
  return refusal;
}

void send_refusal(Response& response, Dialect dialect, const Refusal& refusal) {
  response.status = refusal.status;
  response.headers = refusal.headers;
  const auto dump = [](const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  const auto code = [&](std::string_view by_status) {
    return refusal.code.empty() ? std::string(by_status) : refusal.code;
  };
  switch (dialect) {
    case Dialect::api:
      response.send("application/json",
                    dump({{"error",
                           {{"code", code(api_code(refusal.status))},
                            {"message", refusal.message}}}}));
      break;
    case Dialect::git:
      response.send("text/plain; charset=utf-8", refusal.message + "\n");
      break;
    case Dialect::oci:
      // Old Docker clients know a registry by it, also by its refusals.
      response.header("Docker-Distribution-Api-Version", "registry/2.0");
      response.send(
          "application/json",
          dump({{"errors",
                 Json::array({{{"code", code(oci_code(refusal.status))},
                               {"message", refusal.message}}})}}));
      break;
    case Dialect::chart:
      response.send("application/json", dump({{"error", refusal.message}}));
      break;
  }
}

}  // namespace skerry::http
