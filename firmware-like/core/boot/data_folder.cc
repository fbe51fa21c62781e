#include "core/boot/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"

namespace skerry::boot {
namespace fs = std::filesystem;

DataFolder::DataFolder(const fs::path& folder) {
  std::error_code error;
  const fs::path data = fs::absolute(folder);
  paths_ = {data, data / "git", data / "work", data / "keys"};
  for (const fs::path& part :
       {data, paths_.git, paths_.work, paths_.keys, data / "blobs"}) {
    fs::create_directories(part, error);
    if (error) {
      fail(ErrorCode::denied,
           "cannot make {}: {}; give the service's user this folder or choose "
           "another with --data",
           part.native(), error.message());
    }
  }
  ::chmod(paths_.keys.c_str(), 0700);
  lock_ = Fd(::open((data / "skerry.lock").c_str(),
                    O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) {
    fail(ErrorCode::denied,
         "cannot write to {}: {}; give the service's user this folder or "
         "choose another with --data",
         data.native(), std::generic_category().message(errno));
  }
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    fail(ErrorCode::conflict, "another skerry is running on {}",
         data.native());
  }
  // Writing one file tells a read-only disk before anything is begun. A full
  // one is no reason to stay away: deleting something needs a server.
  const fs::path probe = data / ".probe";
  try {
    write_file_atomically(probe, "skerry");
  } catch (const Error& failure) {
    if (failure.code() != ErrorCode::unavailable) throw;
    log::warning("the disk is full", {{"folder", data.native()}});
  }
  fs::remove(probe, error);
}

std::string DataFolder::secret_key(std::string_view name) const {
  const fs::path path = paths_.keys / name;
  if (!fs::exists(path)) write_file_atomically(path, random_bytes(32), 0600);
  std::string key = read_file(path, 32);
  if (key.size() != 32) {
    fail(ErrorCode::invalid, "{} must hold 32 bytes but holds {}; restore it "
         "from a backup", path.native(), key.size());
  }
  return key;
}

void DataFolder::empty_work() const {
  for (const auto& entry : fs::directory_iterator(paths_.work)) {
    remove_tree(entry.path());
  }
}

}  // namespace skerry::boot
