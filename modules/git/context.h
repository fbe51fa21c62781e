// What the parts of this module share. Made once by GitModule; outlives every
// request.
#pragma once

#include "core/boot/module.h"
#include "libgit2.h"
#include "plan_cache.h"
#include "repositories.h"
#include "slots.h"

namespace skerry::git {

struct Context {
  explicit Context(Services& s)
      : services(s), repositories(s), plans([&s] {
          return static_cast<std::uint64_t>(
              s.settings.integer("git.plan_cache_size"));
        }) {}

  Library library;  // first: libgit2 runs as long as anything below
  Services& services;
  Repositories repositories;
  PlanCache plans;
  // Walks hold their objects in memory: not too many at once.
  Slots walks{4};
};

}  // namespace skerry::git
