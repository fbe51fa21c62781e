#include "reconcile/sync.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "reconcile/used_images.h"

namespace skerry::cd {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAgain{200};

bool selected(const Operation& op, const ResourceKey& key) {
  return op.only.empty() ||
         std::find(op.only.begin(), op.only.end(), key) != op.only.end();
}

const Json* find_object(const std::vector<Json>& objects,
                        const ResourceKey& key) {
  for (const Json& object : objects) {
    if (key_of(object) == key) return &object;
  }
  return nullptr;
}

const LiveResource* find_live(const std::vector<LiveResource>& live,
                              const ResourceKey& key) {
  for (const LiveResource& resource : live) {
    if (resource.key == key) return &resource;
  }
  return nullptr;
}

void plan_hooks(const Operation& op, const Desired& desired,
                std::vector<Task>& tasks) {
  if (!op.only.empty()) return;  // not run on a selective sync
  for (const Json& object : desired.hooks) {
    const auto hook = hook_of(object, desired.helm_hooks);
    for (const Phase phase : hook->phases) {
      tasks.push_back(
          {Action::hook, phase, wave_of(object), key_of(object), false});
    }
  }
}

}  // namespace

std::vector<Step> plan_steps(const Operation& op, const Desired& desired,
                             const Comparison& comparison) {
  std::vector<Task> tasks;
  std::vector<ResourceKey> in_sync;
  for (const ResourceState& state : comparison.resources) {
    if (!selected(op, state.key) || !state.hook.empty()) continue;
    if (state.requires_prune) {
      if (!op.prune || !state.may_prune) continue;
      tasks.push_back({Action::prune, Phase::sync, state.wave, state.key,
                       state.prune_last});
      continue;
    }
    if (!find_object(desired.objects, state.key)) continue;
    // A selective sync, as a self-heal is, makes anew only what it must.
    if (state.sync == SyncStatus::synced &&
        !(state.recreate && op.only.empty())) {
      in_sync.push_back(state.key);
    }
    tasks.push_back(
        {Action::apply, Phase::sync, state.wave, state.key, false});
  }
  plan_hooks(op, desired, tasks);
  order_tasks(tasks);
  std::vector<Step> steps;
  for (Task& task : tasks) {
    Step step;
    const bool unchanged =
        task.action == Action::apply &&
        std::find(in_sync.begin(), in_sync.end(), task.key) != in_sync.end();
    if (unchanged) {
      step.state = TaskState::done;
      step.message = "unchanged";
    }
    step.task = std::move(task);
    steps.push_back(std::move(step));
  }
  return steps;
}

struct Syncer::Run {
  const Record& record;
  Operation& op;
  Application app;
  TargetApp target_app;
  Target& target;
  Desired desired;
  std::vector<Json> all;  // objects and hooks, as targets see them
};

void Syncer::save(Run& run) {
  store_.database().write([&](Transaction& tx) {
    store_.save_operation(tx, run.record.id, run.op);
  });
}

// FailOnSharedResource: no resource may be another application's too.
void Syncer::refuse_shared(Run& run) {
  std::set<ResourceKey> own;
  for (const Json& object : run.desired.objects) {
    const ResourceKey key = key_of(object);
    const bool made_for_us = run.app.options.create_namespace &&
                             key.kind == "Namespace" &&
                             key.name == run.target_app.namespace_name;
    if (!made_for_us) own.insert(key);
  }
  for (const std::string& name : store_.names()) {
    if (name == run.app.name) continue;
    const auto other = store_.find(name);
    if (!other || targets_.server(other->app->destination) !=
                      run.target_app.server) {
      continue;
    }
    const TargetApp target_app{other->id, name, other->app->project,
                               other->app->destination.namespace_name,
                               run.target_app.server};
    for (const LiveResource& live : run.target.live(target_app)) {
      if (!own.contains(live.key)) continue;
      fail(ErrorCode::conflict,
           "{} belongs to the application {} already (FailOnSharedResource)",
           live.key.describe(), name);
    }
  }
}

// Nothing is changed before every image may run. What runs already and is not
// part of this sync is not asked about.
void Syncer::refuse_images(const Run& run) {
  std::set<std::string> images;
  for (const Json& object : run.all) {
    if (selected(run.op, key_of(object))) add_images(object, images);
  }
  for (const std::string& image : images) {
    policy_.require_deployable(run.app.project, image);
  }
}

