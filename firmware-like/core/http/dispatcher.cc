#include "core/http/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/http/refusal.h"
#include "core/telemetry/log.h"

namespace skerry::http {
namespace {

bool is_project_role(Access access) {
  return access == Access::project_viewer ||
         access == Access::project_developer ||
         access == Access::project_maintainer ||
         access == Access::project_admin;
}

bool wants_more(const RequestHead& head) {
  bool more = head.version == "1.1";
  for (const auto& [name, value] : head.headers) {
    if (!equal_ignoring_case(name, "Connection")) continue;
    if (list_has(value, "close")) return false;
    if (list_has(value, "keep-alive")) more = true;
  }
  return more;
}

// True for "Expect: 100-continue"; throws 417 for anything else.
bool expects_continue(const Request& request, std::string_view version) {
  const auto expect = request.header("Expect");
  if (!expect || version == "1.0") return false;
  if (!equal_ignoring_case(*expect, "100-continue")) {
    throw ProtocolError(417, "", "the only expectation known is 100-continue");
  }
  return true;
}

// HTTP/1.0 knows no Host header; then it is what the server listens on.
std::string base_url(const Request& request, const RequestHead& head,
                     const std::string& listen_host) {
  std::size_t count = 0;
  std::string host;
  for (const auto& [name, value] : request.headers) {
    if (!equal_ignoring_case(name, "Host")) continue;
    host = value;
    ++count;
  }
  if (count == 0 && head.version == "1.0") {
    host = fmt::format("{}:{}", listen_host, head.local_port);
    ++count;
  }
  if (count != 1 || !is_host(host)) {
    throw ProtocolError(400, "", "the request needs one valid Host header");
  }
  return fmt::format("{}://{}", request.tls ? "https" : "http", host);
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

Dispatcher::Dispatcher(std::vector<Route> routes, Gate& gate, Metrics& metrics,
                       std::string listen_host,
                       std::chrono::milliseconds stall, int max_streams)
    : router_(std::move(routes)),
      gate_(gate),
      listen_host_(std::move(listen_host)),
      stall_(stall),
      streams_{max_streams},
      in_flight_(std::make_shared<std::atomic<int>>(0)),
      received_(metrics.counter("skerry_http_received_bytes_total",
                                "Bytes of request bodies read")),
      sent_(metrics.counter("skerry_http_sent_bytes_total",
                            "Bytes of answers written")) {
  for (std::size_t i = 0; i < kMethods.size(); ++i) {
    for (std::size_t digit = 1; digit <= 5; ++digit) {
      requests_[i][digit - 1] = &metrics.counter(
          "skerry_http_requests_total", "Requests answered",
          {{"method", kMethods[i]}, {"status", fmt::format("{}xx", digit)}});
    }
  }
  metrics.gauge("skerry_http_requests_in_flight", "Requests being answered", {},
                [value = in_flight_] { return double{1} * value->load(); });
}

void Dispatcher::count(std::string_view method, int status) {
  const auto* found =
      std::find(kMethods.begin(), kMethods.end() - 1, method);
  const auto index = static_cast<std::size_t>(found - kMethods.begin());
  const auto digit = static_cast<std::size_t>(std::clamp(status / 100, 1, 5));
  requests_[index][digit - 1]->add();
}

void Dispatcher::refuse_new() { stop_.request_stop(); }

void Dispatcher::serve(Connection& connection, const RequestHead& head) {
  in_flight_->fetch_add(1);
  // C code called us: nothing may leave but by return.
  try {
    answer(connection, head);
  } catch (const std::exception& error) {
    log::debug("connection given up", {{"error", error.what()}});
    connection.close_after();
  }
  sent_.add(static_cast<double>(connection.bytes_written()));
  in_flight_->fetch_sub(1);
}

// Fills the request; throws ProtocolError for one that is not to be trusted to
// end where it seems to. False: only its path is bad.
bool Dispatcher::read_request(const RequestHead& head, Request& request,
                              TargetPath& path) const {
  request.method = head.method;
  request.query = head.query;
  request.remote_address = head.remote_address;
  request.remote_port = head.remote_port;
  request.local_port = head.local_port;
  request.tls = head.tls;
  request.stop = stop_.get_token();
  request.headers.reserve(head.headers.size());
  for (const auto& [name, value] : head.headers) {
    request.headers.emplace_back(name, value);
    if (!is_token(name)) {
      throw ProtocolError(400, "", "a header's name has impossible characters");
    }
  }
  request.base_url = base_url(request, head, listen_host_);
  auto target = parse_target_path(head.path);
  if (!target) return false;
  path = std::move(*target);
  request.path = path.text;
  return true;
}

void Dispatcher::answer(Connection& connection, const RequestHead& head) {
  Request request;
  TargetPath path;
  const auto dialect = router_.dialect_of(std::string_view(head.path));
  const auto refuse = [&](const Refusal& refusal) {
    ConnectionResponse response(connection, head, nullptr, false, streams_);
    send_refusal(response, dialect, refusal);
    count(head.method, refusal.status);
    // Who was too slow to send a request gets no more time to send.
    if (refusal.status != 408) connection.linger();
  };
  if (head.fault != 0) {
    return refuse({head.fault, "", head.fault_text});
  }
  Framing framing;
  bool owes_continue = false;
  try {
    framing = body_framing(head.headers, head.version);
    if (!read_request(head, request, path)) {
      throw ProtocolError(400, dialect == Dialect::oci ? "NAME_INVALID" : "",
                          "the path has a broken escape or a '.' or '..' "
                          "segment");
    }
    owes_continue = expects_continue(request, head.version);
  } catch (const ProtocolError& error) {
    return refuse(refusal_for(error, request));
  }

  RequestBody body(connection, framing, owes_continue, stall_);
  request.body = &body;
  const bool keep = wants_more(head) && !stop_.stop_requested();
  ConnectionResponse response(connection, head, &body, keep, streams_);
  Router::Match match = router_.match(request.method, path);
  if (stop_.stop_requested()) {
    send_refusal(response, router_.dialect_of(path),
                 {503, "", "the server is stopping; try again",
                  {{"Retry-After", "5"}}});
  } else if (match.route != nullptr) {
    request.params = std::move(match.params);
    run(*match.route, request, body, response);
  } else if (match.allowed.empty()) {
    send_refusal(response, router_.dialect_of(path),
                 {404, "", fmt::format("there is nothing at {}", path.text)});
  } else {
    send_refusal(response, router_.dialect_of(path),
                 {405, "",
                  fmt::format("{} is not possible here, only {}",
                              request.method, joined(match.allowed)),
                  {{"Allow", joined(match.allowed)}}});
  }
  count(request.method, response.status);
  received_.add(static_cast<double>(body.bytes_read()));
  if (connection.closing() && !body.finished() && body.failure() != 408) {
    connection.linger();
  }
}

void Dispatcher::identify(const Route& route, Request& request) {
  if (route.access != Access::anyone) {
    request.identity = gate_.identify(request);
    return;
  }
  // Signing in anew must work beside a session that has expired.
  try {
    request.identity = gate_.identify(request);
  } catch (const ProtocolError&) {
    request.identity = Identity{0, "anonymous"};
  }
}

void Dispatcher::admit(const Route& route, const Request& request) {
  if (route.access == Access::anyone || route.access == Access::in_handler) {
    return;
  }
  const auto found = request.params.find("project");
  const std::string_view project =
      is_project_role(route.access) && found != request.params.end()
          ? std::string_view(found->second)
          : std::string_view();
  if (gate_.allows(request.identity, route.access, project)) return;
  if (request.identity.anonymous()) {
    fail(ErrorCode::denied, "sign in to do this");
  }
  if (is_project_role(route.access) && route.dialect != Dialect::oci &&
      !gate_.allows(request.identity, Access::project_viewer, project)) {
    fail(ErrorCode::not_found, "there is no project '{}'", project);
  }
  fail(ErrorCode::denied, "{} may not do this: it takes {}",
       request.identity.name, to_string(route.access));
}

void Dispatcher::run(const Route& route, Request& request, RequestBody& body,
                     ConnectionResponse& response) {
  try {
    run_handler(route, request, body, response);
    response.finish();
    return;
  } catch (const std::exception& error) {
    if (response.started()) {
      // Too late for a status: the missing end tells the client.
      // A client that went away is nothing to report.
      log::write(response.client_gone() ? log::Level::debug
                                        : log::Level::warning,
                 "answer broken off",
                 {{"path", request.path}, {"error", error.what()}});
      throw;
    }
    if (body.failure() != 0) {
      send_refusal(response, route.dialect, {body.failure(), "", error.what()});
      return;
    }
    const auto* known = dynamic_cast<const Error*>(&error);
    Refusal refusal;
    if (known != nullptr && known->code() == ErrorCode::denied &&
        request.identity.anonymous()) {
      refusal = sign_in_needed(request, route, known->message());
    } else {
      refusal = refusal_for(error, request);
    }
    // Credentials that are wrong: say which would do.
    if (refusal.status == 401 && refusal.headers.empty()) {
      auto message = std::move(refusal.message);
      refusal = sign_in_needed(request, route, std::move(message));
    }
    send_refusal(response, route.dialect, refusal);
  }
}

void Dispatcher::run_handler(const Route& route, Request& request,
                             RequestBody& body, Response& response) {
  identify(route, request);
  admit(route, request);
  body.limit(route.max_body);
  if (body.length().value_or(0) > route.max_body) {
    fail(ErrorCode::too_large,
         "the request body has {} bytes, more than the limit of {}",
         *body.length(), route.max_body);
  }
  route.handler(request, response);
}

}  // namespace skerry::http
