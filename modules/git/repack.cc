#include "repack.h"

#include <sys/stat.h>

#include <algorithm>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"
#include "pack_plan.h"
#include "quarantine.h"

namespace skerry::git {
namespace fs = std::filesystem;
namespace {

// The packs to join: from the smallest up, until a pack is at least twice as
// large as all before it together.
PackList choose(PackList packs) {
  std::sort(packs.begin(), packs.end(),
            [](const auto& a, const auto& b) { return a->size() < b->size(); });
  std::uint64_t sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (i > 0 && packs[i]->size() >= 2 * sum && packs.size() - i < kManyPacks) {
      break;
    }
    sum += packs[i]->size();
    count = i + 1;
  }
  packs.resize(count);
  return packs;
}

void drop_pack(const fs::path& marker) {
  fs::path base = fs::path(marker).replace_extension("");
  std::error_code fault;
  // The index first: without it the pack is not there.
  for (const char* extension : {".idx", ".rev", ".bitmap", ".pack"}) {
    fs::remove(base.string() + extension, fault);
  }
  fs::remove(marker, fault);
}

void each_marker(const fs::path& repository,
                 const std::function<void(const fs::path&)>& visit) {
  std::error_code fault;
  std::vector<fs::path> markers;
  for (const auto& item :
       fs::directory_iterator(repository / "objects" / "pack", fault)) {
    if (item.path().extension() == kReplacedSuffix) {
      markers.push_back(item.path());
    }
  }
  for (const fs::path& marker : markers) {
    // A pack is only replaced while its replacement is there.
    fs::path next = marker.parent_path() / (read_file(marker, 200) + ".idx");
    if (fs::exists(next, fault)) {
      visit(marker);
    } else {
      fs::remove(marker, fault);
    }
  }
}

void drop_replaced_before(const fs::path& repository, UnixMillis time) {
  each_marker(repository, [&](const fs::path& marker) {
    struct stat info;
    if (::stat(marker.c_str(), &info) == 0 &&
        info.st_mtim.tv_sec * 1000 < time) {
      drop_pack(marker);
    }
  });
}

// A pack that joins one with itself has its name: there is nothing to mark.
void mark_replaced(const PackList& old, const std::string& next) {
  for (const auto& pack : old) {
    fs::path marker = fs::path(pack->index_path())
                          .replace_extension(std::string(kReplacedSuffix));
    if (marker.stem() != next) write_file_atomically(marker, next);
  }
}

// Loose refs are a file each to read; joined they are one.
void pack_refs(git_repository* repository) {
  git_refdb* found = nullptr;
  check(git_repository_refdb(&found, repository), "open the refs");
  RefdbPtr refdb(found);
  check(git_refdb_compress(found), "pack the refs");
}

}  // namespace

void ask_for_repack(Context& context, Transaction& tx,
                    const Repository& repository) {
  if (context.repositories.packs(repository).size() <= kManyPacks) return;
  context.services.jobs.enqueue(tx, kRepackJob, repository.full_name(),
                                Json{{"repository", repository.id}}, {}, true);
}

void repack(Context& context, const Repository& repository,
            UnixMillis older_than_ms, std::stop_token stop) {
  fs::path folder = context.repositories.folder(repository);
  drop_replaced_before(folder, older_than_ms);
  PackList packs = choose(context.repositories.packs(repository));
  if (packs.size() < 2) return;
  Slots::Slot slot = context.walks.take(stop);
  ObjectSet objects;
  for (const auto& pack : packs) {
    for (std::uint32_t i = 0; i < pack->count(); ++i) objects.want(pack->id(i));
  }
  // Largest first, as the planner needs one fixed order.
  std::reverse(packs.begin(), packs.end());
  auto plan = make_pack_plan(objects, packs, {});
  auto lease = context.repositories.open(repository);
  lease.close_after();
  Quarantine place(folder, lease.odb(), {});
  SideBand band(
      [&](std::string_view bytes) {
        if (stop.stop_requested()) {
          fail(ErrorCode::unavailable, "the repack was stopped");
        }
        place.append(bytes);
      },
      0);
  send_pack(*plan, lease.objects(), band);
  band.finish();
  place.finish({});
  auto lock = context.repositories.lock_of(repository);
  MutexLock held(*lock);
  place.publish();
  mark_replaced(packs, place.name());
  pack_refs(lease.repository());
  context.repositories.refs_changed(repository);
  context.repositories.packs_changed(repository);
  log::info("joined packs", {{"repository", repository.full_name()},
                             {"packs", packs.size()},
                             {"objects", plan->count}});
}

void drop_replaced(const fs::path& repository) {
  each_marker(repository, drop_pack);
}

}  // namespace skerry::git
