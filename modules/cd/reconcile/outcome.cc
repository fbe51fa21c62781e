// What a look or a sync leaves behind: status, history, events, spare images.
#include "core/error.h"
#include "core/telemetry/log.h"
#include "reconcile/reconciler.h"

namespace skerry::cd {

void Reconciler::finish(const Record& record, const Operation& finished) {
  Operation op = finished;
  op.finished = services_.clock.now();
  const bool whole = op.only.empty();
  const auto images = images_of(op);
  services_.db.write([&](Transaction& tx) {
    store_.save_operation(tx, record.id, op);
    if (op.phase == "Succeeded" && whole) {
      store_.add_history(tx, record.id,
                         {0, revision_text(op.resolved), op.finished,
                          op.started, op.initiated_by, op.manifest,
                          op.resolved, images},
                         record.app->history_limit);
    }
    services_.events.append(tx, "SyncFinished", event_subject(*record.app),
                            revision_text(op.resolved));
    services_.events.append(tx, "ApplicationChanged",
                            event_subject(*record.app), "operation");
  });
  services_.metrics
      .counter("skerry_cd_syncs_total", "Finished syncs.",
               {{"phase", op.phase}})
      .add();
  log::info("sync finished", {{"application", record.app->name},
                              {"phase", op.phase},
                              {"revision", revision_text(op.resolved)},
                              {"result", op.message},
                              {"ms", op.finished - op.started}});
  if (op.phase == "Succeeded") tidy(record);
}

// The images that a sync brought; nothing when they cannot be told.
std::optional<std::set<std::string>> Reconciler::images_of(
    const Operation& op) {
  if (op.phase != "Succeeded") return std::nullopt;
  try {
    std::set<std::string> images;
    const auto desired =
        sources_.render(*parse_stored(op.manifest), op.resolved);
    for (const auto* list : {&desired->objects, &desired->hooks}) {
      for (const Json& object : *list) collect_images(object, images);
    }
    return images;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// What no history needs goes; nothing depends on it, so errors are only told.
void Reconciler::tidy(const Record& record) {
  try {
    const auto wanted = store_.images();
    if (!wanted) return;
    targets_.at(targets_.server(record.app->destination)).tidy(*wanted);
  } catch (const Error& error) {
    log::warning("old images cannot be removed", {{"error", error.message()}});
  }
}

void Reconciler::save_status(const Record& record, const Status& status) {
  if (record.status == status) return;
  services_.db.write([&](Transaction& tx) {
    store_.save_status(tx, record.id, status);
    services_.events.append(tx, "ApplicationChanged",
                            event_subject(*record.app), "status");
  });
}

void Reconciler::note_failure(const std::string& name,
                              const std::string& message) {
  if (stopping_) return;
  try {
    const auto record = store_.find(name);
    if (!record) return;
    if (record->status.message != message) {
      log::warning("application cannot be reconciled",
                   {{"application", name}, {"error", message}});
    }
    save_status(*record,
                {"Unknown", "Unknown", message, record->status.resolved,
                 record->status.notices});
  } catch (const Error& error) {
    log::error("the status of an application cannot be stored",
               {{"application", name}, {"error", error.message()}});
  }
}

}  // namespace skerry::cd
