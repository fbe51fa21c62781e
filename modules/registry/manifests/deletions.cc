#include "manifests/deletions.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "errors.h"
#include "manifests/manifest_rows.h"
#include "policy/immutable.h"

namespace skerry::registry {
namespace {

std::string name_of(const DeletedRow& row) {
  return row.tag ? fmt::format("{}:{}", row.place.full_name(), *row.tag)
                 : fmt::format("{}@{}", row.place.full_name(), row.digest);
}

std::vector<std::string> references_of(const DeletedRow& row) {
  if (row.tag) return {*row.tag};
  std::vector<std::string> references{row.digest};
  for (const auto& [tag, pushed] : row.tags) references.push_back(tag);
  return references;
}

}  // namespace

void Deletions::note(Transaction& tx, const DeletedRow& row,
                     const http::Identity& who, std::string_view verb) {
  services_.accounts.audit(
      tx, who,
      fmt::format("image.{}.{}", row.tag ? "tag" : "manifest", verb),
      row.place.full_name(), row.tag ? *row.tag : row.digest);
}

// That it is gone: the event log, webhooks, and the cache of manifests.
void Deletions::tell(Transaction& tx, const DeletedRow& row,
                     const http::Identity& who, const Origin& origin) {
  notifier_.deleted(tx, row, who, origin);
  for (const auto& [tag, pushed] : row.tags) {
    services_.events.append(tx, "TagDeleted",
                            fmt::format("{}:{}", row.place.full_name(), tag),
                            row.digest);
  }
  services_.events.append(tx, row.tag ? "TagDeleted" : "ManifestDeleted",
                          row.tag ? name_of(row) : row.place.full_name(),
                          row.digest);
  tx.after_commit([this, place = row.place, gone = references_of(row)] {
    forget_(place, gone);
  });
}

void Deletions::remove(const Place& place, const Reference& reference,
                       const http::Identity& who, const Origin& origin) {
  remove_if(
      place, reference, who, [](Connection&, std::int64_t) { return true; },
      origin);
}

bool Deletions::remove_if(const Place& place, const Reference& reference,
                          const http::Identity& who, const Still& still,
                          const Origin& origin) {
  const auto* digest = std::get_if<Digest>(&reference);
  const auto text =
      digest ? digest->to_string() : std::get<std::string>(reference);
  const bool removed = services_.db.write([&](Transaction& tx) {
    const auto repository = find_repository(tx.connection(), place);
    if (!repository) fail_manifest_unknown(place.full_name(), text);
    if (!still(tx.connection(), *repository)) return false;
    require_removable(tx.connection(), *policies_.of(place.project_id), place,
                      *repository, reference);
    const auto now = services_.clock.now();
    const auto row =
        digest != nullptr
            ? delete_manifest(tx, *repository, text, who.name, now)
            : delete_tag(tx, *repository, text, who.name, now);
    if (!row) fail_manifest_unknown(place.full_name(), text);
    note(tx, *row, who, "delete");
    tell(tx, *row, who, origin);
    return true;
  });
  if (!can_undo()) purge_expired();
  return removed;
}

void Deletions::remove_repository(const Place& place,
                                  const http::Identity& who,
                                  const Origin& origin) {
  services_.db.write([&](Transaction& tx) {
    const auto repository = find_repository(tx.connection(), place);
    if (!repository) {
      fail(ErrorCode::not_found, "there is no image repository '{}'",
           place.full_name());
    }
    require_removable(tx.connection(), *policies_.of(place.project_id), place,
                      *repository);
    services_.accounts.audit(tx, who, "image.delete", place.full_name());
  });
  Pace pace;
  while (remove_some(place, who, origin, pace)) {
  }
  if (!can_undo()) purge_expired();
}

bool Deletions::can_undo() const {
  return services_.settings.duration("registry.undo_window").count() > 0;
}

// Whether there may be more.
bool Deletions::remove_some(const Place& place, const http::Identity& who,
                            const Origin& origin, Pace& pace) {
  const auto limit = pace.batch();
  return services_.db.write([&](Transaction& tx) {
    const auto repository = find_repository(tx.connection(), place);
    if (!repository) return false;
    std::vector<std::string> digests;
    {
      auto rows = tx.query(
          "select digest from registry_manifest where repository_id = ? "
          "limit ?",
          *repository, limit);
      while (rows.next()) digests.push_back(rows.text(0));
    }
    pace.step([&] {
      for (const auto& digest : digests) {
        const auto row = delete_manifest(tx, *repository, digest, who.name,
                                         services_.clock.now());
        if (row) tell(tx, *row, who, origin);
      }
    });
    return digests.size() == limit;
  });
}

std::vector<DeletedRow> Deletions::list(
    std::int64_t project_id, std::optional<std::string_view> repository,
    std::int64_t below, std::size_t limit) {
  return services_.db.read([&](Connection& db) {
    return list_deleted(db, project_id, repository, below, limit);
  });
}

UnixMillis Deletions::purged_at(const DeletedRow& row) const {
  return row.deleted +
         services_.settings.duration("registry.undo_window").count();
}

DeletedRow Deletions::require(Connection& db, std::int64_t project_id,
                              std::int64_t id) {
  auto row = find_deleted(db, id);
  if (!row || row->place.project_id != project_id) {
    fail(ErrorCode::not_found,
         "there is no deleted image {} here: its time may be over", id);
  }
  return std::move(*row);
}

std::vector<std::string> Deletions::restore(std::int64_t project_id,
                                            std::int64_t id,
                                            const http::Identity& who,
                                            const Origin& origin) {
  return services_.db.write([&](Transaction& tx) {
    auto& db = tx.connection();
    auto row = require(db, project_id, id);
    if (!row.tag) {
      const auto missing = missing_reference(db, row);
      if (missing &&
          services_.settings.text("registry.absent_parts") == "none") {
        fail(ErrorCode::conflict,
             "{} cannot come back: it needs {}, which is deleted, too",
             name_of(row), *missing);
      }
      restore_manifest(tx, row);
    } else {
      if (!find_child(db, row.repository, row.digest)) {
        fail(ErrorCode::conflict,
             "the tag {} cannot come back: its manifest {} is deleted, too",
             name_of(row), row.digest);
      }
      row.tags = {{*row.tag, row.pushed}};
      purge_deleted(tx, row);
    }
    auto skipped = restore_tags(tx, row, who);
    if (row.tag && !skipped.empty()) {
      fail(ErrorCode::conflict, "the tag {} exists: delete it first",
           name_of(row));
    }
    tell_restored(tx, row, skipped, who, origin);
    services_.accounts.audit(tx, who, "image.restore", row.place.full_name(),
                             row.tag ? *row.tag : row.digest);
    return skipped;
  });
}

std::vector<std::string> Deletions::restore_tags(Transaction& tx,
                                                 const DeletedRow& row,
                                                 const http::Identity& who) {
  std::vector<std::string> skipped;
  for (const auto& [tag, pushed] : row.tags) {
    if (tag_digest(tx.connection(), row.repository, tag)) {
      skipped.push_back(tag);
      continue;
    }
    put_tag(tx, row.repository, tag, row.digest, pushed);
    const auto subject = fmt::format("{}:{}", row.place.full_name(), tag);
    services_.events.append(tx, "ImagePushed", subject, row.digest);
    services_.accounts.audit(tx, who, "image.push", subject, row.digest);
  }
  return skipped;
}

// To webhooks it is pushed again, with the tags that are not `skipped`.
void Deletions::tell_restored(Transaction& tx, const DeletedRow& row,
                              const std::vector<std::string>& skipped,
                              const http::Identity& who, const Origin& origin) {
  std::vector<std::string> tags;
  for (const auto& [tag, pushed] : row.tags) {
    if (std::find(skipped.begin(), skipped.end(), tag) == skipped.end()) {
      tags.push_back(tag);
    }
  }
  const auto manifest =
      load_by_digest(tx.connection(), row.place, row.digest);
  if (!manifest) return;
  notifier_.pushed(tx, row.place,
                   {manifest->digest, manifest->media_type, manifest->bytes,
                    tags},
                   who, origin);
}

void Deletions::purge(std::int64_t project_id, std::int64_t id,
                      const http::Identity& who) {
  services_.db.write([&](Transaction& tx) {
    const auto row = require(tx.connection(), project_id, id);
    renew_blobs(tx, row, services_.clock.now());
    purge_deleted(tx, row);
    note(tx, row, who, "purge");
  });
}

// Who was told that a blob is there, because a manifest named it, and then
// pushes another one with it, has registry.blob_grace for that: as long as the
// deleted manifest stays, or from now on.
void Deletions::purge_rows(const std::vector<DeletedRow>& rows, Pace& pace) {
  const auto grace = services_.settings.duration("registry.blob_grace");
  const auto now = services_.clock.now();
  services_.db.write([&](Transaction& tx) {
    pace.step([&] {
      for (const auto& row : rows) {
        if (now - row.deleted < grace.count()) renew_blobs(tx, row, now);
        purge_deleted(tx, row);
      }
    });
  });
}

void Deletions::purge_expired() {
  const auto until =
      services_.clock.now() -
      services_.settings.duration("registry.undo_window").count();
  Pace pace;
  for (;;) {
    const auto rows = services_.db.read([&](Connection& db) {
      return deleted_until(db, until, 0, pace.batch());
    });
    if (rows.empty()) return;
    purge_rows(rows, pace);
  }
}

void Deletions::collect(Collection& collection) {
  const auto window = services_.settings.duration("registry.undo_window");
  const auto until = services_.clock.now() - collection.age(window).count();
  std::int64_t after = 0;
  Pace pace;
  while (!collection.stopping()) {
    const auto rows = services_.db.read([&](Connection& db) {
      return deleted_until(db, until, after, pace.batch());
    });
    if (rows.empty()) return;
    after = rows.back().id;
    if (!collection.dry_run()) purge_rows(rows, pace);
    for (const auto& row : rows) {
      collection.report(
          {row.tag ? "deleted tag" : "deleted manifest", name_of(row),
           fmt::format("deleted by {}, and the time to undo it is over",
                       row.actor.empty() ? "somebody" : row.actor)});
    }
  }
}

}  // namespace skerry::registry
