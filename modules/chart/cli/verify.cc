#include <ostream>

#include "chart/cli.h"
#include "cli/command.h"
#include "cli/sources.h"
#include "provenance/verify.h"

namespace skerry::chart {

int verify_command(const Arguments& arguments, const CommandStreams& streams) {
  const CommandSpec spec{"verify", "verify PATH", Count::exactly, 1,
                         {{"keyring"}}};
  return run_command(spec, arguments, streams, [&](const Flags& flags) {
    auto result = verify_file(flags.positional()[0], keyring_of(flags));
    for (auto& name : result.signers) {
      streams.out << "Signed by: " << name << '\n';
    }
    streams.out << "Using Key With Fingerprint: " << result.fingerprint
                << "\nChart Hash Verified: " << result.file_hash << '\n';
  });
}

}  // namespace skerry::chart
