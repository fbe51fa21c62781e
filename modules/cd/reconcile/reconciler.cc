#include "reconcile/reconciler.h"

#include <algorithm>

#include "core/error.h"
#include "core/telemetry/log.h"
#include "reconcile/automation.h"

namespace skerry::cd {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAtOnce{0};
// Self-heals further apart than this do not count as a row.
constexpr std::int64_t kHealMemory = 600'000;

TargetApp target_app_of(const Record& record, const Application& app,
                        std::string server) {
  return {record.id, app.name, app.project, app.destination.namespace_name,
          std::move(server)};
}

http::Identity automation() {
  http::Identity who;
  who.name = "automated sync";
  return who;
}

}  // namespace

Reconciler::Reconciler(Services& services, Store& store, Sources& sources,
                       Targets& targets, ImagePolicy& policy,
                       std::function<milliseconds()> every)
    : services_(services),
      store_(store),
      sources_(sources),
      targets_(targets),
      syncer_(store, sources, targets, policy, services.clock,
              [&services] {
                return services.settings.duration("cd.wave_timeout");
              },
              stopping_),
      every_(std::move(every)),
      queue_([this](const std::string& name) { return work(name); }) {}

void Reconciler::wake(const std::string& name) { queue_.add(name); }

void Reconciler::refresh(const std::string& name) {
  memory(name)->forced = true;
  queue_.add(name);
}

UnixMillis Reconciler::last_look(const std::string& name) {
  MutexLock lock(mutex_);
  const auto it = memories_.find(name);
  return it == memories_.end() ? 0 : it->second->looked.load();
}

void Reconciler::wake_all() {
  for (const std::string& name : store_.names()) queue_.add(name);
}

void Reconciler::wake_users_of(SourceAddress::Kind kind,
                               std::string_view project,
                               std::string_view name) {
  std::vector<std::string> users;
  {
    MutexLock lock(mutex_);
    for (const auto& [app_name, app] : apps_) {
      const bool uses = std::any_of(app->sources.begin(), app->sources.end(),
                                    [&](const Source& s) {
                                      return s.address.kind == kind &&
                                             s.address.project == project &&
                                             s.address.name == name;
                                    });
      if (uses) users.push_back(app_name);
    }
  }
  for (const std::string& user : users) queue_.add(user);
}

std::shared_ptr<Reconciler::Memory> Reconciler::memory(
    const std::string& name) {
  MutexLock lock(mutex_);
  auto& memory = memories_[name];
  if (!memory) memory = std::make_shared<Memory>();
  return memory;
}

// Runs on a worker; the border where errors end.
std::optional<milliseconds> Reconciler::work(const std::string& name) {
  try {
    if (const auto again = reconcile(name)) return again;
    MutexLock lock(mutex_);
    if (!memories_.contains(name)) return std::nullopt;
  } catch (const Error& error) {
    note_failure(name, error.message());
  } catch (const std::exception& error) {
    note_failure(name, fmt::format("internal error: {}", error.what()));
  }
  return every_();
}

void Reconciler::reload(Memory& memory, const Head& head,
                        const std::string& name) {
  if (memory.forced.exchange(false)) memory.input.clear();
  if (memory.generation == head.generation) return;
  const auto record = store_.find(name);
  if (!record) fail(ErrorCode::not_found, "application {} is gone", name);
  memory.pin = record->pin;
  memory.own = record->app;
  memory.app = record->pin ? parse_stored(record->pin->manifest) : record->app;
  memory.server = targets_.server(memory.app->destination);
  memory.input.clear();
  memory.generation = record->generation;
  MutexLock lock(mutex_);
  apps_[name] = record->app;
}

// What the application should be at now; nothing when a pin was lifted, so
// that everything has to be looked at anew.
std::optional<std::vector<Resolved>> Reconciler::resolve(
    Memory& memory, const std::string& name) {
  if (!memory.pin) return sources_.resolve(*memory.own);
  std::string input;
  try {
    input = operation_input(*memory.own, sources_.resolve(*memory.own));
  } catch (const Error&) {
    return memory.pin->resolved;  // no new revision to be had: it holds
  }
  if (memory.pin->blocked == input) return memory.pin->resolved;
  unpin(name, memory);
  return std::nullopt;
}

