// The flags of the commands that speak to a server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/api_client.h"

namespace skerry::app {

// What the flags of all commands leave behind; each command reads its own.
struct ClientOptions {
  ServerOptions server;
  std::string output = "table";
  std::string subject;  // "demo", "demo/hello", "demo/hello#3"
  std::string file, ref = "main", description, password, role, name, version,
      age;
  std::string target, src_credentials, dest_credentials;  // of a copy
  std::string format = "bundle", identity, password_file;  // of a signature
  std::vector<std::string> keys, annotations;
  std::vector<std::string> parameters, scopes;
  std::int64_t id = 0;
  bool follow = false, prune = false, dry_run = false, is_public = false,
       admin = false, deleted = false;
  bool referrers = false, src_plain_http = false, dest_plain_http = false;
  bool recursive = false;

  bool json() const { return output == "json"; }
  ApiClient client() const { return ApiClient(server); }
};

}  // namespace skerry::app
