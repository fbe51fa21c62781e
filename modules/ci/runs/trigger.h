// How runs come to be: a push, a person, a repetition.
#pragma once

#include <string>
#include <string_view>

#include "core/events/event_log.h"
#include "runs/context.h"

namespace skerry::ci {

// RefUpdated: makes a run for the new commit of a branch or tag, if there is a
// pipeline. Idempotent for the same event.
void on_ref_updated(Context& context, const Event& event);

// A run of the commit that `ref` names ("main", "refs/tags/v1"). Throws
// not_found for the ref or when it has no pipeline, invalid for parameters.
Run start_run(Context& context, std::string_view project, std::string_view repo,
              std::string_view ref, const Parameters& parameters,
              std::string_view who);
// The same commit with the same parameters again.
Run rerun(Context& context, const Run& run, std::string_view cause,
          int attempt = 1);
// False when it has ended already.
bool cancel_run(Context& context, const Run& run, std::string_view who);
// "demo/hello #3: push of refs/heads/main at 0123456789ab"
std::string first_log_line(const Run& run);
// Gives waiting runs a job again, now that a place has become free.
void wake_waiting(Context& context, Transaction& tx);

}  // namespace skerry::ci
