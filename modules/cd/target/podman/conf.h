// The configuration files that the daemon writes for its podman. Pure, except
// for looking at this machine.
#pragma once

#include <filesystem>
#include <string>

namespace skerry::cd::podman {

// What decides the configuration.
struct Machine {
  bool unified_cgroups = false;  // cgroup v2 only
  bool systemd = false;          // runs as the init system
  bool crun = false, runc = false, netavark = false;
  unsigned long open_files = 0, processes = 0;  // for a container
};
Machine look_at_machine();

std::string containers_conf(const Machine& machine, const std::string& runtime,
                            const std::filesystem::path& folder,
                            const std::filesystem::path& run_folder);
std::string storage_conf(const std::string& driver,
                         const std::filesystem::path& folder,
                         const std::filesystem::path& run_folder);
// Tells this podman folder from others on the machine.
std::string instance_of(const std::filesystem::path& folder);
// Where podman keeps what must vanish at a reboot: below /run when that can be
// written, otherwise in the folder itself.
std::filesystem::path run_folder_of(const std::filesystem::path& folder);

}  // namespace skerry::cd::podman
