#include "upstream/mirror.h"

#include <fmt/format.h>

#include "errors.h"
#include "upstream/upstream_rows.h"

namespace skerry::registry {
namespace {

// Short, so that an image that was just pushed upstream is soon seen.
constexpr std::int64_t kAbsentMillis = 10'000;
constexpr std::size_t kMostAbsent = 10'000;
// How long somebody waits for who asks just now: a slow upstream must not take
// all threads. Less when there is something to serve.
constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::seconds kLongPatience{20};

constexpr const char* kAccept =
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.oci.artifact.manifest.v1+json";

std::string text_of(const Reference& reference) {
  const auto* digest = std::get_if<Digest>(&reference);
  return digest ? digest->to_string() : std::get<std::string>(reference);
}

std::string key_of(const Place& place, const std::string& reference) {
  return fmt::format("{}/{}@{}", place.project_id, place.repository, reference);
}

std::string header(const http::ClientResponse& response, const char* name) {
  const auto it = response.headers.find(name);
  return it == response.headers.end() ? std::string() : it->second;
}

}  // namespace

bool Mirror::known_absent(const std::string& key) {
  MutexLock lock(mutex_);
  const auto it = absent_.find(key);
  if (it == absent_.end()) return false;
  if (it->second > services_.clock.now()) return true;
  absent_.erase(it);
  return false;
}

void Mirror::remember_absent(const std::string& key) {
  MutexLock lock(mutex_);
  if (absent_.size() >= kMostAbsent) absent_.clear();
  absent_[key] = services_.clock.now() + kAbsentMillis;
}

bool Mirror::is_fresh(const Place& place, const std::string& tag,
                      const Upstream& upstream) {
  const auto checked = services_.db.read(
      [&](Connection& db) { return tag_checked(db, place, tag); });
  return checked &&
         services_.clock.now() < *checked + upstream.config().ttl;
}

Mirror::Found Mirror::manifest(const Place& place, const Reference& reference,
                               Upstream& upstream) {
  const bool by_digest = std::holds_alternative<Digest>(reference);
  const auto text = text_of(reference);
  const auto look = [&]() -> std::optional<Found> {
    auto stored = manifests_.find(place, reference);
    if (!stored) return {};
    if (by_digest || upstream.config().offline ||
        is_fresh(place, text, upstream)) {
      return Found{std::move(stored), {}};
    }
    return {};
  };
  if (auto found = look()) return std::move(*found);
  if (upstream.config().offline) return {};
  const auto key = key_of(place, text);
  auto stored = manifests_.find(place, reference);
  const KeyedLocks::Hold hold(locks_, key, stored ? kPatience : kLongPatience);
  if (auto found = look()) return std::move(*found);  // who held it has asked
  if (!hold) {
    return without_upstream(
        {504, "UNAVAILABLE",
         fmt::format("the upstream registry {} takes too long",
                     upstream.config().url)},
        upstream, std::move(stored));
  }
  stored = manifests_.find(place, reference);
  if (known_absent(key)) {
    return by_digest || !stored
               ? Found{}
               : deleted(place, text, upstream, std::move(stored));
  }
  if (stored) return renew(place, text, upstream, std::move(stored));
  return fetch(place, reference, upstream, nullptr);
}

// What is here is better than nothing; but who is refused by the upstream now
// gets it only as what the upstream has deleted.
Mirror::Found Mirror::without_upstream(const Trouble& trouble,
                                       const Upstream& upstream,
                                       ManifestCache::Entry stored) const {
  if (!stored || (!trouble.passing() && !upstream.config().keep_deleted)) {
    fail_upstream(trouble);
  }
  return {std::move(stored), trouble.message};
}

Mirror::Found Mirror::deleted(const Place& place, const std::string& tag,
                              const Upstream& upstream,
                              ManifestCache::Entry stored) {
  if (upstream.config().keep_deleted) {
    return {std::move(stored),
            fmt::format("the upstream registry {} has {}:{} no more",
                        upstream.config().url, place.repository, tag)};
  }
  try {
    deletions_.remove(place, Reference(tag), http::Identity{0, "upstream"});
  } catch (const http::ProtocolError& error) {
    if (error.status() != 403) throw;
    return {std::move(stored), error.message()};  // a policy keeps it
  }
  return {};
}

Mirror::Found Mirror::renew(const Place& place, const std::string& tag,
                            Upstream& upstream, ManifestCache::Entry stored) {
  Upstream::Question question;
  question.method = "HEAD";
  question.repository = place.repository;
  question.rest = "/manifests/" + tag;
  question.headers.emplace_back("Accept", kAccept);
  auto answer = upstream.ask(question);
  if (auto* trouble = std::get_if<Trouble>(&answer)) {
    return without_upstream(*trouble, upstream, std::move(stored));
  }
  const auto& response = std::get<http::ClientResponse>(answer);
  if (response.status == 404) {
    remember_absent(key_of(place, tag));
    return deleted(place, tag, upstream, std::move(stored));
  }
  if (header(response, "docker-content-digest") != stored->digest) {
    return fetch(place, Reference(tag), upstream, std::move(stored));
  }
  mark(place, tag);
  return {std::move(stored), {}};
}

void Mirror::mark(const Place& place, const std::string& tag) {
  services_.db.write([&](Transaction& tx) {
    if (const auto repository = find_repository(tx.connection(), place)) {
      mark_checked(tx, *repository, tag, services_.clock.now());
    }
  });
}

Mirror::Found Mirror::fetch(const Place& place, const Reference& reference,
                            Upstream& upstream, ManifestCache::Entry stored) {
  const auto text = text_of(reference);
  Upstream::Question question;
  question.repository = place.repository;
  question.rest = "/manifests/" + text;
  question.headers.emplace_back("Accept", kAccept);
  question.max_body = static_cast<std::uint64_t>(
      services_.settings.integer("registry.max_manifest_size"));
  auto answer = upstream.ask(question);
  if (auto* trouble = std::get_if<Trouble>(&answer)) {
    return without_upstream(*trouble, upstream, std::move(stored));
  }
  const auto& response = std::get<http::ClientResponse>(answer);
  if (response.status != 200) {
    remember_absent(key_of(place, text));
    if (!stored) return {};
    return deleted(place, text, upstream, std::move(stored));
  }
  if (const auto trouble = keep(place, reference, upstream, response)) {
    if (!stored) fail_upstream(*trouble);
    // What cannot be taken now (a policy makes the tag immutable, say) is not
    // fetched again with each pull.
    mark(place, text);
    return {std::move(stored), trouble->message};
  }
  return {manifests_.find(place, reference), {}};
}

// Checks and stores an answer; why it cannot be.
std::optional<Trouble> Mirror::keep(const Place& place,
                                    const Reference& reference,
                                    const Upstream& upstream,
                                    const http::ClientResponse& response) {
  const auto* wanted = std::get_if<Digest>(&reference);
  const auto said = Digest::parse(header(response, "docker-content-digest"));
  for (const auto* digest : {wanted, said ? &*said : nullptr}) {
    if (digest == nullptr) continue;
    const auto found = digest_of(response.body, digest->algorithm);
    if (found == *digest) continue;
    return Trouble{502, "DIGEST_INVALID",
                   fmt::format("the upstream registry {} sent a manifest with "
                               "the digest {} for {}",
                               upstream.config().url, found.to_string(),
                               digest->to_string())};
  }
  try {
    store(place, reference, response);
  } catch (const http::ProtocolError& error) {
    if (error.status() == 403) {
      return Trouble{403, error.protocol_code(), error.message()};
    }
    return Trouble{502, error.protocol_code(),
                   fmt::format("the manifest of the upstream registry {} "
                               "cannot be taken: {}",
                               upstream.config().url, error.message())};
  }
  return {};
}

void Mirror::store(const Place& place, const Reference& reference,
                   const http::ClientResponse& response) {
  Manifests::Push push;
  push.content_type = header(response, "content-type");
  push.bytes = response.body;
  if (const auto* digest = std::get_if<Digest>(&reference)) {
    push.expected = *digest;
  } else {
    push.tags.push_back(std::get<std::string>(reference));
  }
  push.mirrored = [&](Transaction& tx, std::int64_t repository) {
    mark_mirrored(tx, repository);
    for (const auto& tag : push.tags) {
      mark_checked(tx, repository, tag, services_.clock.now());
    }
  };
  manifests_.put(place, push);
}

}  // namespace skerry::registry
