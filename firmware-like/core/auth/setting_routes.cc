#include "core/auth/audit.h"
#include "core/auth/routes.h"
#include "core/error.h"
#include "core/http/numbers.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr const char* kValueSchema =
    R"({"type":"object","required":["value"],"properties":{"value":{
    "type":["string","integer","boolean"]}}})";

void show_audit(Database& db, const Request& request, Response& response) {
  const std::int64_t before = http::query_number(request, "before", INT64_MAX);
  const std::int64_t limit =
      std::min<std::int64_t>(1000, http::query_number(request, "limit", 100));
  Json entries = Json::array();
  for (const AuditEntry& entry : db.read(
           [&](Connection& c) { return list_audit(c, before, limit); })) {
    entries.push_back({{"id", entry.id},
                       {"time", entry.time},
                       {"actor", entry.actor},
                       {"action", entry.action},
                       {"subject", entry.subject},
                       {"detail", entry.detail}});
  }
  response.send_json({{"entries", std::move(entries)}});
}

std::string_view type_name(SettingType type) {
  switch (type) {
    case SettingType::text: return "text";
    case SettingType::integer: return "integer";
    case SettingType::boolean: return "boolean";
    case SettingType::duration: return "duration";
    case SettingType::size: return "size";
    case SettingType::secret: return "secret";
  }
  return "text";
}

std::string_view source_name(SettingSource source) {
  switch (source) {
    case SettingSource::built_in: return "built_in";
    case SettingSource::file: return "file";
    case SettingSource::environment: return "environment";
    case SettingSource::page: return "page";
  }
  return "built_in";
}

Json setting_json(const Settings::Shown& shown) {
  return {{"name", shown.setting.name},
          {"type", type_name(shown.setting.type)},
          {"value", shown.value},
          {"default", shown.setting.default_value},
          {"description", shown.setting.description},
          {"choices", shown.setting.choices},
          {"source", source_name(shown.source)}};
}

void show_settings(const Settings& settings, Response& response) {
  Json list = Json::array();
  for (const Settings::Shown& shown : settings.list()) {
    list.push_back(setting_json(shown));
  }
  response.send_json({{"settings", std::move(list)}});
}

Settings::Shown shown_setting(const Settings& settings,
                              const std::string& name) {
  for (Settings::Shown& shown : settings.list()) {
    if (shown.setting.name == name) return std::move(shown);
  }
  fail(ErrorCode::not_found, "there is no setting '{}'", name);
}

std::string value_text(const Json& body) {
  const auto value = body.find("value");
  if (value != body.end() && value->is_string()) {
    return value->get<std::string>();
  }
  if (value != body.end() &&
      (value->is_number_integer() || value->is_boolean())) {
    return value->dump();
  }
  fail(ErrorCode::invalid, "'value' must be a string, a number or a boolean");
}

void record(Service& accounts, EventLog& events, Transaction& tx,
            const Request& request, std::string_view action,
            std::string_view detail) {
  const std::string& name = request.param("name");
  accounts.audit(tx, request.identity, action, name, detail);
  events.append(tx, "SettingChanged", name, std::to_string(accounts.now()));
}

void put_setting(Service& accounts, Database& db, Settings& settings,
                 EventLog& events, Request& request, Response& response) {
  const std::string& name = request.param("name");
  const Json body = request.read_json();
  refuse_unknown_members(body, {"value"}, "a setting");
  const std::string value = value_text(body);
  const bool secret =
      shown_setting(settings, name).setting.type == SettingType::secret;
  db.write([&](Transaction& tx) {
    settings.set(tx, name, value);
    record(accounts, events, tx, request, "setting.set",
           secret ? "(secret)" : value);
  });
  response.send_json(setting_json(shown_setting(settings, name)));
}

void delete_setting(Service& accounts, Database& db, Settings& settings,
                    EventLog& events, const Request& request,
                    Response& response) {
  const std::string& name = request.param("name");
  db.write([&](Transaction& tx) {
    settings.unset(tx, name);
    record(accounts, events, tx, request, "setting.unset", {});
  });
  response.send_json(setting_json(shown_setting(settings, name)));
}

}  // namespace

std::vector<http::Route> audit_routes(Database& db) {
  return {
      {"GET", "/api/v1/audit", Access::server_admin,
       [&](Request& q, Response& r) { show_audit(db, q, r); },
       "List the audit log, newest first"},
  };
}

std::vector<http::Route> setting_routes(Service& accounts, Database& db,
                                        Settings& settings, EventLog& events) {
  return {
      {"GET", "/api/v1/settings", Access::server_admin,
       [&](Request&, Response& r) { show_settings(settings, r); },
       "List the settings, their values and where they come from"},
      {"PUT", "/api/v1/settings/{name}", Access::server_admin,
       [&](Request& q, Response& r) {
         put_setting(accounts, db, settings, events, q, r);
       },
       "Set a setting", http::Dialect::api, 1u << 20, kValueSchema},
      {"DELETE", "/api/v1/settings/{name}", Access::server_admin,
       [&](Request& q, Response& r) {
         delete_setting(accounts, db, settings, events, q, r);
       },
       "Take a setting back to the file's, the environment's or the built-in "
       "value"},
  };
}

}  // namespace skerry::auth
