// The registry's parts, as the route handlers see them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "blobs/blobs.h"
#include "blobs/uploads.h"
#include "core/boot/module.h"
#include "manifests/deletions.h"
#include "manifests/manifests.h"
#include "notify/notifier.h"
#include "policy/policies.h"
#include "policy/quota.h"
#include "policy/retention_run.h"
#include "policy/signatures.h"
#include "pulls/pulls.h"
#include "upstream/downloads.h"
#include "upstream/mirror.h"
#include "upstream/upstreams.h"

namespace skerry::registry {

struct Parts {
  Parts(Services& all, std::function<std::string()> base_url)
      : services(all),
        policies(all.db),
        quota(all.db, policies),
        blobs(all, quota),
        uploads(all, blobs, quota),
        pulls(all.db),
        notifier(all, std::move(base_url)),
        manifests(all, policies, quota, pulls, notifier),
        deletions(all, policies, notifier,
                  [this](const Place& place,
                         const std::vector<std::string>& references) {
                    manifests.forget(place, references);
                  }),
        upstreams(all),
        mirror(all, manifests, deletions),
        downloads(all, blobs, quota),
        retention(all, policies, pulls, deletions),
        signatures(all, policies) {}
  Services& services;
  Policies policies;
  Quota quota;
  Blobs blobs;
  Uploads uploads;
  Pulls pulls;
  Notifier notifier;
  Manifests manifests;
  Deletions deletions;
  Upstreams upstreams;
  Mirror mirror;
  Downloads downloads;
  Retention retention;
  Signatures signatures;
};

// The header by which old Docker clients know a registry.
inline void api_version(http::Response& response) {
  response.header("Docker-Distribution-Api-Version", "registry/2.0");
}

}  // namespace skerry::registry
