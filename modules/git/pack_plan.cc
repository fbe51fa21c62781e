#include "pack_plan.h"

#include <algorithm>

#include "core/error.h"

namespace skerry::git {

std::optional<Oid> PackPlan::checksum() const {
  MutexLock lock(mutex_);
  return checksum_;
}

void PackPlan::set_checksum(const Oid& checksum) const {
  MutexLock lock(mutex_);
  checksum_ = checksum;
}

std::size_t PackPlan::memory() const {
  return sizeof *this + pieces.capacity() * sizeof(PackPiece) +
         headers.capacity() + in_full.capacity() * sizeof(Oid);
}

void append_entry_header(std::string& out, EntryType type, std::uint64_t size) {
  unsigned byte = static_cast<unsigned>(type) << 4 | (size & 15);
  size >>= 4;
  while (size != 0) {
    out += static_cast<char>(byte | 0x80);
    byte = size & 0x7f;
    size >>= 7;
  }
  out += static_cast<char>(byte);
}

namespace {

// "offset encoding" of gitformat-pack(5).
void append_distance(std::string& out, std::uint64_t distance) {
  char bytes[10];
  int at = 9;
  bytes[at] = static_cast<char>(distance & 0x7f);
  while (distance >>= 7) {
    --distance;
    bytes[--at] = static_cast<char>(0x80 | (distance & 0x7f));
  }
  out.append(bytes + at, static_cast<std::size_t>(10 - at));
}

class Planner {
 public:
  Planner(const ObjectSet& objects, const PlanOptions& options, PackPlan& plan)
      : objects_(objects), options_(options), plan_(plan) {}

  // Assigns every wanted object to the first pack that has it.
  void choose() {
    chosen_.resize(plan_.packs.size());
    for (std::size_t i = 0; i < plan_.packs.size(); ++i) {
      chosen_[i].resize(plan_.packs[i]->count());
    }
    objects_.each_wanted([&](const Oid& id) {
      for (std::size_t i = 0; i < plan_.packs.size(); ++i) {
        if (auto position = plan_.packs[i]->find(id)) {
          chosen_[i][*position] = true;
          return;
        }
      }
      plan_.in_full.push_back(id);
    });
    std::sort(plan_.in_full.begin(), plan_.in_full.end());
  }

  void place() {
    for (std::uint32_t i = 0; i < plan_.packs.size(); ++i) {
      const auto& chosen = chosen_[i];
      if (std::find(chosen.begin(), chosen.end(), true) != chosen.end()) {
        place_pack(i);
      }
    }
  }

 private:
  struct Placed {
    std::uint64_t offset;  // in its pack
    std::uint64_t out;     // in the pack that is sent
  };

  void place_pack(std::uint32_t index) {
    const PackFile& pack = *plan_.packs[index];
    const auto& order = pack.by_offset();
    MappedFile map(
        std::filesystem::path(pack.index_path()).replace_extension(".pack"));
    placed_.clear();
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (!chosen_[index][order[i]]) continue;
      std::uint64_t begin = pack.offset(order[i]);
      std::uint64_t end = i + 1 < order.size() ? pack.offset(order[i + 1])
                                               : pack.size() - kOidBytes;
      if (end > map.size() || begin >= end) {
        fail(ErrorCode::io, "the pack {} is shorter than its index says",
             pack.index_path().string());
      }
      place_entry(index, order[i], map.data() + begin, begin, end);
    }
  }

  void place_entry(std::uint32_t index, std::uint32_t position,
                   const unsigned char* data, std::uint64_t begin,
                   std::uint64_t end) {
    EntryHeader header = parse_entry_header(data, end - begin, begin);
    std::string changed;  // empty: as it is
    if (header.type == EntryType::ofs_delta) {
      if (!fit_ofs_delta(index, begin, header, &changed)) {
        plan_.in_full.push_back(plan_.packs[index]->id(position));
        return;
      }
    } else if (header.type == EntryType::ref_delta && !has(header.base)) {
      plan_.in_full.push_back(plan_.packs[index]->id(position));
      return;
    }
    placed_.push_back({begin, out_});
    if (changed.empty()) {
      append_copy(index, begin, end - begin, {});
    } else {
      append_copy(index, begin + header.header_bytes,
                  end - begin - header.header_bytes, changed);
    }
  }

  // False when the client will not have the base.
  bool fit_ofs_delta(std::uint32_t index, std::uint64_t begin,
                     const EntryHeader& header, std::string* changed) {
    auto base =
        std::lower_bound(placed_.begin(), placed_.end(), header.base_offset,
                         [](const Placed& p, std::uint64_t offset) {
                           return p.offset < offset;
                         });
    bool placed = base != placed_.end() && base->offset == header.base_offset;
    if (placed && options_.ofs_delta) {
      std::uint64_t distance = out_ - base->out;
      if (distance == begin - header.base_offset) return true;
      append_entry_header(*changed, EntryType::ofs_delta, header.size);
      append_distance(*changed, distance);
      return true;
    }
    Oid id = id_at(*plan_.packs[index], header.base_offset);
    if (!has(id)) return false;
    append_entry_header(*changed, EntryType::ref_delta, header.size);
    changed->append(reinterpret_cast<const char*>(id.bytes.data()), kOidBytes);
    return true;
  }

  bool has(const Oid& id) const {
    ObjectMark mark = objects_.mark(id);
    return mark == ObjectMark::wanted ||
           (mark == ObjectMark::other_side && options_.thin_pack);
  }

  static Oid id_at(const PackFile& pack, std::uint64_t offset) {
    const auto& order = pack.by_offset();
    auto it = std::lower_bound(order.begin(), order.end(), offset,
                               [&](std::uint32_t position, std::uint64_t at) {
                                 return pack.offset(position) < at;
                               });
    if (it == order.end() || pack.offset(*it) != offset) {
      fail(ErrorCode::io, "a delta in {} has no base",
           pack.index_path().string());
    }
    return pack.id(*it);
  }

  void append_copy(std::uint32_t pack, std::uint64_t offset,
                   std::uint64_t length, std::string_view header) {
    out_ += header.size() + length;
    if (header.empty() && !plan_.pieces.empty()) {
      PackPiece& last = plan_.pieces.back();
      if (last.pack == pack && last.offset + last.length == offset) {
        last.length += length;
        return;
      }
    }
    PackPiece piece;
    piece.pack = pack;
    piece.offset = offset;
    piece.length = length;
    piece.header = static_cast<std::uint32_t>(plan_.headers.size());
    piece.header_size = static_cast<std::uint8_t>(header.size());
    plan_.headers += header;
    plan_.pieces.push_back(piece);
  }

  const ObjectSet& objects_;
  const PlanOptions& options_;
  PackPlan& plan_;
  std::vector<std::vector<bool>> chosen_;  // by pack and position
  std::vector<Placed> placed_;             // of the pack at hand
  std::uint64_t out_ = 12;                 // after the pack's header
};

}  // namespace

std::shared_ptr<const PackPlan> make_pack_plan(const ObjectSet& objects,
                                               PackList packs,
                                               const PlanOptions& options) {
  auto plan = std::make_shared<PackPlan>();
  if (objects.wanted() > UINT32_MAX) {
    fail(ErrorCode::too_large, "a pack cannot hold {} objects",
         objects.wanted());
  }
  plan->count = static_cast<std::uint32_t>(objects.wanted());
  plan->packs = std::move(packs);
  Planner planner(objects, options, *plan);
  planner.choose();
  planner.place();
  plan->pieces.shrink_to_fit();
  plan->headers.shrink_to_fit();
  return plan;
}

}  // namespace skerry::git