std::optional<milliseconds> Reconciler::reconcile(const std::string& name) {
  const auto head = store_.head(name);
  if (!head) {
    MutexLock lock(mutex_);
    memories_.erase(name);
    apps_.erase(name);
    return std::nullopt;
  }
  if (head->deleting) return remove(name);
  const auto memory = this->memory(name);
  if (head->running) return carry_on(name, *memory);
  reload(*memory, *head, name);
  if (memory->own->skip_reconcile) return std::nullopt;
  const auto resolved = resolve(*memory, name);
  if (!resolved) return kAtOnce;
  std::string input = operation_input(*memory->app, *resolved);
  const TargetApp target_app{head->id, name, memory->app->project,
                             memory->app->destination.namespace_name,
                             memory->server};
  std::string fingerprint =
      targets_.at(memory->server).fingerprint(target_app);
  memory->looked = services_.clock.now();
  if (input == memory->input && fingerprint == memory->fingerprint) {
    return std::nullopt;
  }
  if (input != memory->attempted) memory->heals = 0;
  memory->attempted = input;
  memory->input.clear();  // an error on the way means: look again
  memory->fingerprint = std::move(fingerprint);
  try {
    const auto again = changed(name, *memory, *resolved, input);
    if (!again) memory->input = std::move(input);
    return again;
  } catch (const Error& error) {
    // Sources that are wrong stay wrong until something changes.
    if (error.code() == ErrorCode::invalid) memory->input = std::move(input);
    throw;
  }
}

std::optional<milliseconds> Reconciler::changed(
    const std::string& name, Memory& memory,
    const std::vector<Resolved>& resolved, const std::string& input) {
  services_.metrics
      .counter("skerry_cd_comparisons_total",
               "Comparisons of an application with its target.")
      .add();
  auto record = store_.find(name);
  if (!record) return kAtOnce;
  const Look look =
      compare_at(std::move(*record), *memory.app, resolved);
  Status status{std::string(to_string(look.comparison.sync)),
                std::string(to_string(look.comparison.health.status)),
                look.comparison.health.message, look.resolved,
                look.comparison.notices};
  std::string message;
  const auto again = automate(look, memory, input, message);
  if (memory.pin) {
    message = fmt::format(
        "rolled back to history entry {}; automated sync waits for a new "
        "revision or a sync by hand{}{}",
        memory.pin->history_id, message.empty() ? "" : "; ", message);
  }
  if (!message.empty()) status.message = message;
  save_status(look.record, status);
  return again;
}

std::optional<milliseconds> Reconciler::automate(const Look& look,
                                                 Memory& memory,
                                                 const std::string& input,
                                                 std::string& message) {
  const UnixMillis now = services_.clock.now();
  if (now - memory.last_heal > kHealMemory) memory.heals = 0;
  const Operation* last =
      look.record.operation ? &*look.record.operation : nullptr;
  const Decision decision =
      decide({look.app, look.comparison, last, input, now, memory.heals});
  message = decision.reason;
  if (!decision.sync) return decision.later;
  Operation op;
  op.started = now;
  op.initiated_by = "automated sync";
  op.automated = true;
  op.prune = look.app.automated->prune;
  op.manifest = look.app.manifest;
  op.resolved = look.resolved;
  op.input = input;
  op.retry = look.app.retry.value_or(Retry{.limit = 5});
  if (last && last->input == input) {
    ++memory.heals;
    memory.last_heal = now;
  }
  if (decision.heal) {
    for (const ResourceState& state : look.comparison.resources) {
      if (state.sync == SyncStatus::out_of_sync) op.only.push_back(state.key);
    }
  }
  begin(look.record, op, std::nullopt, automation(),
        decision.heal ? "application.heal" : "application.sync",
        revision_text(look.resolved));
  return kAtOnce;
}

Look Reconciler::compare_at(Record record, const Application& app,
                            std::vector<Resolved> resolved) {
  Look look;
  look.app = app;
  look.resolved = std::move(resolved);
  look.target_app = target_app_of(record, app, targets_.server(app.destination));
  look.record = std::move(record);
  look.desired = *sources_.render(app, look.resolved);
  Target& target = targets_.at(look.target_app.server);
  target.prepare(look.target_app, look.desired.objects);
  std::vector<Json> all = look.desired.objects;
  all.insert(all.end(), look.desired.hooks.begin(), look.desired.hooks.end());
  const Review review = target.review(look.target_app, all);
  look.live = target.live(look.target_app);
  look.comparison = compare(app, look.desired, look.live, review);
  return look;
}

Look Reconciler::look(const Record& record) {
  if (!record.pin) {
    return compare_at(record, *record.app, sources_.resolve(*record.app));
  }
  return compare_at(record, *parse_stored(record.pin->manifest),
                    record.pin->resolved);
}

// Goes on with the running operation until it is over or must wait.
std::optional<milliseconds> Reconciler::carry_on(const std::string& name,
                                                 Memory& memory) {
  const auto record = store_.find(name);
  if (!record || !record->operation) return kAtOnce;
  memory.input.clear();
  Operation op = *record->operation;
  const auto wait = syncer_.advance(*record, op);
  if (op.running()) return wait;
  finish(*record, op);
  return kAtOnce;
}

void Reconciler::unpin(const std::string& name, Memory& memory) {
  const auto record = store_.find(name);
  if (!record) return;
  services_.db.write([&](Transaction& tx) {
    store_.save_pin(tx, record->id, std::nullopt);
    services_.accounts.audit(tx, automation(), "application.unpin", name,
                             "the sources moved on");
    services_.events.append(tx, "ApplicationChanged",
                            event_subject(*record->app), "spec");
  });
  memory.generation = -1;
}

