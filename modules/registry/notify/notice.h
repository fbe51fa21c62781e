// What a webhook is told: an event in the format of CNCF distribution
// (application/vnd.docker.distribution.events.v2+json).
//
//   {"events":[{"id","timestamp","action",
//     "target":{"mediaType","size","digest","length","repository",
//               "fromRepository","url","tag","references"},
//     "request":{"id","addr","host","method","useragent"},
//     "actor":{"name"},"source":{"addr","instanceID"}}]}
//
// As there, an empty member of target, actor and source is left out, and one
// envelope carries one event. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/message.h"
#include "core/os/clock.h"

namespace skerry::registry {

inline constexpr const char* kEnvelopeType =
    "application/vnd.docker.distribution.events.v2+json";

// The request by which something happened; without a method for what the
// server does by itself.
struct Origin {
  std::string id;          // made when it is first needed
  std::string address;     // "10.0.0.7:41234"
  std::string host;        // as the client called us
  std::string method;
  std::string user_agent;
  std::string base_url;    // "https://registry.example:5000"
  int port = 0;            // ours
};
Origin origin_of(const http::Request& request);

struct Target {
  std::string media_type;
  std::int64_t size = 0;
  std::string digest;
  std::string repository;       // with the project
  std::string from_repository;  // of a mount
  std::string url;
  std::string tag;
  std::string references;       // JSON: a list of descriptors, or ""
};

struct Notice {
  std::string id;
  UnixMillis time = 0;
  std::string action;  // push, pull, mount, delete
  bool of_blob = false;
  Target target;
  Origin origin;
  std::string actor;      // "" for the anonymous
  std::string source;     // "host:port"
  std::string instance;   // of this life of the daemon
};

// The event as JSON.
std::string to_text(const Notice& notice, bool with_references);
// The body of a delivery of one event.
std::string envelope_of(std::string_view event);

// What a manifest names, as a list of descriptors in JSON.
std::string references_text(std::string_view manifest);

// Random, in the form of RFC 4122.
std::string make_uuid();

}  // namespace skerry::registry
