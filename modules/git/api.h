// The REST routes of repositories: /api/v1/projects/{project}/repos...
#pragma once

#include "context.h"
#include "core/http/message.h"

namespace skerry::git::api {

void list_repos(Context&, http::Request&, http::Response&);
void create_repo(Context&, http::Request&, http::Response&);
void get_repo(Context&, http::Request&, http::Response&);
void change_repo(Context&, http::Request&, http::Response&);
void delete_repo(Context&, http::Request&, http::Response&);
void get_refs(Context&, http::Request&, http::Response&);
void get_commits(Context&, http::Request&, http::Response&);
void get_files(Context&, http::Request&, http::Response&);
void get_protection(Context&, http::Request&, http::Response&);
void put_protection(Context&, http::Request&, http::Response&);

}  // namespace skerry::git::api
