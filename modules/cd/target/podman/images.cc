#include "target/podman/images.h"

#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "core/telemetry/log.h"

namespace skerry::cd::podman {
namespace fs = std::filesystem;
namespace {

// Removing takes podman a moment each; the rest goes after the next sync.
constexpr int kMostAtOnce = 20;

}  // namespace

Images::Hold::Hold(Images& images, const std::vector<Image>& held)
    : images_(images) {
  for (const Image& image : held) names_.push_back(image.name);
  MutexLock lock(images_.mutex_);
  for (const std::string& name : names_) ++images_.held_[name];
}

Images::Hold::~Hold() {
  MutexLock lock(images_.mutex_);
  for (const std::string& name : names_) {
    if (--images_.held_[name] == 0) images_.held_.erase(name);
  }
}

fs::path Images::record_of(const std::string& name) const {
  return engine_.pulled_folder() / digest_of(name).hex;
}

void Images::pull(const Image& image,
                  const std::optional<PullAccess>& access) {
  const std::string before = engine_.image_id(image.name);
  if (image.policy != "Always" && !before.empty()) return;
  if (image.policy == "Never") {
    fail(ErrorCode::unavailable,
         "the image {} is not here, and imagePullPolicy is Never", image.name);
  }
  // First the record, so that nothing is pulled that nobody knows of.
  write_file_atomically(record_of(image.name), image.name);
  engine_.pull(image.name, access);
  if (before.empty() || before == engine_.image_id(image.name)) return;
  write_file_atomically(record_of(before), before);
}

bool Images::remove(const std::string& name, const fs::path& record) {
  const bool gone = engine_.image_id(name).empty();
  if (!gone && !engine_.remove_image(name)) return false;
  fs::remove(record);
  if (!gone) log::info("image removed", {{"image", name}});
  return true;
}

void Images::tidy(const std::set<std::string>& wanted) {
  std::map<std::string, fs::path> spare;
  for (const auto& entry : fs::directory_iterator(engine_.pulled_folder())) {
    if (!entry.is_regular_file()) continue;
    const std::string name = read_file(entry.path());
    if (!wanted.contains(name)) spare.emplace(name, entry.path());
  }
  int removed = 0;
  for (const auto& [name, record] : spare) {
    MutexLock lock(mutex_);
    if (held_.contains(name)) continue;
    if (remove(name, record) && ++removed == kMostAtOnce) return;
  }
}

}  // namespace skerry::cd::podman
