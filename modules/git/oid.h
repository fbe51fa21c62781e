// Object ids (SHA-1, 20 bytes) and a compact map keyed by them. No libgit2
// here: the protocol parsers stand on this file alone.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::git {

inline constexpr std::size_t kOidBytes = 20;
inline constexpr std::size_t kOidHex = 40;

struct Oid {
  std::array<unsigned char, kOidBytes> bytes{};

  // 40 hexadecimal digits, nothing else.
  static std::optional<Oid> parse(std::string_view hex);
  static Oid from_raw(const void* raw) {
    Oid id;
    std::memcpy(id.bytes.data(), raw, kOidBytes);
    return id;
  }
  std::string hex() const;
  bool is_zero() const { return *this == Oid{}; }
  // Object ids are hashes already: their first bytes are as good as any.
  std::uint64_t hash() const {
    std::uint64_t value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  auto operator<=>(const Oid&) const = default;
};

// An open-addressing hash map from object id to a small value; never shrinks.
// Costs about (20 + sizeof V) * 2 bytes an object. Not thread-safe.
template <typename V>
class OidMap {
 public:
  std::size_t size() const { return used_; }

  V* find(const Oid& id) {
    if (slots_.empty()) return nullptr;
    Slot& slot = slots_[probe(id)];
    return slot.full ? &slot.value : nullptr;
  }
  const V* find(const Oid& id) const {
    return const_cast<OidMap*>(this)->find(id);
  }
  bool contains(const Oid& id) const { return find(id) != nullptr; }

  // The value of `id`, and whether it is new (then it is `value`).
  std::pair<V*, bool> insert(const Oid& id, V value) {
    if ((used_ + 1) * 3 > slots_.size() * 2) grow();
    Slot& slot = slots_[probe(id)];
    if (slot.full) return {&slot.value, false};
    slot = Slot{id, true, std::move(value)};
    ++used_;
    return {&slot.value, true};
  }

  template <typename F>
  void each(F&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.full) visit(slot.id, slot.value);
    }
  }

 private:
  struct Slot {
    Oid id;
    bool full = false;
    V value{};
  };
  std::size_t probe(const Oid& id) const {
    std::size_t mask = slots_.size() - 1;
    std::size_t at = id.hash() & mask;
    while (slots_[at].full && slots_[at].id != id) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old) {
      if (slot.full) slots_[probe(slot.id)] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace skerry::git
