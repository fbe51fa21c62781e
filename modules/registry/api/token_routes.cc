#include "api/token_routes.h"

#include <fmt/format.h>

#include <map>

#include "access.h"
#include "core/text/encoding.h"
#include "names.h"
#include "scopes.h"
#include "upstream/entry.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kMostScopes = 64;
// A token without any scope would have all its owner's rights; this one names
// nothing that exists.
constexpr const char* kNoRights = "repository:-:";

// The actions of a scope that the caller may do, as the scope of a token; ""
// for none. A partial grant is no error: the request itself is refused later.
std::string granted(Parts& parts, const http::Identity& who,
                    const Scope& scope) {
  auto& accounts = parts.services.accounts;
  auto name = split_name(scope.name);
  if (scope.type != "repository" || !name) return {};
  name = scope_target(parts, std::move(*name));
  const auto wanted = [&](Action action) {
    for (const auto& text : scope.actions) {
      if (text == "*" || parse_action(text) == action) return true;
    }
    return false;
  };
  std::string actions;
  for (const auto action : {Action::pull, Action::push, Action::remove}) {
    if (!wanted(action) ||
        !may(accounts, who, action, name->project, name->repository)) {
      continue;
    }
    if (!actions.empty()) actions += ',';
    actions += to_string(action);
  }
  if (actions.empty()) return {};
  return fmt::format("repository:{}/{}:{}", name->project, name->repository,
                     actions);
}

// For the catalog: what the caller may read anywhere.
void add_catalog(auth::Accounts& accounts, const http::Identity& who,
                 std::vector<std::string>& scopes) {
  if (who.anonymous()) return;
  if (who.token_scopes.empty()) {
    scopes.emplace_back("read");
    return;
  }
  for (const auto& project : accounts.projects_of(who)) {
    if (scopes.size() >= kMostScopes) return;
    scopes.push_back(fmt::format("project:{}:viewer", project.name));
  }
}

std::vector<std::string> grant(Parts& parts, const http::Identity& who,
                               const std::vector<Scope>& wanted) {
  auto& accounts = parts.services.accounts;
  std::vector<std::string> scopes;
  for (const auto& scope : wanted) {
    if (scopes.size() >= kMostScopes) break;
    if (scope.type == "registry" && scope.name == "catalog") {
      add_catalog(accounts, who, scopes);
    } else if (auto text = granted(parts, who, scope); !text.empty()) {
      scopes.push_back(std::move(text));
    }
  }
  if (scopes.empty()) scopes.emplace_back(kNoRights);
  return scopes;
}

void answer_token(Parts& parts, const http::Identity& who,
                  const std::vector<Scope>& wanted, http::Response& response) {
  auto& services = parts.services;
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(
      services.settings.duration("registry.token_lifetime"));
  auto scopes = grant(parts, who, wanted);
  const auto scope_text = fmt::format("{}", fmt::join(scopes, " "));
  const auto token = services.accounts.issue_scoped_token(
      who, std::move(scopes), lifetime);
  api_version(response);
  response.send_json({{"token", token},
                      {"access_token", token},
                      {"scope", scope_text},
                      {"expires_in", lifetime.count()},
                      {"issued_at", to_rfc3339(services.clock.now())}});
}

using Form = std::map<std::string, std::string, std::less<>>;

Form parse_form(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = std::min(pair.find('='), pair.size());
    const auto value = pair.substr(std::min(equals + 1, pair.size()));
    auto key = percent_decode(pair.substr(0, equals), true);
    auto decoded = percent_decode(value, true);
    if (!key || !decoded) {
      fail(ErrorCode::invalid, "the form has a broken escape");
    }
    form.emplace(std::move(*key), std::move(*decoded));
  }
  return form;
}

std::string field(const Form& form, std::string_view name) {
  const auto it = form.find(name);
  return it == form.end() ? std::string() : it->second;
}

http::Identity identify(Parts& parts, const http::Request& request,
                        const Form& form) {
  const auto type = field(form, "grant_type");
  if (type != "password") {
    throw http::ProtocolError(
        400, "UNSUPPORTED",
        fmt::format("grant_type '{}' is not supported: use 'password', or GET "
                    "with Basic credentials",
                    type));
  }
  auto who = parts.services.accounts.check_credentials(
      field(form, "username"), field(form, "password"),
      request.remote_address);
  if (!who) {
    throw http::ProtocolError(401, "UNAUTHORIZED",
                              "the user name or the password is wrong");
  }
  return std::move(*who);
}

}  // namespace

void get_version(Parts&, http::Request& request, http::Response& response) {
  if (request.identity.anonymous() && !request.header("Authorization")) {
    challenge(request, "", "sign in, or get a token for anonymous reading");
  }
  api_version(response);
  response.send_json(Json::object());
}

void get_token(Parts& parts, http::Request& request, http::Response& response) {
  std::vector<Scope> wanted;
  for (const auto& text : request.query_params("scope")) {
    for (auto& scope : parse_scopes(text)) wanted.push_back(std::move(scope));
  }
  answer_token(parts, request.identity, wanted, response);
}

void post_token(Parts& parts, http::Request& request,
                http::Response& response) {
  const auto form = parse_form(request.read_body(64u << 10));
  const auto who = identify(parts, request, form);
  answer_token(parts, who, parse_scopes(field(form, "scope")), response);
}

}  // namespace skerry::registry
