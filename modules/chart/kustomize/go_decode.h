// Reads JSON into plain values by the rules of Go's encoding/json: members are
// found whatever their case, null leaves a value as it is, and the first fault
// in the order of the text is told in Go's words. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"

namespace skerry::chart::kustomize {

// What is common to one document: the first fault and where reading stands.
class GoDecoder {
 public:
  explicit GoDecoder(bool allows_unknown) : allows_unknown_(allows_unknown) {}

  // "json: cannot unmarshal string into Go struct field ..."
  const std::optional<std::string>& fault() const { return fault_; }

 private:
  friend class GoObject;
  void report(std::string text);

  const bool allows_unknown_;
  std::vector<std::size_t> position_;
  std::vector<std::size_t> fault_position_;
  std::optional<std::string> fault_;
};

// One object being read: a call for each field that its Go struct has, then
// the destructor reports the members that no call asked for.
class GoObject {
 public:
  // The document itself: `type` as in "types.Kustomization".
  GoObject(GoDecoder& decoder, const Json& value, std::string_view type);
  ~GoObject();
  GoObject(const GoObject&) = delete;
  GoObject& operator=(const GoObject&) = delete;

  void text(std::string_view name, std::string& out,
            std::string_view type = "string");
  void optional_text(std::string_view name, std::optional<std::string>& out);
  void flag(std::string_view name, bool& out);
  void integer(std::string_view name, std::int64_t& out,
               std::string_view type = "int64");
  void texts(std::string_view name, std::vector<std::string>& out,
             std::string_view item_type = "string");
  void text_map(std::string_view name, std::map<std::string, std::string>& out);
  void flag_map(std::string_view name, std::map<std::string, bool>& out);
  // A map[string]interface{}.
  void any_map(std::string_view name, Json& out);

  // A struct: `read(GoObject&)`; not called for null.
  template <typename Read>
  void object(std::string_view name, std::string_view type, Read read) {
    for_each(name, [&](const Json& value) {
      GoObject inner(*this, value, type);
      if (inner.object_) read(inner);
    });
  }
  // A list of structs: `read(GoObject&, Item&)` for each.
  template <typename Item, typename Read>
  void list(std::string_view name, std::string_view type,
            std::vector<Item>& out, Read read) {
    for_each(name, [&](const Json& value) {
      if (!expect_array(value, type)) return;
      out.clear();
      for (std::size_t i = 0; i < value.size(); ++i) {
        Item item{};
        enter_item(i);
        if (!value[i].is_null()) {
          GoObject inner(*this, value[i], type);
          if (inner.object_) read(inner, item);
        }
        leave_item();
        out.push_back(std::move(item));
      }
    });
  }
  // Fields until leave() belong to a struct that this one embeds.
  void enter(std::string_view embedded);
  void leave();
  // Whether there is such a member that is not null.
  bool has(std::string_view name) const;

 private:
  GoObject(GoObject& outer, const Json& value, std::string_view type);

  template <typename Use>
  void for_each(std::string_view name, Use use) {
    if (!object_) return;
    std::size_t i = 0;
    for (auto it = object_->begin(); it != object_->end(); ++it, ++i) {
      if (!is_named(it.key(), name)) continue;
      known_[i] = true;
      if (it->is_null()) continue;
      begin_member(i, name);
      use(*it);
      end_member();
    }
  }
  static bool is_named(std::string_view key, std::string_view name);
  void begin_member(std::size_t i, std::string_view name);
  void end_member();
  void enter_item(std::size_t i) { decoder_.position_.push_back(i); }
  void leave_item() { decoder_.position_.pop_back(); }
  bool expect_array(const Json& value, std::string_view item_type);
  bool expect_object(const Json& value, std::string_view type);
  bool read_text(const Json& value, std::string& out, std::string_view type);
  bool read_flag(const Json& value, bool& out);
  void mismatch(const Json& value, std::string_view type);

  GoDecoder& decoder_;
  const Json* object_ = nullptr;
  std::string struct_;  // "Patch"
  std::string path_;    // "patches.target"
  std::vector<std::size_t> embedded_;  // lengths of path_ before enter()
  std::vector<std::size_t> members_;   // the same before begin_member()
  std::vector<bool> known_;
};

}  // namespace skerry::chart::kustomize
