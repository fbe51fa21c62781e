// The routes below /git: smart HTTP (gitprotocol-http(5)) and archives.
// {repo} may end in ".git".
#pragma once

#include "context.h"
#include "core/http/message.h"

namespace skerry::git {

// GET info/refs?service=git-upload-pack or git-receive-pack; asks the gate
// itself, because the service decides what is needed.
void get_info_refs(Context& context, http::Request& request,
                   http::Response& response);
void post_upload_pack(Context& context, http::Request& request,
                      http::Response& response);
void post_receive_pack(Context& context, http::Request& request,
                       http::Response& response);
// GET archive/{ref+}, which ends in ".tar.gz".
void get_archive(Context& context, http::Request& request,
                 http::Response& response);

}  // namespace skerry::git
