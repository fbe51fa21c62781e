target_sources(core PRIVATE
  auth/audit.cc auth/credential_cache.cc auth/first_boot.cc auth/hmac.cc
  auth/identify.cc auth/names.cc auth/password.cc auth/projects.cc auth/role.cc
  auth/schema.cc auth/scopes.cc auth/service.cc auth/sessions.cc
  auth/signed_token.cc auth/throttle.cc auth/tokens.cc auth/users.cc
  auth/routes.cc auth/session_routes.cc auth/user_routes.cc
  auth/project_routes.cc auth/token_routes.cc auth/setting_routes.cc
  boot/accounts_module.cc
)
