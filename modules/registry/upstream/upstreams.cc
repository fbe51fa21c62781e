#include "upstream/upstreams.h"

#include <algorithm>

#include "core/config/secret_box.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"
#include "upstream/upstream_rows.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kKeySize = 32;

}  // namespace

void Upstreams::recover() {
  if (!std::filesystem::exists(key_file_)) {
    std::filesystem::create_directories(key_file_.parent_path());
    write_file_atomically(key_file_, random_bytes(kKeySize), 0600);
  }
  load();
}

std::string Upstreams::key() const {
  auto key = read_file(key_file_, kKeySize);
  if (key.size() != kKeySize) {
    fail(ErrorCode::unavailable, "{} must hold {} bytes; restore it from a "
         "backup", key_file_.native(), kKeySize);
  }
  return key;
}

void Upstreams::load() {
  // One after the other: the last to read has read the newest.
  MutexLock loading(loading_);
  auto configs = services_.db.read(
      [](Connection& db) { return load_upstreams(db); });
  std::map<std::int64_t, Ref> all;
  for (auto& config : configs) {
    if (!config.password.empty()) {
      try {
        config.password = unseal(key(), config.password);
      } catch (const Error& error) {
        log::error("an upstream registry's password cannot be read",
                   {{"project", config.project}, {"error", error.message()}});
        config.password.clear();
        config.password_lost = true;
      }
    }
    const auto id = config.project_id;
    const auto before = of(id);
    // What is unchanged keeps its tokens.
    all[id] = before && before->config().changed == config.changed
                  ? before
                  : std::make_shared<Upstream>(services_, std::move(config));
  }
  count_ = all.size();
  MutexLock lock(mutex_);
  all_ = std::move(all);
}

Upstreams::Ref Upstreams::of(std::int64_t project_id) const {
  if (none()) return nullptr;
  MutexLock lock(mutex_);
  const auto it = all_.find(project_id);
  return it == all_.end() ? nullptr : it->second;
}

std::vector<Upstreams::Ref> Upstreams::for_host(std::string_view host) const {
  const auto name = canonical_host(host);
  std::vector<Ref> found;
  {
    MutexLock lock(mutex_);
    for (const auto& [id, one] : all_) {
      const auto& hosts = one->config().hosts;
      if (std::find(hosts.begin(), hosts.end(), name) != hosts.end()) {
        found.push_back(one);
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const Ref& a, const Ref& b) {
    return a->config().project < b->config().project;
  });
  return found;
}

void Upstreams::put(Transaction& tx, UpstreamConfig config) {
  if (!config.password.empty()) config.password = seal(key(), config.password);
  put_upstream(tx, config);
  tx.after_commit([this] { load(); });
}

bool Upstreams::remove(Transaction& tx, std::int64_t project_id) {
  if (!remove_upstream(tx, project_id)) return false;
  tx.after_commit([this] { load(); });
  return true;
}

}  // namespace skerry::registry
