#include "kustomize/loader.h"

#include "core/error.h"

namespace skerry::chart::kustomize {

namespace {

constexpr std::uint64_t kMaxFile = 64u << 20;
constexpr int kMaxLinks = 255;

// Go's filepath.Clean for an absolute path: ".." stops at the root.
std::string clean_absolute(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    std::size_t slash = path.find('/');
    std::string_view part = path.substr(0, slash);
    path = slash == path.npos ? "" : path.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      out += '/';
      out += part;
    } else if (std::size_t up = out.rfind('/'); up != out.npos) {
      out.resize(up);
    }
  }
  return out.empty() ? "/" : out;
}

std::string_view in_tree(std::string_view absolute) {
  return absolute.substr(1);
}

std::string parent_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? "/" : path.substr(0, slash);
}

std::string base_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_in_or_below(std::string_view folder, std::string_view above) {
  if (above == "/" || folder == above) return true;
  return folder.size() > above.size() && folder.starts_with(above) &&
         folder[above.size()] == '/';
}

bool is_folder(const Tree& tree, const std::string& path) {
  if (path == "/") return true;
  auto entry = tree.find(in_tree(path));
  return entry && entry->kind == EntryKind::folder;
}

// filepath.EvalSymlinks.
std::string follow_links(const Tree& tree, std::string path) {
  std::string done;
  std::string todo = std::move(path);
  int links = 0;
  while (todo.size() > 1) {
    std::size_t slash = todo.find('/', 1);
    std::string next = done + todo.substr(0, slash);
    todo = slash == todo.npos ? "" : todo.substr(slash);
    auto entry = tree.find(in_tree(next));
    if (!entry) {
      fail(ErrorCode::not_found, "lstat {}: no such file or directory", next);
    }
    if (entry->kind == EntryKind::symlink) {
      if (++links > kMaxLinks) {
        fail(ErrorCode::invalid, "EvalSymlinks: too many links");
      }
      std::string target = tree.read(in_tree(next), 4096);
      if (!target.starts_with('/')) target = parent_of(next) + "/" + target;
      todo = clean_absolute(target) + todo;
      done.clear();
    } else if (entry->kind != EntryKind::folder && todo.size() > 1) {
      fail(ErrorCode::invalid, "not a directory");
    } else {
      done = next;
    }
  }
  return done.empty() ? "/" : done;
}

}  // namespace

std::shared_ptr<const Tree> NoRemoteSource::repository(const RepoSpec& spec) {
  fail(ErrorCode::unavailable,
       "the repository '{}' is not at hand: remote bases are not fetched",
       spec.clone_spec());
}

std::string NoRemoteSource::file(const std::string& address) {
  fail(ErrorCode::unavailable, "Get \"{}\": remote files are not fetched",
       address);
}

Loader::Loader(const Tree& tree, std::string_view folder,
               const std::string& shown, bool restricted, RemoteSource& remote)
    : tree_(&tree), restricted_(restricted), remote_(remote) {
  try {
    root_ = confirm_folder("/" + std::string(folder), shown);
  } catch (const Error& error) {
    throw error.in("must build at directory");
  }
}

std::string Loader::absolute(std::string_view path) const {
  if (path.starts_with('/')) return clean_absolute(path);
  return clean_absolute(root_ + "/" + std::string(path));
}

Loader::Place Loader::resolve(const std::string& path,
                              const std::string& shown) const {
  std::string found;
  try {
    found = follow_links(*tree_, clean_absolute(path));
  } catch (const Error& error) {
    fail(error.code(), "evalsymlink failure on '{}' : {}", shown,
         error.message());
  }
  if (is_folder(*tree_, found)) return {found, ""};
  return {parent_of(found), base_of(found)};
}

std::string Loader::confirm_folder(const std::string& path,
                                   const std::string& shown) const {
  Place place;
  try {
    place = resolve(path, shown);
  } catch (const Error& error) {
    throw error.in("not a valid directory");
  }
  if (!place.file.empty()) {
    fail(ErrorCode::invalid, "'{}': file is not directory", shown);
  }
  return place.folder;
}

std::string Loader::read(const std::string& path) const {
  try {
    return tree_->read(in_tree(path), kMaxFile);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    fail(ErrorCode::not_found, "open {}: no such file or directory", path);
  }
}

std::string Loader::load(const std::string& path) const {
  if (is_remote_file(path)) return remote_.file(path);
  std::string wanted = absolute(path);
  if (!restricted_) {
    std::string found;
    try {
      found = follow_links(*tree_, wanted);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      fail(ErrorCode::not_found, "open {}: no such file or directory", wanted);
    }
    if (is_folder(*tree_, found)) {
      fail(ErrorCode::invalid, "read {}: is a directory", wanted);
    }
    return read(found);
  }
  Place place = resolve(wanted, wanted);
  if (place.file.empty()) {
    fail(ErrorCode::invalid, "'{}' must resolve to a file", wanted);
  }
  if (!is_in_or_below(place.folder, root_)) {
    fail(ErrorCode::invalid, "security; file '{}' is not in or below '{}'",
         wanted, root_);
  }
  return read(place.folder == "/" ? "/" + place.file
                                  : place.folder + "/" + place.file);
}

void Loader::refuse_circle(const std::string& candidate) const {
  for (const Loader* one = this; one; one = one->referrer_) {
    if (one->tree_ != tree_) break;  // another repository's folders
    if (is_in_or_below(one->root_, candidate)) {
      fail(ErrorCode::invalid,
           "cycle detected: candidate root '{}' contains visited root '{}'",
           candidate, one->root_);
    }
  }
}

void Loader::refuse_repository_circle(const RepoSpec& spec) const {
  for (const Loader* one = this; one; one = one->referrer_) {
    if (one->repo_ && one->repo_->raw.starts_with(spec.raw)) {
      fail(ErrorCode::invalid,
           "cycle detected: URI '{}' referenced by previous URI '{}'",
           spec.raw, one->repo_->raw);
    }
  }
}

std::unique_ptr<Loader> Loader::enter_repository(RepoSpec spec) const {
  refuse_repository_circle(spec);
  auto repository = remote_.repository(spec);
  const Tree& tree = *repository;
  std::unique_ptr<Loader> made(
      new Loader(this, std::move(repository), tree, true, remote_));
  std::string path = clean_absolute("/" + spec.folder);
  Place place = made->resolve(path, path);
  if (!place.file.empty()) {
    fail(ErrorCode::invalid, "'{}' refers to file '{}'; expecting directory",
         path, place.file);
  }
  made->root_ = place.folder;
  made->repo_ = std::move(spec);
  return made;
}

std::unique_ptr<Loader> Loader::descend(const std::string& path) const {
  if (path.empty()) fail(ErrorCode::invalid, "new root cannot be empty");
  if (auto spec = parse_repo_spec(path)) {
    return enter_repository(std::move(*spec));
  }
  if (path.starts_with('/')) {
    fail(ErrorCode::invalid, "new root '{}' cannot be absolute", path);
  }
  std::string root;
  try {
    root = confirm_folder(absolute(path), absolute(path));
  } catch (const Error& error) {
    throw error.in("must build at directory");
  }
  refuse_circle(root);
  std::unique_ptr<Loader> made(
      new Loader(this, owned_, *tree_, restricted_, remote_));
  made->root_ = std::move(root);
  return made;
}

}  // namespace skerry::chart::kustomize
