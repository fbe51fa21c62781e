#include "target/podman/conf.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>

#include "core/os/process.h"
#include "core/store/digest.h"

namespace skerry::cd::podman {
namespace fs = std::filesystem;
namespace {

constexpr long kCgroup2Magic = 0x63677270;  // linux/magic.h

// What a container may get: at most podman's own default, and no more than a
// process without CAP_SYS_RESOURCE can pass on.
unsigned long container_limit(int resource, unsigned long podmans) {
  struct rlimit limit {};
  if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) {
    return 4096;
  }
  return std::min<unsigned long>(limit.rlim_max, podmans);
}

}  // namespace

Machine look_at_machine() {
  Machine machine;
  struct statfs info {};
  machine.unified_cgroups = ::statfs("/sys/fs/cgroup", &info) == 0 &&
                            static_cast<long>(info.f_type) == kCgroup2Magic;
  machine.systemd = ::access("/run/systemd/system", F_OK) == 0;
  machine.crun = find_program("crun").has_value();
  machine.runc = find_program("runc").has_value();
  machine.netavark = ::access("/usr/lib/podman/netavark", X_OK) == 0 ||
                     ::access("/usr/libexec/podman/netavark", X_OK) == 0;
  machine.open_files = container_limit(RLIMIT_NOFILE, 1'048'576);
  machine.processes = container_limit(RLIMIT_NPROC, 32'768);
  return machine;
}

std::string containers_conf(const Machine& machine, const std::string& runtime,
                            const fs::path& folder,
                            const fs::path& run_folder) {
  // crun of Debian 12 does not start containers on hybrid cgroups.
  const std::string chosen = !runtime.empty() ? runtime
                             : machine.crun &&
                                     (machine.unified_cgroups || !machine.runc)
                                 ? "crun"
                                 : "runc";
  std::string text = fmt::format(
      "# Written by skerry at each start; changes are lost.\n"
      "[containers]\n"
      "default_ulimits = [\"nofile={0}:{0}\", \"nproc={1}:{1}\"]\n"
      "log_driver = \"k8s-file\"\n"
      "log_size_max = 10485760\n"
      "[engine]\n"
      "runtime = \"{2}\"\n"
      "cgroup_manager = \"{3}\"\n"
      "events_logger = \"file\"\n"
      "tmp_dir = \"{4}\"\n"
      "[network]\n"
      "network_config_dir = \"{5}\"\n",
      machine.open_files, machine.processes, chosen,
      machine.systemd ? "systemd" : "cgroupfs",
      (run_folder / "libpod").native(), (folder / "networks").native());
  if (machine.netavark) text += "network_backend = \"netavark\"\n";
  return text;
}

std::string storage_conf(const std::string& driver, const fs::path& folder,
                         const fs::path& run_folder) {
  return fmt::format(
      "# The driver of a storage folder never changes: to change it, stop\n"
      "# skerry and remove this whole folder.\n"
      "[storage]\n"
      "driver = \"{}\"\n"
      "graphroot = \"{}\"\n"
      "runroot = \"{}\"\n",
      driver, (folder / "storage").native(), (run_folder / "storage").native());
}

std::string instance_of(const fs::path& folder) {
  return digest_of(folder.native()).hex.substr(0, 12);
}

fs::path run_folder_of(const fs::path& folder) {
  if (::access("/run", W_OK) != 0) return folder / "run";
  return fs::path("/run/skerry-podman") / instance_of(folder);
}

}  // namespace skerry::cd::podman
