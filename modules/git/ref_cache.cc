#include "ref_cache.h"

#include <sys/stat.h>
#include <time.h>

#include <algorithm>

#include "core/error.h"
#include "core/text/unicode.h"

namespace skerry::git {
namespace {

constexpr std::int64_t kNanos = 1'000'000'000;

// What a change of the refs cannot leave as it was.
struct Signature {
  std::string text;
  std::int64_t newest = 0;  // nanoseconds since 1970

  void add(const std::filesystem::path& path) {
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) {
      text += "-;";
      return;
    }
    std::int64_t time = info.st_mtim.tv_sec * kNanos + info.st_mtim.tv_nsec;
    text += fmt::format("{}.{}.{};", info.st_ino, time, info.st_size);
    newest = std::max(newest, time);
  }
};

Signature take_signature(const std::filesystem::path& folder) {
  Signature signature;
  signature.add(folder / "HEAD");
  signature.add(folder / "packed-refs");
  signature.add(folder / "refs");
  std::error_code fault;
  for (std::filesystem::recursive_directory_iterator it(folder / "refs", fault),
       end;
       !fault && it != end; it.increment(fault)) {
    if (it->is_directory(fault)) signature.add(it->path());
  }
  return signature;
}

bool is_settled(const Signature& signature) {
  // Coarser than any file system's clock that we meet.
  constexpr std::int64_t kTick = 100'000'000;
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return signature.newest + kTick < now.tv_sec * kNanos + now.tv_nsec;
}

std::optional<Oid> target_of(git_reference* reference) {
  if (git_reference_type(reference) == GIT_REFERENCE_DIRECT) {
    return from_git(*git_reference_target(reference));
  }
  git_reference* resolved = nullptr;
  if (git_reference_resolve(&resolved, reference) < 0) return std::nullopt;
  ReferencePtr owner(resolved);
  return from_git(*git_reference_target(resolved));
}

std::optional<Oid> peel_tag(const ObjectReader& objects, const Oid& id) {
  auto peeled = objects.peel(id);
  if (!peeled || peeled->id == id) return std::nullopt;
  return peeled->id;
}

void read_head(git_repository* repository, RefList& list) {
  git_reference* head = nullptr;
  check(git_reference_lookup(&head, repository, "HEAD"), "read HEAD");
  ReferencePtr owner(head);
  if (git_reference_type(head) == GIT_REFERENCE_SYMBOLIC) {
    list.head_target = git_reference_symbolic_target(head);
  }
  list.head = target_of(head);
}

std::shared_ptr<const RefList> read_refs(const RepositoryPool::Lease& lease,
                                         const RefList* old) {
  auto list = std::make_shared<RefList>();
  git_reference_iterator* iterator = nullptr;
  check(git_reference_iterator_new(&iterator, lease.repository()), "list refs");
  RefIteratorPtr owner(iterator);
  git_reference* next = nullptr;
  int status = 0;
  while ((status = git_reference_next(&next, iterator)) == 0) {
    ReferencePtr reference(next);
    std::string name = git_reference_name(next);
    if (!name.starts_with("refs/")) continue;
    auto id = target_of(next);
    if (!id) continue;  // a symbolic ref to nothing
    const Ref* known = old == nullptr ? nullptr : old->find(name);
    auto peeled = known != nullptr && known->id == *id
                      ? known->peeled
                      : peel_tag(lease.objects(), *id);
    list->refs.push_back({std::move(name), *id, peeled});
  }
  if (status != GIT_ITEROVER) check(status, "list refs");
  std::sort(list->refs.begin(), list->refs.end(),
            [](const Ref& a, const Ref& b) { return a.name < b.name; });
  read_head(lease.repository(), *list);
  return list;
}

}  // namespace

const Ref* RefList::find(std::string_view name) const {
  auto it = std::lower_bound(
      refs.begin(), refs.end(), name,
      [](const Ref& ref, std::string_view key) { return ref.name < key; });
  return it != refs.end() && it->name == name ? &*it : nullptr;
}

std::shared_ptr<const RefList> RefCache::read(
    const RepositoryPool::Lease& lease, const std::filesystem::path& folder) {
  std::string key = folder.string();
  Signature signature = take_signature(folder);
  std::shared_ptr<const RefList> old;
  {
    MutexLock lock(mutex_);
    auto it = entries_.find(key);
    if (it != entries_.end()) {
      it->second.used = ++clock_;
      old = it->second.list;
      if (it->second.signature == signature.text) return old;
    }
  }
  auto list = read_refs(lease, old.get());
  MutexLock lock(mutex_);
  Entry& entry = entries_[key];
  entry.list = list;
  // An unsettled list serves this request only (and lends its peeled tags).
  entry.signature = is_settled(signature) ? signature.text : std::string();
  entry.used = ++clock_;
  if (entries_.size() > kMaxEntries) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) {
                                      return a.second.used < b.second.used;
                                    }));
  }
  return list;
}

void RefCache::forget(const std::filesystem::path& folder) {
  MutexLock lock(mutex_);
  auto it = entries_.find(folder.string());
  if (it != entries_.end()) it->second.signature.clear();
}

bool is_valid_ref_name(std::string_view name) {
  constexpr std::size_t kMaxName = 512, kMaxPart = 200;
  if (!name.starts_with("refs/") || name.size() > kMaxName ||
      name.find('/', 5) == std::string_view::npos ||
      name.find('\0') != std::string_view::npos ||
      name.find('\x7f') != std::string_view::npos ||  // libgit2 allows it
      !unicode::is_valid(name)) {
    return false;
  }
  std::size_t part = 0;
  for (char c : name) {
    part = c == '/' ? 0 : part + 1;
    if (part > kMaxPart) return false;
  }
  int valid = 0;
  return git_reference_name_is_valid(&valid, std::string(name).c_str()) == 0 &&
         valid == 1;
}

}  // namespace skerry::git
