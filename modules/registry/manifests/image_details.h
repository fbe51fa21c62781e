// One manifest with all that the page and `skerry image inspect` show of it:
// what it is made of, who refers to it, what its deletion would free.
#pragma once

#include <optional>
#include <string>

#include "core/store/blob_store.h"
#include "core/store/sqlite.h"
#include "core/text/json.h"
#include "manifests/manifest_cache.h"
#include "repositories.h"

namespace skerry::registry {

// Throws not_found when the repository does not have the manifest. Members
// beside those of every manifest:
//   config     of an image: created, author, platform, user, entrypoint, cmd,
//              env, working_dir, exposed_ports, volumes, labels
//   layers     digest, media_type, size_bytes, created_by: the command that
//              made it; steps that made none have `digest` null
//   manifests  of an index: digest, media_type, size_bytes, platform
//   referrers  a tree: digest, artifact_type, size_bytes, pushed, annotations,
//              signature, referrers
//   frees_bytes  what nothing else in any repository names
Json image_details(Database& db, BlobStore& blobs, const Place& place,
                   const StoredManifest& manifest);

}  // namespace skerry::registry