void Reconciler::begin(const Record& record, const Operation& op,
                       const std::optional<Pin>& pin,
                       const http::Identity& who, std::string_view action,
                       std::string_view detail) {
  const std::string& name = record.app->name;
  services_.db.write([&](Transaction& tx) {
    auto row = tx.query(
        "select running, deleting from cd_application where id = ?", record.id);
    if (!row.next() || row.integer(1) != 0) {
      fail(ErrorCode::not_found, "application {} is gone", name);
    }
    if (row.integer(0) != 0) {
      fail(ErrorCode::conflict, "a sync of {} is running already", name);
    }
    store_.save_operation(tx, record.id, op);
    if (!op.automated && (pin || record.pin)) {
      store_.save_pin(tx, record.id, pin);
    }
    services_.accounts.audit(tx, who, action, name, detail);
    services_.events.append(tx, "ApplicationChanged",
                            event_subject(*record.app), "operation");
  });
  queue_.add(name);
}

void Reconciler::sync(const Record& record, const SyncRequest& request,
                      const http::Identity& who) {
  const Application& app = *record.app;
  if (!request.revision.empty() && app.automated) {
    fail(ErrorCode::conflict,
         "{} syncs automatically to \"{}\"; change spec.source.targetRevision "
         "instead of syncing to another revision",
         app.name, app.sources[0].target_revision);
  }
  Operation op;
  op.started = services_.clock.now();
  op.initiated_by = who.name;
  op.prune = request.prune;
  op.only = request.only;
  op.manifest = app.manifest;
  op.resolved = sources_.resolve(app, request.revision);
  op.input = operation_input(app, op.resolved);
  op.retry = app.retry.value_or(Retry{});
  begin(record, op, std::nullopt, who, "application.sync",
        revision_text(op.resolved));
}

std::vector<Step> Reconciler::dry_run(const Record& record,
                                      const SyncRequest& request) {
  const Application& app = *record.app;
  const Look look =
      compare_at(record, app, sources_.resolve(app, request.revision));
  Operation op;
  op.prune = request.prune;
  op.only = request.only;
  return plan_steps(op, look.desired, look.comparison);
}

void Reconciler::rollback(const Record& record, std::int64_t history_id,
                          const http::Identity& who) {
  const auto history = store_.history(record.id);
  const auto entry = std::find_if(
      history.begin(), history.end(),
      [&](const HistoryEntry& e) { return e.id == history_id; });
  if (entry == history.end()) {
    fail(ErrorCode::not_found, "{} has no history entry {}", record.app->name,
         history_id);
  }
  // Only where it comes from goes back; the policy and the destination are
  // today's.
  Json manifest = record.app->manifest;
  Json& spec = manifest["spec"];
  spec.erase("source");
  spec.erase("sources");
  for (const char* key : {"source", "sources"}) {
    if (entry->manifest["spec"].contains(key)) {
      spec[key] = entry->manifest["spec"][key];
    }
  }
  const auto app = parse_stored(manifest);
  Operation op;
  op.started = services_.clock.now();
  op.initiated_by = who.name;
  op.prune = true;
  op.manifest = manifest;
  op.resolved = entry->resolved;
  op.input = operation_input(*app, op.resolved);
  op.rollback_to = history_id;
  op.retry = app->retry.value_or(Retry{});
  Pin pin{history_id, manifest, entry->resolved, {}};
  try {
    pin.blocked =
        operation_input(*record.app, sources_.resolve(*record.app));
  } catch (const Error&) {
    // The source is broken, perhaps the reason to go back: whatever it
    // resolves to later is new.
  }
  begin(record, op, pin, who, "application.rollback",
        fmt::format("history {} ({})", history_id, entry->revision));
}

// Deletes a little at a time; what cannot be deleted is tried again.
std::optional<milliseconds> Reconciler::remove(const std::string& name) {
  const auto record = store_.find(name);
  if (!record) return kAtOnce;
  const Application& app = *record->app;
  const TargetApp target_app =
      target_app_of(*record, app, targets_.server(app.destination));
  Target& target = targets_.at(target_app.server);
  std::vector<Task> tasks;
  for (const LiveResource& live : target.live(target_app)) {
    if (!resource_options(live.object).delete_) continue;
    tasks.push_back(
        {Action::prune, Phase::sync, wave_of(live.object), live.key, false});
  }
  order_tasks(tasks);
  for (const Task& task : tasks) target.remove(target_app, task.key);
  target.forget(target_app);
  services_.db.write([&](Transaction& tx) {
    store_.remove(tx, record->id);
    services_.events.append(tx, "ApplicationChanged", event_subject(app),
                            "deleted");
  });
  tidy(*record);
  return kAtOnce;
}

}  // namespace skerry::cd
