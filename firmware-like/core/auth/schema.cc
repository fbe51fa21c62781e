#include "core/auth/schema.h"

#include <array>

namespace skerry::auth {

std::span<const Migration> migrations() {
  static constexpr std::array kMigrations = {
      Migration{1, R"(
create table user (
  id integer primary key autoincrement,
  name text not null unique,
  display_name text not null,
  password_hash text not null,    -- "$argon2id$..."
  -- Grows with each change of the password and each disabling: what was got
  -- under an older one (sessions, signed tokens) is void.
  epoch integer not null default 1,
  server_admin integer not null,
  disabled integer not null default 0,
  created integer not null
) strict;

create table project (
  id integer primary key autoincrement,
  name text not null unique,
  description text not null,
  is_public integer not null,
  created integer not null
) strict;

create table member (
  project_id integer not null references project on delete cascade,
  user_id integer not null references user on delete cascade,
  role integer not null check (role between 1 and 4),  -- viewer .. admin
  primary key (project_id, user_id)
) strict, without rowid;
create index member_user on member (user_id);

create table token (
  id integer primary key autoincrement,
  name text not null,
  user_id integer references user on delete cascade,        -- null: a robot
  project_id integer references project on delete cascade,  -- of a robot
  secret_hash text not null unique,  -- SHA-256, the secret has 186 random bits
  scopes text not null,              -- separated by spaces
  created integer not null,
  expires integer,
  last_used integer
) strict;
create index token_user on token (user_id);
create index token_project on token (project_id);

create table session (
  secret_hash text primary key,  -- SHA-256 of the cookie
  user_id integer not null references user on delete cascade,
  epoch integer not null,
  created integer not null,
  last_seen integer not null
) strict, without rowid;
create index session_user on session (user_id);

create table audit (
  id integer primary key autoincrement,
  time integer not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail text not null
) strict;
)"},
  };
  return kMigrations;
}

}  // namespace skerry::auth
