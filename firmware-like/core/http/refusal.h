// How errors look on the wire, in each protocol's own form.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/http/message.h"
#include "core/http/route.h"

namespace skerry::http {

struct Refusal {
  int status = 500;
  std::string code;  // "not_found", OCI: "NAME_UNKNOWN"; empty: by status
  std::string message;
  std::vector<std::pair<std::string, std::string>> headers{};
};

int status_of(ErrorCode code);

// 401 with the challenge that the dialect's clients understand. For oci the
// scope of the project and name in `request`'s parameters is asked for.
Refusal sign_in_needed(const Request& request, const Route& route,
                       std::string message);

// What an exception becomes. Faults of the server itself are logged with a
// reference, and only that is shown.
Refusal refusal_for(const std::exception& error, const Request& request);

void send_refusal(Response& response, Dialect dialect, const Refusal& refusal);

}  // namespace skerry::http
