// The job that carries a run out, from its claim to its last row.
#pragma once

#include "core/jobs/job_queue.h"
#include "runs/context.h"

namespace skerry::ci {

void run_job(Context& context, JobContext& job);
// After a crash: runs that were running are over, and (setting
// ci.resume_interrupted) begin again as new ones; sandboxes, workspaces and
// groups of the dead process go; queued runs have a job again.
void recover_runs(Context& context);

}  // namespace skerry::ci