void Syncer::plan(Run& run) {
  refuse_images(run);
  const Review review = run.target.review(run.target_app, run.all);
  for (const auto& [key, problem] : review.problems) {
    if (!selected(run.op, key)) continue;
    fail(ErrorCode::invalid, "{} {}", key.describe(), problem);
  }
  if (run.app.options.fail_on_shared_resource) refuse_shared(run);
  const Comparison comparison = compare(
      run.app, run.desired, run.target.live(run.target_app), review);
  run.op.steps = plan_steps(run.op, run.desired, comparison);
  run.op.planned = true;
  save(run);
}

void Syncer::start_step(Run& run, Step& step) {
  const ResourceKey& key = step.task.key;
  run.op.wave_started = clock_.now();
  if (step.task.action == Action::prune) {
    run.target.remove(run.target_app, key);
    step.state = TaskState::done;
    step.message = "pruned";
    return;
  }
  const Json* object = find_object(run.all, key);
  if (!object) fail(ErrorCode::internal, "{} vanished", key.describe());
  if (step.task.action == Action::hook) {
    const auto hook = hook_of(*object, run.desired.helm_hooks);
    if (hook && hook->before_creation) run.target.remove(run.target_app, key);
    run.target.apply(run.target_app, *object, run.all);
    step.state = TaskState::running;
    step.message = "the hook runs";
    return;
  }
  if (is_recreated(run.app, *object)) run.target.remove(run.target_app, key);
  if (run.app.options.respect_ignore_differences) {
    const auto live = run.target.live(run.target_app);
    if (const LiveResource* now = find_live(live, key)) {
      run.target.apply(run.target_app,
                       keep_ignored(run.app, *object, now->object), run.all);
      step.state = TaskState::done;
      return;
    }
  }
  run.target.apply(run.target_app, *object, run.all);
  step.state = TaskState::done;
  step.message = "applied";
}

// True once the hook is over, well or badly (then the step has failed).
bool Syncer::watch_hook(Run& run, Step& step) {
  const auto live = run.target.live(run.target_app);
  const LiveResource* now = find_live(live, step.task.key);
  const auto health = now ? health_of(now->object) : std::nullopt;
  if (now && health && health->status == HealthStatus::progressing) {
    return false;
  }
  const bool good = now && (!health || health->status == HealthStatus::healthy);
  const Json* object = find_object(run.all, step.task.key);
  const auto hook =
      object ? hook_of(*object, run.desired.helm_hooks) : std::nullopt;
  step.state = good ? TaskState::done : TaskState::failed;
  step.message = good  ? "the hook succeeded"
                 : now ? "the hook failed: " + (health ? health->message : "")
                       : "the hook disappeared";
  if (hook && (good ? hook->on_success : hook->on_failure)) {
    run.target.remove(run.target_app, step.task.key);
  }
  return true;
}

bool Syncer::group_is_healthy(Run& run, std::size_t begin, std::size_t end) {
  const auto live = run.target.live(run.target_app);
  for (std::size_t i = begin; i < end; ++i) {
    const Step& step = run.op.steps[i];
    if (step.task.action != Action::apply) continue;
    const LiveResource* now = find_live(live, step.task.key);
    const auto health = now ? health_of(now->object) : std::nullopt;
    if (!health || health->status == HealthStatus::healthy ||
        health->status == HealthStatus::suspended) {
      continue;
    }
    if (health->status == HealthStatus::degraded) {
      fail(ErrorCode::unavailable, "{} is degraded: {}",
           step.task.key.describe(), health->message);
    }
    if (clock_.now() - run.op.wave_started > wave_timeout_().count()) {
      fail(ErrorCode::unavailable,
           "{} did not become healthy in time: {}", step.task.key.describe(),
           health->message);
    }
    run.op.message = fmt::format("waits for {}: {}", step.task.key.describe(),
                                 health->message);
    return false;
  }
  return true;
}

