#include "ref_update.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"
#include "repack.h"

namespace skerry::git {
namespace {

Oid current(git_repository* repository, const std::string& ref) {
  git_oid id;
  int status = git_reference_name_to_id(&id, repository, ref.c_str());
  if (status == GIT_ENOTFOUND) return Oid{};
  check(status, "read " + ref);
  return from_git(id);
}

// libgit2 syncs the files it writes; a removal must reach the disk too.
void fsync_removal(const std::filesystem::path& folder,
                   const std::string& ref) {
  std::filesystem::path at = (folder / ref).parent_path();
  while (at != folder && !std::filesystem::exists(at)) at = at.parent_path();
  fsync_folder(at);
}

// Throws conflict when the ref is not at `from` any more or its name collides
// with another ref.
void move_ref(const RepositoryPool::Lease& lease,
              const std::filesystem::path& folder, const std::string& ref,
              const Oid& from, const Oid& to) {
  if (from == to) return;
  git_reference* moved = nullptr;
  git_oid old_id = to_git(from);
  git_oid new_id = to_git(to);
  if (to.is_zero()) {
    check(git_reference_lookup(&moved, lease.repository(), ref.c_str()),
          "delete " + ref);
    ReferencePtr owner(moved);
    check(git_reference_delete(moved), "delete " + ref);
    fsync_removal(folder, ref);
    return;
  }
  int status = from.is_zero()
                   ? git_reference_create(&moved, lease.repository(),
                                          ref.c_str(), &new_id, 0, nullptr)
                   : git_reference_create_matching(&moved, lease.repository(),
                                                   ref.c_str(), &new_id, 1,
                                                   &old_id, nullptr);
  ReferencePtr owner(moved);
  check(status, "update " + ref);
}

class Update {
 public:
  Update(Context& context, const Repository& repository)
      : context_(context),
        repository_(repository),
        folder_(context.repositories.folder(repository)),
        lease_(context.repositories.open(repository)) {}

  void run(std::vector<RefChange>& changes, bool atomic, const PushNote& note);
  void settle();

 private:
  struct Intent {
    std::int64_t id;
    std::int64_t push;
    RefCommand command;
    bool atomic;
  };
  void compare(std::vector<RefChange>& changes);
  std::int64_t record(const std::vector<RefChange*>& moving, bool atomic);
  void move(std::vector<RefChange*>& moving, bool atomic);
  void conclude(std::int64_t push, const std::vector<RefChange*>& moved,
                const PushNote& note);
  void append_event(Transaction& tx, const RefCommand& command) {
    context_.services.events.append(tx, "RefUpdated",
                                    repository_.full_name() + ":" + command.ref,
                                    command.new_id.hex());
  }
  std::vector<Intent> read_intents();
  void settle_push(const std::vector<Intent>& intents);

