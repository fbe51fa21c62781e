// Reads the members of a YAML object strictly: each is taken by name and type,
// and what is left over is refused with its path. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"

namespace skerry::cd {

class Fields {
 public:
  // Throws invalid when `object` is neither an object nor null. Keeps a
  // reference to it. `unknown` ends the sentence about a left-over member.
  Fields(const Json& object, std::string path,
         std::string unknown = "is not a known field");

  // Throws invalid "<path>.<key> must be ..." for another type; the default
  // for an absent or null member.
  std::string text(const char* key, std::string_view otherwise = {});
  bool boolean(const char* key, bool otherwise);
  std::int64_t integer(const char* key, std::int64_t otherwise);
  std::vector<std::string> texts(const char* key);
  // A string, number or boolean as text, as Helm parameters allow.
  std::string scalar(const char* key);
  // The member, or null.
  const Json& any(const char* key);
  bool has(const char* key) const;
  // Whether the member says anything: it is there and neither null nor an
  // empty string, list or object. Takes it.
  bool given(const char* key);
  // A member that is an object; `read` is not called when it is absent.
  void object(const char* key, const std::function<void(Fields&)>& read);
  // A list of objects; each gets its own Fields, done() called after.
  void list(const char* key, const std::function<void(Fields&)>& read);
  // Members that are known and not supported: refused when they are there and
  // not null.
  void refuse(std::initializer_list<const char*> keys);
  // Members that mean nothing here and may stand.
  void drop(std::initializer_list<const char*> keys);
  // Refuses every member not taken so far.
  void done() const;

  std::string path_of(std::string_view key) const;
  const std::string& path() const { return path_; }

 private:
  const Json* find(const char* key);

  const Json& object_;
  const std::string path_;
  const std::string unknown_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace skerry::cd
