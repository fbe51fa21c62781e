// The registry's part of garbage collection (core/boot/collection.h): it gives
// up uploads that nobody continues, deleted manifests whose time is over, links
// to blobs that no manifest names, and repositories that hold nothing.
//
// What lives: every manifest that is not deleted, whether a tag, an index or
// nothing names it (retention decides about those), and with it all that it
// names; deleted ones within registry.undo_window; and each link that is
// younger than registry.blob_grace, since the manifest of a push comes last. A
// link's age counts from its last push, mount or look-up by a client, or from
// when its last manifest went.
#pragma once

#include "core/boot/collection.h"
#include "parts.h"

namespace skerry::registry {

void collect_garbage(Parts& parts, Collection& collection);

}  // namespace skerry::registry
