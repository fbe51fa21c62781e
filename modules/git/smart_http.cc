#include "smart_http.h"

#include "advertise.h"
#include "core/error.h"
#include "core/http/route.h"
#include "history.h"
#include "receive_pack.h"
#include "tar_archive.h"
#include "upload_pack.h"

namespace skerry::git {
namespace {

Repository asked_repository(Context& context, const http::Request& request) {
  return context.repositories.need(request.param("project"),
                                   request.param("repo"));
}

void forbid_caching(http::Response& response) {
  response.header("Cache-Control", "no-cache, max-age=0, must-revalidate");
}

void need_type(const http::Request& request, std::string_view expected) {
  if (request.header("Content-Type").value_or("") != expected) {
    throw http::ProtocolError(
        415, "unsupported_media_type",
        fmt::format("the content type must be {}", expected));
  }
}

// Asked before anything is read: anonymous clients are told to sign in.
void admit(Context& context, const http::Request& request, Service service) {
  auto access = service == Service::upload_pack
                    ? http::Access::project_viewer
                    : http::Access::project_developer;
  const std::string& project = request.param("project");
  auto& accounts = context.services.accounts;
  if (accounts.allows(request.identity, access, project)) return;
  if (!request.identity.anonymous() &&
      !accounts.allows(request.identity, http::Access::project_viewer,
                       project)) {
    fail(ErrorCode::not_found, "there is no project '{}'", project);
  }
  fail(ErrorCode::denied, "{} may not {} project {}", request.identity.name,
       service == Service::upload_pack ? "read" : "push to", project);
}

}  // namespace

void get_info_refs(Context& context, http::Request& request,
                   http::Response& response) {
  auto name = request.query_param("service");
  auto service = parse_service(name.value_or(""));
  if (!service) {
    throw http::ProtocolError(403, "denied",
                              "only smart HTTP is served here: ask with "
                              "?service=git-upload-pack or git-receive-pack");
  }
  admit(context, request, *service);
  Repository repository = asked_repository(context, request);
  int version = protocol_version(request.header("Git-Protocol"), *service);
  std::string body;
  if (version == 2) {
    body = advertisement(*service, version, RefList{});
  } else {
    auto lease = context.repositories.open(repository);
    body = advertisement(*service, version,
                         *context.repositories.refs(repository, lease));
  }
  forbid_caching(response);
  response.send(
      fmt::format("application/x-{}-advertisement", to_string(*service)), body);
}

void post_upload_pack(Context& context, http::Request& request,
                      http::Response& response) {
  need_type(request, "application/x-git-upload-pack-request");
  Repository repository = asked_repository(context, request);
  forbid_caching(response);
  serve_upload_pack(
      context, repository,
      protocol_version(request.header("Git-Protocol"), Service::upload_pack),
      request, response);
}

void post_receive_pack(Context& context, http::Request& request,
                       http::Response& response) {
  need_type(request, "application/x-git-receive-pack-request");
  Repository repository = asked_repository(context, request);
  forbid_caching(response);
  serve_receive_pack(context, repository, request, response);
}

void get_archive(Context& context, http::Request& request,
                 http::Response& response) {
  constexpr std::string_view kSuffix = ".tar.gz";
  std::string_view revision = request.param("ref");
  if (!revision.ends_with(kSuffix)) {
    fail(ErrorCode::not_found, "archives end in .tar.gz");
  }
  revision.remove_suffix(kSuffix.size());
  Repository repository = asked_repository(context, request);
  auto commit = resolve(context, repository, revision);
  if (!commit) {
    fail(ErrorCode::not_found, "{} has no commit named '{}'",
         repository.full_name(), revision);
  }
  send_archive(context, repository, *commit, revision, response);
}

}  // namespace skerry::git
