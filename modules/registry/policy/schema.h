// The tables of policies, of what a project's images weigh, of pulls, and of
// who signed an image.
#pragma once

#include <string_view>

namespace skerry::registry {

inline constexpr std::string_view kSchema3 = R"sql(
-- What a project demands of its images (policy.h), as JSON.
create table registry_policy (
  project_id integer primary key,
  document text not null
);

-- What a project's images weigh: its blobs, each once, and the manifests of
-- each repository. Kept by the triggers below, in the transaction that changes
-- a row, whoever changes it.
create table registry_usage (
  project_id integer primary key,
  bytes integer not null
);
insert into registry_usage (project_id, bytes)
select p.project_id,
  coalesce((select sum(size) from
    (select max(b.size) as size from registry_repository r
     join registry_blob b on b.repository_id = r.id
     where r.project_id = p.project_id group by b.digest)), 0) +
  coalesce((select sum(m.size) from registry_repository r
     join registry_manifest m on m.repository_id = r.id
     where r.project_id = p.project_id), 0)
from (select distinct project_id from registry_repository) p;

create trigger registry_usage_begins after insert on registry_repository
begin
  insert into registry_usage (project_id, bytes) values (new.project_id, 0)
  on conflict do nothing;
end;
-- Before, so that the triggers of blobs and manifests still find the project.
create trigger registry_usage_of_repository
before delete on registry_repository
begin
  delete from registry_blob where repository_id = old.id;
  delete from registry_manifest where repository_id = old.id;
end;
create trigger registry_usage_grows after insert on registry_blob
when not exists
  (select 1 from registry_blob b indexed by registry_blob_by_digest
   join registry_repository r on r.id = b.repository_id
   where b.digest = new.digest and b.repository_id <> new.repository_id
   and r.project_id = (select project_id from registry_repository
                       where id = new.repository_id))
begin
  update registry_usage set bytes = bytes + new.size where project_id =
    (select project_id from registry_repository where id = new.repository_id);
end;
create trigger registry_usage_shrinks after delete on registry_blob
when not exists
  (select 1 from registry_blob b indexed by registry_blob_by_digest
   join registry_repository r on r.id = b.repository_id
   where b.digest = old.digest
   and r.project_id = (select project_id from registry_repository
                       where id = old.repository_id))
begin
  update registry_usage set bytes = bytes - old.size where project_id =
    (select project_id from registry_repository where id = old.repository_id);
end;
create trigger registry_usage_grows_by_manifest after insert on registry_manifest
begin
  update registry_usage set bytes = bytes + new.size where project_id =
    (select project_id from registry_repository where id = new.repository_id);
end;
create trigger registry_usage_shrinks_by_manifest
after delete on registry_manifest
begin
  update registry_usage set bytes = bytes - old.size where project_id =
    (select project_id from registry_repository where id = old.repository_id);
  delete from registry_untagged
    where repository_id = old.repository_id and digest = old.digest;
end;

-- Since when a manifest that once had a tag has lost one. It means nothing
-- while the manifest has another.
create table registry_untagged (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  digest text not null,
  since integer not null,
  primary key (repository_id, digest)
) without rowid;
create trigger registry_tag_moved after update of digest on registry_tag
when old.digest <> new.digest
begin
  insert into registry_untagged (repository_id, digest, since)
  values (old.repository_id, old.digest, new.pushed)
  on conflict do update set since = excluded.since;
end;
create trigger registry_tag_removed after delete on registry_tag
when exists (select 1 from registry_manifest
             where repository_id = old.repository_id and digest = old.digest)
begin
  insert into registry_untagged (repository_id, digest, since)
  values (old.repository_id, old.digest,
          cast((julianday('now') - 2440587.5) * 86400000 as integer))
  on conflict do update set since = excluded.since;
end;

-- How often a tag or a digest was pulled, and when last.
create table registry_pull (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  reference text not null,      -- tag or digest
  pulls integer not null,
  last integer not null,
  primary key (repository_id, reference)
) without rowid;

-- What an image runs on, from its configuration ("linux/arm64/v8"); of an
-- index that of its children, separated by spaces; '' when it does not say.
create table registry_platform (
  digest text primary key,
  platforms text not null
) without rowid;
create trigger registry_platform_ends after delete on registry_content
begin
  delete from registry_platform where digest = old.digest;
end;

-- The last time that a project's retention rules were carried out.
create table registry_retention (
  project_id integer primary key,
  started integer not null,
  finished integer,             -- null: it did not come to its end
  tags integer not null,        -- removed
  manifests integer not null,   -- removed
  trouble text not null         -- what stood in the way, or ''
);
)sql";

inline constexpr std::string_view kSchema6 = R"sql(
-- What was found when an image's signatures were last checked, by keys
-- (SignaturePolicy::keys_version). The triggers drop it when a manifest that
-- may hold one of its signatures comes, goes or moves.
create table registry_signed (
  repository_id integer not null
    references registry_repository (id) on delete cascade,
  digest text not null,
  keys text not null,
  found integer not null,       -- signatures, good and bad
  signed_by text not null,      -- JSON: names of keys
  primary key (repository_id, digest)
) without rowid;
create trigger registry_signed_by_referrer after insert on registry_manifest
when new.subject is not null
begin
  delete from registry_signed
    where repository_id = new.repository_id and digest = new.subject;
end;
create trigger registry_signed_no_more after delete on registry_manifest
begin
  delete from registry_signed where repository_id = old.repository_id
    and (digest = old.digest or digest = old.subject);
end;
create trigger registry_signed_by_tag after insert on registry_tag
when substr(new.name, 1, 7) = 'sha256-'
begin
  delete from registry_signed where repository_id = new.repository_id
    and digest = 'sha256:' || substr(new.name, 8, 64);
end;
create trigger registry_signed_by_moved_tag
after update of digest on registry_tag
when substr(new.name, 1, 7) = 'sha256-'
begin
  delete from registry_signed where repository_id = new.repository_id
    and digest = 'sha256:' || substr(new.name, 8, 64);
end;
create trigger registry_signed_by_no_tag after delete on registry_tag
when substr(old.name, 1, 7) = 'sha256-'
begin
  delete from registry_signed where repository_id = old.repository_id
    and digest = 'sha256:' || substr(old.name, 8, 64);
end;
)sql";

}  // namespace skerry::registry
