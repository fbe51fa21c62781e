#include "policy/signatures.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/telemetry/log.h"
#include "errors.h"
#include "manifests/manifest_rows.h"
#include "manifests/media_types.h"
#include "manifests/tag_details.h"
#include "policy/artifact.h"
#include "policy/image_use.h"

namespace skerry::registry {
namespace {

using Demand = SignaturePolicy::Demand;

constexpr UnixMillis kLogEvery = 3'600'000;
constexpr std::size_t kMostLogged = 1000;
// Of an artifact's layer; an SBOM may be large.
constexpr std::uint64_t kLargestDocument = 32u << 20;

std::string names_of(const std::vector<NamedKey>& keys) {
  std::string names;
  for (const auto& one : keys) {
    names += (names.empty() ? "'" : ", '") + one.name + "'";
  }
  return names;
}

bool demanded(const SignaturePolicy& policy, const Place& place,
              std::string_view tag, const std::vector<std::string>& tags) {
  if (!tag.empty()) return policy.covers(place.repository, tag);
  if (tags.empty()) return policy.covers(place.repository, "");
  return std::any_of(tags.begin(), tags.end(), [&](const std::string& one) {
    return policy.covers(place.repository, one);
  });
}

}  // namespace

std::optional<SignatureVerdict> Signatures::known(
    const Place& place, const SignaturePolicy& policy,
    const std::string& digest) {
  return services_.db.read(
      [&](Connection& db) -> std::optional<SignatureVerdict> {
        const auto repository = find_repository(db, place);
        if (!repository) return {};
        return known_verdict(db, *repository, digest, policy.keys_version);
      });
}

SignatureVerdict Signatures::of(const Place& place,
                                const SignaturePolicy& policy,
                                const std::string& digest) {
  if (policy.keys.empty()) return {};
  if (auto verdict = known(place, policy, digest)) return std::move(*verdict);
  struct Found {
    std::optional<std::int64_t> repository;
    std::vector<std::string> evidence;
    std::optional<StoredManifest> image;
  };
  const auto found = services_.db.read([&](Connection& db) {
    Found one{find_repository(db, place), {}, {}};
    if (!one.repository) return one;
    one.evidence = signature_evidence(db, *one.repository, digest);
    if (!one.evidence.empty()) one.image = load_by_digest(db, place, digest);
    return one;
  });
  SignatureVerdict verdict;
  if (!found.repository) return verdict;
  if (found.image) {
    for (const auto& one : all(place, policy, *found.image)) {
      ++verdict.found;
      if (!one.valid()) continue;
      auto& names = verdict.signed_by;
      if (std::find(names.begin(), names.end(), one.key) == names.end()) {
        names.push_back(one.key);
      }
    }
  }
  services_.db.write([&](Transaction& tx) {
    keep_verdict(tx, *found.repository, digest, policy.keys_version, verdict,
                 found.evidence);
  });
  return verdict;
}

std::vector<FoundSignature> Signatures::all(const Place& place,
                                            const SignaturePolicy& policy,
                                            const StoredManifest& image) {
  const auto repository = services_.db.read(
      [&](Connection& db) { return find_repository(db, place); });
  if (!repository) return {};
  RepositorySignatures source(services_.db, services_.blobs, *repository);
  return check_signatures(source, require_digest(image.digest), image.bytes,
                          policy.keys);
}

bool Signatures::is_document(const Digest& digest) const {
  const auto size = services_.blobs.size(digest);
  return size && *size <= kLargestDocument &&
         looks_like_text(services_.blobs.read(digest, kLargestDocument));
}

std::string Signatures::missing(const Place& place,
                                const SignaturePolicy& policy,
                                const std::string& digest,
                                std::string_view tag) {
  const auto family = services_.db.read([&](Connection& db) {
    const auto repository = find_repository(db, place);
    return repository ? family_of(db, *repository, digest) : Family();
  });
  if (!demanded(policy, place, tag, family.tags)) return {};
  std::int64_t others = 0;
  for (const auto& one : family.digests) {
    const auto verdict = of(place, policy, one);
    if (!verdict.signed_by.empty()) return {};
    others += verdict.found;
  }
  return fmt::format(
      "{}@{} has no signature by a key of the policy of project '{}' ({}){}",
      place.full_name(), digest, place.project, names_of(policy.keys),
      others == 0 ? std::string()
                  : fmt::format(", only {} that does not count", others));
}

void Signatures::require_pullable(const Place& place, std::string_view tag,
                                  const StoredManifest& image) {
  const auto policy = policies_.of(place.project_id);
  const auto& rules = policy->signatures;
  if (rules.demand != Demand::pull) return;
  // The list that clients keep of an image's referrers, each of which is
  // looked at by itself.
  const auto subject = parse_subject_tag(tag);
  if (subject && subject->kind.empty() && is_index_type(image.media_type)) {
    return;
  }
  const auto why = missing(place, rules, image.digest, tag);
  if (why.empty()) return;
  if (!is_runnable(image, [this](const Digest& digest) {
        return is_document(digest);
      })) {
    return;
  }
  note_refusal(place, image.digest, why);
  fail_denied(why + ", which demands one of what is pulled");
}

void Signatures::note_refusal(const Place& place, const std::string& digest,
                              const std::string& why) {
  services_.metrics
      .counter("skerry_registry_unsigned_pulls_total",
               "Pulls refused because the image has no signature",
               {{"project", place.project}})
      .add();
  const auto now = services_.clock.now();
  {
    MutexLock lock(mutex_);
    if (logged_.size() >= kMostLogged) logged_.clear();
    auto& last = logged_[place.full_name() + "@" + digest];
    if (last != 0 && now - last < kLogEvery) return;
    last = now;
  }
  log::warning("a pull of an unsigned image was refused", {{"why", why}});
}

void Signatures::require_deployable(
    std::string_view project, std::string_view image,
    const std::function<bool(std::string_view host)>& ours) {
  const auto found = services_.accounts.find_project(project);
  const auto policy = policies_.of(found ? found->id : 0);
  const auto name = full_image_name(image);
  if (ours(name.host)) {
    require_signed_here(project, image, policy->signatures);
    return;
  }
  const auto& rules = policy->signatures;
  const auto full = name.host + "/" + name.path;
  if (rules.demand == Demand::none || rules.excepts_other(full)) return;
  fail(ErrorCode::conflict,
       "{} is of another registry, whose signatures are not checked, and the "
       "policy of project '{}' demands one of what is deployed: copy it here "
       "and sign it, or except '{}' under signatures.other_registries",
       image, project, full);
}

// An image of a project that demands nothing itself is as good as the
// application's own project says.
void Signatures::require_signed_here(std::string_view project,
                                     std::string_view image,
                                     const SignaturePolicy& own) {
  const auto used = parse_image_use(image);
  const auto of_image =
      used ? services_.accounts.find_project(used->project) : std::nullopt;
  const auto policy = policies_.of(of_image ? of_image->id : 0);
  const bool by_own = policy->signatures.demand == Demand::none;
  const auto& rules = by_own ? own : policy->signatures;
  if (rules.demand == Demand::none) return;
  const auto name = full_image_name(image);
  if (by_own && used && used->project != project &&
      rules.excepts_other(name.host + "/" + name.path)) {
    return;
  }
  if (!used || !of_image) {
    fail(ErrorCode::conflict,
         "{} is not an image that is here, and the policy of project '{}' "
         "demands a signature of what is deployed",
         image, project);
  }
  const Place place{of_image->id, used->project, used->repository};
  const auto stored = services_.db.read([&](Connection& db) {
    return used->digest.empty() ? load_by_tag(db, place, used->tag)
                                : load_by_digest(db, place, used->digest);
  });
  if (!stored) {
    fail(ErrorCode::conflict,
         "{} is not here, and the policy of project '{}' demands a signature "
         "of what is deployed",
         image, by_own ? project : place.project);
  }
  const auto why = missing(place, rules, stored->digest,
                           used->digest.empty() ? used->tag : "");
  if (why.empty()) return;
  fail(ErrorCode::conflict, "{}{}, and project '{}' demands one of what is "
                            "deployed",
       why, by_own && place.project != project
                ? fmt::format(" (asked with the keys of project '{}')", project)
                : std::string(),
       by_own ? project : place.project);
}

}  // namespace skerry::registry
