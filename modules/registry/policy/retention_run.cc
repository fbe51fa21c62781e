#include "policy/retention_run.h"

#include <algorithm>
#include <unordered_map>

#include "core/error.h"
#include "core/telemetry/log.h"
#include "errors.h"
#include "policy/immutable.h"
#include "policy/retention_facts.h"

namespace skerry::registry {
namespace {

constexpr std::chrono::hours kEvery{24};

http::Identity itself() { return {0, "retention"}; }

struct KnownRepository {
  std::int64_t id = 0;
  std::string name;
};
std::vector<KnownRepository> repositories_of(Connection& db,
                                             std::int64_t project_id) {
  auto row = db.query(
      "select id, name from registry_repository where project_id = ? "
      "order by name",
      project_id);
  std::vector<KnownRepository> found;
  while (row.next()) found.push_back({row.integer(0), row.text(1)});
  return found;
}

}  // namespace

void Retention::judge_project(std::int64_t project_id,
                              const std::string& project, const Policy& policy,
                              const Each& each) {
  const auto users =
      users_ == nullptr ? std::vector<ImageUse>() : users_->images_in_use();
  const auto repositories = services_.db.read(
      [&](Connection& db) { return repositories_of(db, project_id); });
  for (const auto& one : repositories) {
    const Place place{project_id, project, one.name};
    const auto facts = services_.db.read([&](Connection& db) {
      return load_facts(db, pulls_, place, one.id, users);
    });
    each(place, facts, judge(policy, facts, services_.clock.now()));
  }
}

std::int64_t Retention::enqueue(std::int64_t project_id,
                                const std::string& project,
                                const http::Identity& who) {
  if (!policies_.of(project_id)->retains()) {
    fail(ErrorCode::invalid,
         "the policy of project '{}' has no retention rules and no "
         "untagged_after: there is nothing to do",
         project);
  }
  return services_.db.write([&](Transaction& tx) {
    services_.accounts.audit(tx, who, "image.retention", project);
    return services_.jobs.enqueue(tx, kRetentionJob, project, Json::object(),
                                  {}, true);
  });
}

void Retention::schedule(std::chrono::milliseconds delay) {
  services_.db.write([&](Transaction& tx) {
    services_.jobs.enqueue(tx, kRetentionJob, "", Json::object(), delay, true);
  });
}

void Retention::run(JobContext& context) {
  const auto& subject = context.job().subject;
  if (!subject.empty()) {
    const auto project = services_.accounts.find_project(subject);
    if (project) run_project(context, project->id, project->name);
    return;
  }
  // First, so that a run that fails does not end the series.
  schedule(kEvery);
  const auto known = services_.db.read(
      [](Connection& db) { return projects_with_repositories(db); });
  for (const auto& project : known) {
    if (context.stop().stop_requested()) return;
    run_project(context, project.id, project.name);
  }
}

void Retention::run_project(JobContext& context, std::int64_t project_id,
                            const std::string& project) {
  const auto policy = policies_.of(project_id);
  if (!policy->retains()) return;
  LastRun run;
  run.started = services_.clock.now();
  save(project_id, run);
  try {
    judge_project(project_id, project, *policy,
                  [&](const Place& place, const RepositoryFacts& facts,
                      const Verdicts& verdicts) {
                    context.progress(0, place.full_name());
                    carry_out(context, place, facts, verdicts, run);
                  });
  } catch (const Error& error) {
    run.trouble = error.message();
    save(project_id, run);
    throw;
  }
  if (context.stop().stop_requested()) run.trouble = "the daemon was stopped";
  run.finished = services_.clock.now();
  save(project_id, run);
  log::info("retention rules carried out", {{"project", project},
                                            {"tags", run.tags},
                                            {"manifests", run.manifests}});
}

// One small transaction for each thing that goes: a push never waits long. An
// index goes before its children, which stay while anything names them.
void Retention::carry_out(JobContext& context, const Place& place,
                          const RepositoryFacts& facts,
                          const Verdicts& verdicts, LastRun& run) {
  std::unordered_map<std::string, std::vector<TagFact>> tags_of;
  std::vector<const ManifestFact*> going;
  for (std::size_t i = 0; i < facts.manifests.size(); ++i) {
    if (verdicts.manifests[i].stays) continue;
    going.push_back(&facts.manifests[i]);
    tags_of[facts.manifests[i].digest];
  }
  std::vector<const TagFact*> alone;  // tags whose manifests stay
  for (std::size_t i = 0; i < facts.tags.size(); ++i) {
    if (verdicts.tags[i].stays) continue;
    const auto with = tags_of.find(facts.tags[i].digest);
    if (with == tags_of.end()) {
      alone.push_back(&facts.tags[i]);
    } else {
      with->second.push_back(facts.tags[i]);
    }
  }
  std::stable_sort(going.begin(), going.end(),
                   [](const ManifestFact* a, const ManifestFact* b) {
                     return a->depth > b->depth;
                   });
  for (const auto* tag : alone) {
    if (context.stop().stop_requested()) return;
    if (remove_tag(place, *tag)) ++run.tags;
  }
  for (const auto* manifest : going) {
    if (context.stop().stop_requested()) return;
    const auto& tags = tags_of[manifest->digest];
    if (!remove_manifest(place, *manifest, tags)) continue;
    ++run.manifests;
    run.tags += static_cast<std::int64_t>(tags.size());
  }
}

bool Retention::remove_tag(const Place& place, const TagFact& tag) {
  return deletions_.remove_if(
      place, tag.name, itself(), [&](Connection& db, std::int64_t repository) {
        return still_so(db, repository, tag) &&
               !policies_.of(place.project_id)
                    ->immutable_by(place.repository, tag.name);
      });
}

bool Retention::remove_manifest(const Place& place,
                                const ManifestFact& manifest,
                                const std::vector<TagFact>& tags) {
  return deletions_.remove_if(
      place, require_digest(manifest.digest), itself(),
      [&](Connection& db, std::int64_t repository) {
        return still_so(db, repository, manifest, tags) &&
               !immutable_tag_over(db, *policies_.of(place.project_id), place,
                                   repository, manifest.digest);
      });
}

void Retention::save(std::int64_t project_id, const LastRun& run) {
  services_.db.write([&](Transaction& tx) {
    tx.run(
        "insert or replace into registry_retention "
        "(project_id, started, finished, tags, manifests, trouble) "
        "values (?, ?, ?, ?, ?, ?)",
        project_id, run.started, run.finished, run.tags, run.manifests,
        run.trouble);
  });
}

std::optional<Retention::LastRun> Retention::last_run(
    std::int64_t project_id) {
  return services_.db.read([&](Connection& db) -> std::optional<LastRun> {
    auto row = db.query(
        "select started, finished, tags, manifests, trouble "
        "from registry_retention where project_id = ?",
        project_id);
    if (!row.next()) return {};
    return LastRun{row.integer(0), row.optional_integer(1), row.integer(2),
                   row.integer(3), row.text(4)};
  });
}

}  // namespace skerry::registry
