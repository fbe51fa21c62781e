// The inside half of the sandbox: what `skerry sandbox-init` runs.
#pragma once

namespace skerry::ci {

// The hidden command by which the program starts itself again to enter a
// sandbox: `/proc/self/exe sandbox-init`, a sandbox::Spec as JSON on standard
// input. Answers with the exit code of the command in the spec. Call it first
// thing in main(): it must run before threads and before other set-up.
inline constexpr const char* kSandboxInitCommand = "sandbox-init";
int sandbox_init_main(int argc, char** argv);

}  // namespace skerry::ci
