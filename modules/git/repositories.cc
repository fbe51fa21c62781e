#include "repositories.h"

#include <algorithm>

#include "core/error.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"
#include "libgit2.h"
#include "repack.h"

namespace skerry::git {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kColumns =
    "select id, project, name, description, protection, created, updated "
    "from git_repository ";
constexpr std::string_view kNewPrefix = ".new-";
constexpr std::string_view kRemovedPrefix = ".removed-";

std::string_view without_suffix(std::string_view name) {
  if (name.ends_with(".git")) name.remove_suffix(4);
  return name;
}

void check_name(std::string_view name) {
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  if (name.empty() || name.size() > 100 ||
      !std::all_of(name.begin(), name.end(), good) || name[0] == '.' ||
      name[0] == '-' || name.ends_with(".git") || name.ends_with(".lock") ||
      name.find("..") != std::string_view::npos) {
    fail(ErrorCode::invalid,
         "'{}' cannot be a repository's name: use letters, digits, '-', '_' "
         "and '.', at most 100, not ending in .git or .lock",
         name.substr(0, 120));
  }
}

std::string branch_ref(std::string_view branch) {
  std::string ref = branch.starts_with("refs/heads/")
                        ? std::string(branch)
                        : "refs/heads/" + std::string(branch);
  if (!is_valid_ref_name(ref)) {
    fail(ErrorCode::invalid, "'{}' cannot be a branch's name", branch);
  }
  return ref;
}

Repository read_row(const Rows& rows) {
  Repository repository;
  repository.id = rows.integer(0);
  repository.project = rows.text(1);
  repository.name = rows.text(2);
  repository.description = rows.text(3);
  if (auto text = rows.optional_text(4)) {
    repository.protection.emplace();
    for (const Json& pattern : parse_json(*text)) {
      repository.protection->push_back(pattern.get<std::string>());
    }
  }
  repository.created = rows.integer(5);
  repository.updated = rows.integer(6);
  return repository;
}

void init_bare(const fs::path& folder, const std::string& head) {
  git_repository_init_options options;
  check(git_repository_init_options_init(&options,
                                         GIT_REPOSITORY_INIT_OPTIONS_VERSION),
        "prepare a repository");
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH |
                  GIT_REPOSITORY_INIT_NO_REINIT;
  options.initial_head = head.c_str();
  git_repository* repository = nullptr;
  check(git_repository_init_ext(&repository, folder.c_str(), &options),
        "make the repository");
  RepositoryPtr owner(repository);
  // Our own packs are indexed for good: Git's background gc is not wanted.
  write_file_atomically(folder / "config",
                        "[core]\n\trepositoryformatversion = 0\n"
                        "\tfilemode = true\n\tbare = true\n"
                        "[gc]\n\tauto = 0\n");
  for (const char* part : {"HEAD", "description"}) {
    std::error_code fault;
    if (!fs::exists(folder / part, fault)) continue;
    write_file_atomically(folder / part, read_file(folder / part));
  }
  for (const char* part : {"refs", "objects", "objects/pack"}) {
    fsync_folder(folder / part);
  }
}

void move_folder(const fs::path& from, const fs::path& to) {
  std::error_code fault;
  fs::rename(from, to, fault);
  if (fault) {
    fail_errno("rename " + from.string() + " to " + to.string(), fault.value());
  }
  fsync_folder(to.parent_path());
}

}  // namespace

Repositories::Repositories(Services& services) : services_(services) {}

