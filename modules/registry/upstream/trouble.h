// Why an upstream registry gave no good answer, as our own clients are told.
//
// What clients do with the status: containerd (from 1.5), dockerd and podman
// go on to their next mirror or to the registry itself after any of them;
// older containerd only after 404. A mirror therefore says 404 only when the
// upstream has said so, or when it will not ask (offline): an answer for good.
// It never says 401, which would have clients ask their user for a password.
#pragma once

#include <cstdint>
#include <string>

namespace skerry::registry {

struct Trouble {
  int status = 502;
  std::string code;  // of OCI error bodies
  std::string message;
  std::int64_t retry_after = 0;  // seconds; 0: unknown

  // Asking again could help.
  bool passing() const { return status == 429 || status >= 500; }
};

// Throws it as a ProtocolError.
[[noreturn]] void fail_upstream(const Trouble& trouble);

// The value of a Warning header (RFC 7234 section 5.5) that says it.
std::string warning_text(const std::string& message);

}  // namespace skerry::registry