  Context& context_;
  const Repository& repository_;
  const std::filesystem::path folder_;
  RepositoryPool::Lease lease_;
};

void Update::compare(std::vector<RefChange>& changes) {
  for (RefChange& change : changes) {
    if (!change.error.empty()) continue;
    const RefCommand& command = change.command;
    Oid now = current(lease_.repository(), command.ref);
    if (now == command.old_id) continue;
    change.error = now.is_zero() ? "the ref does not exist any more"
                                 : "the ref has moved meanwhile, fetch first";
  }
}

std::int64_t Update::record(const std::vector<RefChange*>& moving,
                            bool atomic) {
  return context_.services.db.write([&](Transaction& tx) {
    std::int64_t push = 0;
    for (const RefChange* change : moving) {
      tx.run(
          "insert into git_ref_intent (repository, push, ref, old, new, "
          "atomic) values (?, ?, ?, ?, ?, ?)",
          repository_.id, push, change->command.ref,
          change->command.old_id.hex(), change->command.new_id.hex(), atomic);
      if (push == 0) {
        push = tx.last_insert_id();
        tx.run("update git_ref_intent set push = ? where id = ?", push, push);
      }
    }
    return push;
  });
}

void Update::move(std::vector<RefChange*>& moving, bool atomic) {
  std::vector<RefChange*> moved;
  for (RefChange* change : moving) {
    const RefCommand& command = change->command;
    try {
      move_ref(lease_, folder_, command.ref, command.old_id, command.new_id);
      moved.push_back(change);
    } catch (const Error& error) {
      change->error = error.message();
      if (atomic) break;
    }
  }
  if (atomic && moved.size() != moving.size()) {
    for (auto it = moved.rbegin(); it != moved.rend(); ++it) {
      const RefCommand& command = (*it)->command;
      move_ref(lease_, folder_, command.ref, command.new_id, command.old_id);
    }
    moved.clear();
  }
  moving = std::move(moved);
}

void Update::conclude(std::int64_t push, const std::vector<RefChange*>& moved,
                      const PushNote& note) {
  context_.services.db.write([&](Transaction& tx) {
    tx.run("delete from git_ref_intent where push = ?", push);
    std::string detail;
    for (const RefChange* change : moved) {
      const RefCommand& command = change->command;
      append_event(tx, command);
      if (detail.size() > 2000) continue;
      detail += fmt::format("{}{} {}..{}", detail.empty() ? "" : ", ",
                            command.ref, command.old_id.hex().substr(0, 12),
                            command.new_id.hex().substr(0, 12));
    }
    if (moved.empty()) return;
    for (const std::string& option : note.options) {
      detail += fmt::format(", option {}", option.substr(0, 200));
    }
    tx.run("update git_repository set updated = ? where id = ?",
           context_.services.clock.now(), repository_.id);
    ask_for_repack(context_, tx, repository_);
    context_.services.accounts.audit(tx, note.who, "repo.push",
                                     repository_.full_name(), detail);
  });
}

void Update::run(std::vector<RefChange>& changes, bool atomic,
                 const PushNote& note) {
  compare(changes);
  if (atomic) fail_together(changes);
  std::vector<RefChange*> moving;
  for (RefChange& change : changes) {
    // Deleting what is not there is done already.
    if (change.error.empty() &&
        change.command.old_id != change.command.new_id) {
      moving.push_back(&change);
    }
  }
  if (moving.empty()) return;
  // Deletions first: "a" may make room for "a/b".
  std::stable_sort(
      moving.begin(), moving.end(), [](const RefChange* a, const RefChange* b) {
        return a->command.new_id.is_zero() > b->command.new_id.is_zero();
      });
  std::int64_t push = record(moving, atomic);
  move(moving, atomic);
  context_.repositories.refs_changed(repository_);
  if (atomic) fail_together(changes);
  conclude(push, moving, note);
}

std::vector<Update::Intent> Update::read_intents() {
  return context_.services.db.read([&](Connection& c) {
    std::vector<Intent> intents;
    Rows rows = c.query(
        "select id, push, ref, old, new, atomic from git_ref_intent "
        "where repository = ? order by push, id",
        repository_.id);
    while (rows.next()) {
      auto old_id = Oid::parse(rows.text(3));
      auto new_id = Oid::parse(rows.text(4));
      if (!old_id || !new_id) continue;
      intents.push_back({rows.integer(0),
                         rows.integer(1),
                         {*old_id, *new_id, rows.text(2)},
                         rows.integer(5) != 0});
    }
    return intents;
  });
}

void Update::settle() {
  std::map<std::int64_t, std::vector<Intent>> pushes;
  for (Intent& intent : read_intents()) {
    pushes[intent.push].push_back(std::move(intent));
  }
  for (const auto& [push, intents] : pushes) settle_push(intents);
}

void Update::settle_push(const std::vector<Intent>& intents) {
  auto at = [&](const Intent& intent) {
    return current(lease_.repository(), intent.command.ref);
  };
  bool began =
      std::any_of(intents.begin(), intents.end(), [&](const Intent& intent) {
        return at(intent) == intent.command.new_id;
      });
  std::vector<const RefCommand*> moved;
  for (const Intent& intent : intents) {
    const RefCommand& command = intent.command;
    Oid now = at(intent);
    if (intent.atomic && began && now == command.old_id) {
      move_ref(lease_, folder_, command.ref, command.old_id, command.new_id);
      now = command.new_id;
    }
    if (now == command.new_id) moved.push_back(&command);
  }
  context_.repositories.refs_changed(repository_);
  context_.services.db.write([&](Transaction& tx) {
    for (const RefCommand* command : moved) append_event(tx, *command);
    for (const Intent& intent : intents) {
      tx.run("delete from git_ref_intent where id = ?", intent.id);
    }
  });
  log::info("settled an interrupted push",
            {{"repository", repository_.full_name()},
             {"refs", intents.size()},
             {"moved", moved.size()}});
}

}  // namespace

void fail_together(std::vector<RefChange>& changes) {
  bool failed =
      std::any_of(changes.begin(), changes.end(),
                  [](const RefChange& c) { return !c.error.empty(); });
  if (!failed) return;
  for (RefChange& change : changes) {
    if (change.error.empty()) change.error = "atomic push failed";
  }
}

void update_refs(Context& context, const Repository& repository,
                 std::vector<RefChange>& changes, bool atomic,
                 const PushNote& note) {
  auto lock = context.repositories.lock_of(repository);
  MutexLock held(*lock);
  auto still = context.repositories.find(repository.project, repository.name);
  if (!still || still->id != repository.id) {
    fail(ErrorCode::not_found, "the repository was renamed or removed");
  }
  Update update(context, repository);
  update.settle();
  update.run(changes, atomic, note);
}

void recover_refs(Context& context) {
  for (const Repository& repository : context.repositories.list_all()) {
    bool waiting = context.services.db.read([&](Connection& c) {
      return c
          .query("select 1 from git_ref_intent where repository = ?",
                 repository.id)
          .next();
    });
    if (!waiting) continue;
    try {
      Update(context, repository).settle();
    } catch (const Error& error) {
      // The repository is damaged; the health page names it.
      log::error(
          "cannot settle an interrupted push",
          {{"repository", repository.full_name()}, {"error", error.message()}});
    }
  }
}

}  // namespace skerry::git