std::vector<Migration> Repositories::migrations() {
  return {{1, R"(
    create table git_repository (
      id integer primary key,
      project text not null,
      name text not null,
      description text not null default '',
      protection text,            -- JSON list of patterns; null: the default
      renaming_to text,           -- set while the folder moves
      created integer not null,
      updated integer not null,
      unique (project, name)
    );
    -- Refs that are about to move: written before, deleted with the events.
    create table git_ref_intent (
      id integer primary key,
      repository integer not null,
      push integer not null,      -- the intents of one push share it
      ref text not null,
      old text not null,          -- object ids; zeros: absent
      new text not null,
      atomic integer not null
    );
    create index git_ref_intent_push on git_ref_intent (push);
  )"}};
}

std::optional<Repository> Repositories::find(std::string_view project,
                                             std::string_view name) {
  return services_.db.read([&](Connection& c) -> std::optional<Repository> {
    Rows rows = c.query(
        "select id, project, name, description, protection, created, updated "
        "from git_repository where project = ? and name = ?",
        project, without_suffix(name));
    if (!rows.next()) return std::nullopt;
    return read_row(rows);
  });
}

Repository Repositories::need(std::string_view project, std::string_view name) {
  auto repository = find(project, name);
  if (!repository) {
    fail(ErrorCode::not_found, "there is no repository {}/{}", project,
         without_suffix(name));
  }
  return *repository;
}

std::vector<Repository> Repositories::list(std::string_view project) {
  return services_.db.read([&](Connection& c) {
    std::vector<Repository> result;
    Rows rows = c.query(
        std::string(kColumns) + "where project = ? order by name", project);
    while (rows.next()) result.push_back(read_row(rows));
    return result;
  });
}

std::vector<Repository> Repositories::list_all() {
  return services_.db.read([&](Connection& c) {
    std::vector<Repository> result;
    Rows rows = c.query(std::string(kColumns) + "order by project, name");
    while (rows.next()) result.push_back(read_row(rows));
    return result;
  });
}

std::int64_t Repositories::count(std::string_view project) {
  return services_.db.read([&](Connection& c) {
    Rows rows = c.query(
        "select count(*) from git_repository where ?1 = '' or project = ?1",
        project);
    return rows.next() ? rows.integer(0) : 0;
  });
}

Repository Repositories::create(const http::Identity& who,
                                std::string_view project, std::string_view name,
                                std::string_view description,
                                std::string_view default_branch) {
  check_name(name);
  std::string head = branch_ref(default_branch);
  if (find(project, name)) {
    fail(ErrorCode::conflict, "the repository {}/{} exists already", project,
         name);
  }
  fs::path place = folder(project, name);
  fs::create_directories(place.parent_path());
  fsync_folder(services_.paths.git);
  fs::path made =
      place.parent_path() / (std::string(kNewPrefix) + random_name(12));
  try {
    init_bare(made, head);
    move_folder(made, place);
  } catch (const Error&) {
    remove_tree(made);
    if (fs::exists(place)) {
      fail(ErrorCode::conflict, "the repository {}/{} exists already", project,
           name);
    }
    throw;
  }
  try {
    services_.db.write([&](Transaction& tx) {
      UnixMillis now = services_.clock.now();
      auth::require_project(services_.accounts, project);
      tx.run(
          "insert into git_repository (project, name, description, created, "
          "updated) values (?, ?, ?, ?, ?)",
          project, name, description, now, now);
      services_.accounts.audit(tx, who, "repo.create",
                               fmt::format("{}/{}", project, name));
    });
  } catch (const Error&) {
    remove_tree(place);
    throw;
  }
  return need(project, name);
}

Repository Repositories::rename(const http::Identity& who,
                                const Repository& repository,
                                std::string_view name) {
  check_name(name);
  if (name == repository.name) return repository;
  auto lock = lock_of(repository);
  MutexLock held(*lock);
  fs::path from = folder(repository);
  fs::path to = folder(repository.project, name);
  if (find(repository.project, name) || fs::exists(to)) {
    fail(ErrorCode::conflict, "the repository {}/{} exists already",
         repository.project, name);
  }
  services_.db.write([&](Transaction& tx) {
    tx.run("update git_repository set renaming_to = ? where id = ?", name,
           repository.id);
  });
  move_folder(from, to);
  forget(from);
  forget(to);
  services_.db.write([&](Transaction& tx) {
    tx.run(
        "update git_repository set name = ?, renaming_to = null where id = ?",
        name, repository.id);
    services_.accounts.audit(tx, who, "repo.rename", repository.full_name(),
                             fmt::format("to {}", name));
  });
  return need(repository.project, name);
}

void Repositories::describe(const http::Identity& who,
                            const Repository& repository,
                            std::string_view description) {
  services_.db.write([&](Transaction& tx) {
    tx.run("update git_repository set description = ? where id = ?",
           description, repository.id);
    services_.accounts.audit(tx, who, "repo.describe", repository.full_name());
  });
}

void Repositories::set_default_branch(const http::Identity& who,
                                      const Repository& repository,
                                      std::string_view branch) {
  std::string ref = branch_ref(branch);
  auto lock = lock_of(repository);
  MutexLock held(*lock);
  write_file_atomically(folder(repository) / "HEAD", "ref: " + ref + "\n");
  refs_changed(repository);
  services_.db.write([&](Transaction& tx) {
    services_.accounts.audit(tx, who, "repo.default_branch",
                             repository.full_name(), ref);
  });
}

void Repositories::protect(const http::Identity& who,
                           const Repository& repository,
                           const std::vector<std::string>& patterns) {
  std::string text = Json(patterns).dump();
  services_.db.write([&](Transaction& tx) {
    tx.run("update git_repository set protection = ? where id = ?", text,
           repository.id);
    services_.accounts.audit(tx, who, "repo.protect", repository.full_name(),
                             text);
  });
}

void Repositories::remove(const http::Identity& who,
                          const Repository& repository) {
  auto lock = lock_of(repository);
  MutexLock held(*lock);
  fs::path from = folder(repository);
  fs::path to = from.parent_path() / fmt::format("{}{}-{}", kRemovedPrefix,
                                                 repository.id, random_name(6));
  if (fs::exists(from)) move_folder(from, to);
  forget(from);
  services_.db.write_alone([&](Transaction& tx) {
    erase(tx, repository);
    services_.accounts.audit(tx, who, "repo.delete", repository.full_name());
  });
  remove_tree(to);
}

void Repositories::erase(Transaction& tx, const Repository& repository) {
  tx.run("delete from git_ref_intent where repository = ?", repository.id);
  tx.run("delete from git_repository where id = ?", repository.id);
  services_.events.append(tx, "RepositoryDeleted", repository.full_name(),
                          fmt::to_string(repository.id));
}

void Repositories::forget_project(Transaction& tx, const std::string& project) {
  tx.after_commit([folder = services_.paths.git / project] {
    std::error_code ignored;  // it may never have had a repository
    fs::remove(folder, ignored);
  });
}

fs::path Repositories::folder(std::string_view project,
                              std::string_view name) const {
  return services_.paths.git / project / (std::string(name) + ".git");
}

fs::path Repositories::folder(const Repository& repository) const {
  return folder(repository.project, repository.name);
}

RepositoryPool::Lease Repositories::open(const Repository& repository) {
  return pool_.open(folder(repository));
}

std::shared_ptr<const RefList> Repositories::refs(
    const Repository& repository, const RepositoryPool::Lease& lease) {
  return ref_cache_.read(lease, folder(repository));
}

PackList Repositories::packs(const Repository& repository) {
  return pack_cache_.packs(folder(repository));
}

void Repositories::packs_changed(const Repository& repository) {
  fs::path place = folder(repository);
  pool_.forget(place);
  pack_cache_.forget(place);
}

void Repositories::refs_changed(const Repository& repository) {
  ref_cache_.forget(folder(repository));
}

void Repositories::forget(const fs::path& place) {
  pool_.forget(place);
  ref_cache_.forget(place);
  pack_cache_.forget(place);
}

std::shared_ptr<Mutex> Repositories::lock_of(const Repository& repository) {
  MutexLock lock(locks_mutex_);
  auto& entry = locks_[repository.id];
  if (!entry) entry = std::make_shared<Mutex>();
  return entry;
}

void Repositories::recover() {
  finish_renames();
  std::error_code fault;
  for (const auto& project :
       fs::directory_iterator(services_.paths.git, fault)) {
    if (project.is_directory()) recover_project(project.path());
  }
}

void Repositories::finish_renames() {
  std::vector<std::pair<Repository, std::string>> half;
  services_.db.read([&](Connection& c) {
    Rows rows = c.query(
        "select id, project, name, description, protection, created, updated, "
        "renaming_to from git_repository where renaming_to is not null");
    while (rows.next()) half.emplace_back(read_row(rows), rows.text(7));
    return 0;
  });
  for (const auto& entry : half) {
    const Repository& repository = entry.first;
    const std::string& name = entry.second;
    bool moved = !fs::exists(folder(repository)) &&
                 fs::exists(folder(repository.project, name));
    const std::string& now = moved ? name : repository.name;
    services_.db.write([&](Transaction& tx) {
      tx.run(
          "update git_repository set name = ?, renaming_to = null "
          "where id = ?",
          now, repository.id);
    });
  }
}

void Repositories::recover_project(const fs::path& project) {
  for (const auto& item : fs::directory_iterator(project)) {
    if (!item.is_directory()) continue;
    std::string name = item.path().filename().string();
    if (name.starts_with(kNewPrefix)) {
      remove_tree(item.path());
    } else if (name.starts_with(kRemovedPrefix)) {
      // The folder was moved away first: the row may still be there.
      std::int64_t id = std::atoll(name.c_str() + kRemovedPrefix.size());
      for (const Repository& repository : list(project.filename().native())) {
        if (repository.id != id) continue;
        services_.db.write([&](Transaction& tx) { erase(tx, repository); });
      }
      remove_tree(item.path());
    } else if (name.ends_with(".git") && fs::exists(item.path() / "HEAD")) {
      sweep(item.path());
      adopt(project.filename().string(), name.substr(0, name.size() - 4));
    }
  }
}

// Removes what a push cut short left: its quarantine, and lock files of refs,
// which would make every later update fail. Nobody else works here at start.
void Repositories::sweep(const fs::path& place) {
  std::error_code fault;
  for (const auto& item : fs::directory_iterator(place / "objects", fault)) {
    if (item.path().filename().string().starts_with(kQuarantinePrefix)) {
      remove_tree(item.path());
    }
  }
  drop_replaced(place);
  std::vector<fs::path> locks;
  for (const auto& item : fs::directory_iterator(place, fault)) {
    if (item.path().extension() == ".lock") locks.push_back(item.path());
  }
  for (const auto& item :
       fs::recursive_directory_iterator(place / "refs", fault)) {
    if (item.path().extension() == ".lock") locks.push_back(item.path());
  }
  for (const fs::path& lock : locks) fs::remove(lock, fault);
}

// Takes in a repository that has no row: a creation cut short, or a folder an
// administrator copied here.
void Repositories::adopt(const std::string& project, const std::string& name) {
  if (find(project, name) || !services_.accounts.find_project(project)) return;
  services_.db.write([&](Transaction& tx) {
    UnixMillis now = services_.clock.now();
    tx.run(
        "insert into git_repository (project, name, created, updated) "
        "values (?, ?, ?, ?)",
        project, name, now, now);
  });
  log::info("took in a repository found on disk",
            {{"project", project}, {"repository", name}});
}

}  // namespace skerry::git
