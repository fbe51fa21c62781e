// /v2/ and /v2/token: how clients find out that they must sign in, and get
// the short-lived tokens that they then send (distribution "Token
// Authentication Specification" and "OAuth2 Token Authentication").
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

// 200 for whoever has sign-in or a token, 401 with a challenge otherwise.
void get_version(Parts& parts, http::Request& request,
                 http::Response& response);
void get_token(Parts& parts, http::Request& request, http::Response& response);
void post_token(Parts& parts, http::Request& request, http::Response& response);

}  // namespace skerry::registry
