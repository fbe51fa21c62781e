#include "libgit2.h"

#include "core/error.h"
#include "objects.h"

namespace skerry::git {

Library::Library() {
  if (git_libgit2_init() < 0) {
    fail(ErrorCode::internal, "libgit2 cannot start: {}", last_error());
  }
  // Objects are read once mostly; a large cache would only hold memory.
  git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(8) << 20);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, static_cast<size_t>(16) << 20);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, static_cast<size_t>(256)
                                                         << 20);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, static_cast<size_t>(128));
  // Refs and packs are on disk before a push is answered.
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  // The data folder is ours; whose uid its files carry says nothing.
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // The machine's own Git configuration must not change how we behave.
  for (int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                    GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL}) {
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  }
}

Library::~Library() { git_libgit2_shutdown(); }

std::string last_error() {
  const git_error* error = git_error_last();
  return error == nullptr || error->message == nullptr ? "unknown fault"
                                                       : error->message;
}

void check(int status, std::string_view what) {
  if (status >= 0) return;
  ErrorCode code = ErrorCode::io;
  switch (status) {
    case GIT_ENOTFOUND:
      code = ErrorCode::not_found;
      break;
    case GIT_EEXISTS:
    case GIT_EMODIFIED:
    case GIT_ELOCKED:
    case GIT_EDIRECTORY:
      code = ErrorCode::conflict;
      break;
    case GIT_EINVALIDSPEC:
    case GIT_EAMBIGUOUS:
      code = ErrorCode::invalid;
      break;
    default:
      break;
  }
  fail(code, "{}: {}", what, last_error());
}

git_oid to_git(const Oid& id) {
  git_oid result;
  std::memcpy(result.id, id.bytes.data(), kOidBytes);
  return result;
}

Oid from_git(const git_oid& id) { return Oid::from_raw(id.id); }

std::string_view to_string(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return "commit";
    case ObjectType::tree:
      return "tree";
    case ObjectType::blob:
      return "blob";
    case ObjectType::tag:
      return "tag";
  }
  return "unknown";
}

ObjectType RawObject::type() const {
  return static_cast<ObjectType>(git_odb_object_type(object_.get()));
}

std::string_view RawObject::data() const {
  return {static_cast<const char*>(git_odb_object_data(object_.get())),
          git_odb_object_size(object_.get())};
}

bool ObjectReader::exists(const Oid& id) const {
  git_oid key = to_git(id);
  return git_odb_exists(odb_, &key) == 1;
}

std::optional<RawObject> ObjectReader::find(const Oid& id) const {
  git_oid key = to_git(id);
  git_odb_object* object = nullptr;
  int status = git_odb_read(&object, odb_, &key);
  if (status == GIT_ENOTFOUND) return std::nullopt;
  check(status, "read object " + id.hex());
  return RawObject(object);
}

RawObject ObjectReader::read(const Oid& id) const {
  auto object = find(id);
  if (!object) fail(ErrorCode::not_found, "object {} is missing", id.hex());
  return std::move(*object);
}

std::optional<ObjectHeader> ObjectReader::header(const Oid& id) const {
  git_oid key = to_git(id);
  size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  int status = git_odb_read_header(&size, &type, odb_, &key);
  if (status == GIT_ENOTFOUND) return std::nullopt;
  check(status, "read object " + id.hex());
  return ObjectHeader{static_cast<ObjectType>(type), size};
}

std::optional<ObjectReader::Peeled> ObjectReader::peel(const Oid& id) const {
  constexpr int kMaxTags = 64;
  Oid at = id;
  for (int i = 0; i < kMaxTags; ++i) {
    auto head = header(at);
    if (!head) return std::nullopt;
    if (head->type != ObjectType::tag) return Peeled{at, head->type};
    at = parse_tag(read(at).data()).target;
  }
  fail(ErrorCode::invalid, "tag {} names more than {} tags in a row", id.hex(),
       kMaxTags);
}

RepositoryPtr open_bare(const std::filesystem::path& folder) {
  git_repository* repository = nullptr;
  check(git_repository_open_bare(&repository, folder.c_str()),
        "open repository " + folder.filename().string());
  return RepositoryPtr(repository);
}

OdbPtr odb_of(git_repository* repository) {
  git_odb* odb = nullptr;
  check(git_repository_odb(&odb, repository), "open the object database");
  return OdbPtr(odb);
}

}  // namespace skerry::git
