// The tables of webhooks.
#pragma once

#include <string_view>

namespace skerry::registry {

inline constexpr std::string_view kSchema5 = R"sql(
create table registry_webhook (
  id integer primary key autoincrement,
  project_id integer,           -- null: of the whole server
  name text not null,
  document text not null,       -- JSON: what webhook.h calls settings
  sealed text not null,         -- JSON: its headers and secret; secret_box.h
  created integer not null,
  last_number integer not null default 0,  -- of its events
  dropped integer not null default 0,      -- events that it will never get
  failing_since integer         -- null: the last attempt was accepted
);
create unique index registry_webhook_by_name
  on registry_webhook (ifnull(project_id, 0), name);

-- Events that wait for their delivery, in the order of their numbers, which
-- have no gaps: they are taken away at the front only.
create table registry_webhook_event (
  webhook_id integer not null
    references registry_webhook (id) on delete cascade,
  number integer not null,
  time integer not null,
  event text not null,          -- JSON: notice.h
  primary key (webhook_id, number)
) without rowid;

-- The last attempts to deliver one.
create table registry_webhook_delivery (
  id integer primary key autoincrement,
  webhook_id integer not null
    references registry_webhook (id) on delete cascade,
  time integer not null,
  event_id text not null,
  request_id text not null,
  action text not null,
  target text not null,
  attempt integer not null,
  status integer not null,      -- 0: no answer
  error text not null,          -- '' when it was accepted
  duration_ms integer not null
);
create index registry_webhook_delivery_by_webhook
  on registry_webhook_delivery (webhook_id, id);
)sql";

}  // namespace skerry::registry