std::optional<milliseconds> Syncer::run_group(Run& run, std::size_t begin,
                                              std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    Step& step = run.op.steps[i];
    if (step.state != TaskState::pending) continue;
    try {
      start_step(run, step);
    } catch (const Error& error) {
      step.state = TaskState::failed;
      step.message = error.message();
      throw error.in(step.task.key.describe());
    }
    save(run);
  }
  for (std::size_t i = begin; i < end; ++i) {
    Step& step = run.op.steps[i];
    if (step.state != TaskState::running) continue;
    if (!watch_hook(run, step)) {
      if (clock_.now() - run.op.wave_started > wave_timeout_().count()) {
        step.state = TaskState::failed;
        fail(ErrorCode::unavailable, "hook {} did not end in time",
             step.task.key.describe());
      }
      run.op.message =
          fmt::format("waits for hook {}", step.task.key.describe());
      return kLookAgain;
    }
    save(run);
    if (step.state == TaskState::failed) {
      fail(ErrorCode::unavailable, "{}: {}", step.task.key.describe(),
           step.message);
    }
  }
  return std::nullopt;
}

std::optional<milliseconds> Syncer::failed(Run& run, const Error& error) {
  Operation& op = run.op;
  if (op.failing) return give_up(run);  // the first reason stays
  op.message = error.message();
  op.hopeless = error.code() == ErrorCode::invalid ||
                error.code() == ErrorCode::denied;
  // What is left is not done any more, except the SyncFail hooks.
  std::erase_if(op.steps, [](const Step& step) {
    return step.state == TaskState::pending &&
           step.task.phase != Phase::sync_fail;
  });
  const bool hooks =
      std::any_of(op.steps.begin(), op.steps.end(), [](const Step& step) {
        return step.task.phase == Phase::sync_fail;
      });
  if (!hooks) return give_up(run);
  op.failing = true;
  save(run);
  return milliseconds(0);
}

// Tries again later, or ends the operation.
std::optional<milliseconds> Syncer::give_up(Run& run) {
  Operation& op = run.op;
  if (op.hopeless || (op.retry.limit >= 0 && op.attempt > op.retry.limit)) {
    op.phase = "Failed";
    return std::nullopt;
  }
  const milliseconds delay(retry_delay_ms(op.retry, op.attempt));
  op.message = fmt::format("attempt {} failed, trying again: {}", op.attempt,
                           op.message);
  ++op.attempt;
  op.retry_at = clock_.now() + delay.count();
  op.planned = op.failing = false;
  op.steps.clear();
  save(run);
  return delay;
}

// Group after group; a group starts when the one before is healthy.
std::optional<milliseconds> Syncer::run_all(Run& run) {
  const auto& steps = run.op.steps;
  const auto is_mine = [&](const Step& step) {
    return (step.task.phase == Phase::sync_fail) == run.op.failing;
  };
  for (std::size_t begin = 0, end = 0; begin < steps.size(); begin = end) {
    end = begin + 1;
    while (end < steps.size() && steps[end].task.same_group(steps[begin].task)) {
      ++end;
    }
    if (!is_mine(steps[begin])) continue;
    if (const auto wait = run_group(run, begin, end)) return wait;
    const bool more = std::any_of(
        steps.begin() + static_cast<std::ptrdiff_t>(end), steps.end(),
        [&](const Step& step) {
          return is_mine(step) && step.state == TaskState::pending;
        });
    if (more && !run.op.failing && !group_is_healthy(run, begin, end)) {
      return kLookAgain;
    }
  }
  return std::nullopt;
}

Syncer::Run Syncer::begin(const Record& record, Operation& op) {
  Application app = *parse_stored(op.manifest);
  const std::string server = targets_.server(app.destination);
  TargetApp target_app{record.id, app.name, app.project,
                       app.destination.namespace_name, server};
  Desired desired = *sources_.render(app, op.resolved);
  Target& target = targets_.at(server);
  target.prepare(target_app, desired.objects);
  std::vector<Json> all = desired.objects;
  all.insert(all.end(), desired.hooks.begin(), desired.hooks.end());
  return Run{record, op,     std::move(app),     std::move(target_app),
             target, std::move(desired), std::move(all)};
}

std::optional<milliseconds> Syncer::advance(const Record& record,
                                            Operation& op) {
  if (op.retry_at > clock_.now()) {
    return milliseconds(op.retry_at - clock_.now());
  }
  std::optional<Run> run;
  try {
    run.emplace(begin(record, op));
    if (!op.planned) plan(*run);
    if (const auto wait = run_all(*run)) return wait;
  } catch (const Error& error) {
    if (stopping_) throw;
    if (run) return failed(*run, error);
    op.phase = "Failed";
    op.message = error.message();
    return std::nullopt;
  }
  if (op.failing) return give_up(*run);
  op.phase = "Succeeded";
  op.message = "synced";
  return std::nullopt;
}

}  // namespace skerry::cd
