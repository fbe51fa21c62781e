#include "upstream/download.h"

namespace skerry::registry {

bool Download::add_place(const Place& place) {
  MutexLock lock(mutex_);
  if (closed_) return false;
  repositories_.insert(place.repository);
  return true;
}

Download::State Download::explained(GrowingFile::State state) {
  MutexLock lock(mutex_);
  return {state, trouble_};
}

std::set<std::string> Download::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  return repositories_;
}

void Download::finish(std::optional<Trouble> trouble) {
  const bool done = !trouble;
  {
    MutexLock lock(mutex_);
    closed_ = true;
    trouble_ = std::move(trouble);
  }
  file_.finish(done);
}

}  // namespace skerry::registry
