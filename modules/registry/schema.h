// The registry's tables. Digests are kept as text ("sha256:<hex>").
#pragma once

#include <string_view>

namespace skerry::registry {

inline constexpr std::string_view kSchema1 = R"sql(
-- An image repository. Its project is known by number, so that a project
-- which is made anew under an old name does not find the old images.
create table registry_repository (
  id integer primary key,
  project_id integer not null,
  project text not null,
  name text not null,           -- without the project
  created integer not null,
  updated integer not null,     -- last push or deletion
  unique (project_id, name)
);

-- The blobs that may be read through a repository. The bytes lie in the blob
-- store, once for the server; a blob without any link is readable by nobody.
create table registry_blob (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  digest text not null,
  size integer not null,
  linked integer not null,
  primary key (repository_id, digest)
) without rowid;
create index registry_blob_by_digest on registry_blob (digest);

-- Manifests byte for byte, once for the server.
create table registry_content (
  digest text primary key,
  bytes blob not null
) without rowid;

create table registry_manifest (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  digest text not null references registry_content (digest),
  media_type text not null,
  size integer not null,
  total_size integer not null,  -- with the blobs and children it names
  depth integer not null,       -- 0 image, 1 index of images, ...
  subject text,                 -- digest; need not be here
  artifact_type text not null,
  annotations text not null,    -- JSON object, or ''
  pushed integer not null,
  primary key (repository_id, digest)
) without rowid;
create index registry_manifest_by_digest on registry_manifest (digest);
create index registry_manifest_by_subject
  on registry_manifest (repository_id, subject, digest)
  where subject is not null;

-- What a manifest names: what must stay while it does.
create table registry_reference (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  parent text not null,         -- manifest
  child text not null,          -- blob or manifest
  primary key (repository_id, parent, child)
) without rowid;
create index registry_reference_by_child
  on registry_reference (repository_id, child);

create table registry_tag (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  name text not null,
  digest text not null,
  pushed integer not null,
  primary key (repository_id, name)
) without rowid;
create index registry_tag_by_digest on registry_tag (repository_id, digest);
)sql";

// Deleted manifests (tag is null) and tags, which can be brought back. A
// manifest's registry_reference rows and its registry_content stay meanwhile.
inline constexpr std::string_view kSchema2 = R"sql(
create table registry_deleted (
  id integer primary key autoincrement,
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  digest text not null,
  tag text,
  tags text not null default '[]',  -- JSON: [name, pushed] of a manifest's tags
  -- As in registry_manifest.
  media_type text not null default '',
  size integer not null default 0,
  total_size integer not null default 0,
  depth integer not null default 0,
  subject text,
  artifact_type text not null default '',
  annotations text not null default '',
  pushed integer not null,
  deleted integer not null,
  actor text not null
);
create index registry_deleted_by_digest on registry_deleted (digest);
create index registry_deleted_by_repository
  on registry_deleted (repository_id, digest);
create index registry_deleted_by_time on registry_deleted (deleted);
)sql";

inline constexpr std::string_view kSchema4 = R"sql(
-- The upstream registry that a project stands in front of.
create table registry_upstream (
  project_id integer primary key,
  project text not null,
  url text not null,
  prefix text not null,
  library integer not null,
  user text not null,
  sealed text not null,         -- the password, encrypted; '' for none
  ca_pem text not null,
  ttl integer not null,         -- ms
  offline integer not null,
  keep_deleted integer not null,
  allow text not null,          -- JSON array of globs
  hosts text not null,          -- JSON array of host names
  changed integer not null
);

-- Repositories that were filled from an upstream. What their manifests name
-- (registry_reference) may be absent: it is fetched when it is asked for.
create table registry_mirrored (
  repository_id integer primary key
    references registry_repository (id) on delete cascade
);

-- When the upstream was last asked for a tag.
create table registry_mirrored_tag (
  repository_id integer not null,
  name text not null,
  checked integer not null,
  primary key (repository_id, name),
  foreign key (repository_id, name)
    references registry_tag (repository_id, name) on delete cascade
) without rowid;
)sql";

}  // namespace skerry::registry
