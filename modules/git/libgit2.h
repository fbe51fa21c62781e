// The wrapper of libgit2: owning pointers, errors as skerry::Error, raw object
// access. Nothing else in this module calls a git_*_free.
#pragma once

#include <git2.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "oid.h"

namespace skerry::git {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using RepositoryPtr =
    std::unique_ptr<git_repository, Freer<git_repository_free>>;
using OdbPtr = std::unique_ptr<git_odb, Freer<git_odb_free>>;
using OdbObjectPtr =
    std::unique_ptr<git_odb_object, Freer<git_odb_object_free>>;
using ReferencePtr = std::unique_ptr<git_reference, Freer<git_reference_free>>;
using RefIteratorPtr =
    std::unique_ptr<git_reference_iterator, Freer<git_reference_iterator_free>>;
using RefdbPtr = std::unique_ptr<git_refdb, Freer<git_refdb_free>>;
using CommitPtr = std::unique_ptr<git_commit, Freer<git_commit_free>>;
using IndexerPtr = std::unique_ptr<git_indexer, Freer<git_indexer_free>>;

// Starts and stops libgit2 and bounds its caches. One per process at a time is
// enough; more are counted.
class Library {
 public:
  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

// Throws what libgit2 says when `status` is negative: not_found, conflict,
// invalid or io, with `what` in front.
void check(int status, std::string_view what);
std::string last_error();

git_oid to_git(const Oid& id);
Oid from_git(const git_oid& id);

enum class ObjectType { commit = 1, tree = 2, blob = 3, tag = 4 };
std::string_view to_string(ObjectType type);

// An object's bytes, owned by libgit2.
class RawObject {
 public:
  explicit RawObject(git_odb_object* object) : object_(object) {}
  ObjectType type() const;
  std::string_view data() const;

 private:
  OdbObjectPtr object_;
};

struct ObjectHeader {
  ObjectType type;
  std::uint64_t size;
};

// Reads objects of one object database. Used by one thread at a time; does not
// own the database.
class ObjectReader {
 public:
  explicit ObjectReader(git_odb* odb) : odb_(odb) {}
  git_odb* odb() const { return odb_; }

  bool exists(const Oid& id) const;
  std::optional<RawObject> find(const Oid& id) const;
  // Throws not_found: "object <id> is missing".
  RawObject read(const Oid& id) const;
  std::optional<ObjectHeader> header(const Oid& id) const;
  // Follows tags to what they name at last; nothing when something on the way
  // is missing. Throws invalid past 64 tags.
  struct Peeled {
    Oid id;
    ObjectType type;
  };
  std::optional<Peeled> peel(const Oid& id) const;

 private:
  git_odb* odb_;
};

RepositoryPtr open_bare(const std::filesystem::path& folder);
OdbPtr odb_of(git_repository* repository);

}  // namespace skerry::git
