// Where a request that reads goes: to the project that its path names, or, as
// nodes ask their mirrors, to the project that stands in front of the registry
// they mean.
//
//   /v2/hub/library/alpine/...                 the project "hub"
//   /v2/library/alpine/...?ns=docker.io        containerd: the project whose
//                                              upstream answers for that host
//   /v2/library/alpine/...                     dockerd: the project of the
//                                              setting registry.mirror_project,
//                                              when there is no project
//                                              "library"
//
// An ns that no upstream answers for is ignored, as every registry does: the
// images may have been pushed here under the same names.
#pragma once

#include <string>
#include <string_view>

#include "access.h"
#include "parts.h"

namespace skerry::registry {

struct Entry {
  Place place;             // canonical, for a project with an upstream
  Upstreams::Ref upstream; // null: nothing is fetched
};

// As enter() for Action::pull, for patterns /v2/{project}/{name+}/... and
// /v2/{project}/... alike. Throws DENIED too for what the upstream's `allow`
// leaves out.
Entry enter_pull(Parts& parts, const http::Request& request);

// As enter() for Action::push; throws UNSUPPORTED for a project that stands in
// front of an upstream.
Place enter_push(Parts& parts, const http::Request& request);
void refuse_mirrored(Parts& parts, const Place& place);

// Of the name in a scope: what the token must cover for it.
FullName scope_target(Parts& parts, FullName name);

}  // namespace skerry::registry
