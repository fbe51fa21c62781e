// What the routes of CI do; module.cc binds them to their patterns.
#pragma once

#include "core/http/message.h"
#include "runs/context.h"

namespace skerry::ci::routes {

using http::Request;
using http::Response;

// runs
void list_visible(Context& context, Request& request, Response& response);
void list(Context& context, Request& request, Response& response);
void start(Context& context, Request& request, Response& response);
void show(Context& context, Request& request, Response& response);
void cancel(Context& context, Request& request, Response& response);
void repeat(Context& context, Request& request, Response& response);
// what they left
void log(Context& context, Request& request, Response& response);
void stream_log(Context& context, Request& request, Response& response);
void artifacts(Context& context, Request& request, Response& response);
void artifact(Context& context, Request& request, Response& response);
void tests(Context& context, Request& request, Response& response);
// configuration
void show_defaults(Context& context, Request& request, Response& response);
void set_defaults(Context& context, Request& request, Response& response);
void show_project(Context& context, Request& request, Response& response);
void set_project(Context& context, Request& request, Response& response);
void show_repository(Context& context, Request& request, Response& response);
void set_repository(Context& context, Request& request, Response& response);
void list_credentials(Context& context, Request& request, Response& response);
void put_credential(Context& context, Request& request, Response& response);
void remove_credential(Context& context, Request& request, Response& response);

// The run that the pattern's {project}, {repo} and {number} name.
Run wanted_run(Context& context, const Request& request);

}  // namespace skerry::ci::routes
