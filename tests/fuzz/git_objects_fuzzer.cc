// Any bytes as a commit, a tree, a tag and the header of a pack's entry.
#include <cstdint>
#include <cstdlib>

#include "core/error.h"
#include "objects.h"
#include "pack_file.h"
#include "pack_plan.h"

using namespace skerry::git;

namespace {

template <typename F>
void attempt(F&& action) {
  try {
    action();
  } catch (const skerry::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  attempt([&] { parse_commit(bytes); });
  attempt([&] { parse_tag(bytes); });
  for (ObjectType type : {ObjectType::commit, ObjectType::tree,
                          ObjectType::blob, ObjectType::tag}) {
    attempt([&] { check_object(type, bytes); });
  }
  attempt([&] {
    std::string_view rest = bytes;
    TreeItem item;
    while (next_tree_item(&rest, &item)) {
      if (item.name.empty()) std::abort();
    }
  });
  attempt([&] {
    constexpr std::uint64_t kOffset = 1u << 20;
    EntryHeader header = parse_entry_header(data, size, kOffset);
    if (header.header_bytes > size) std::abort();
    if (header.type != EntryType::ofs_delta &&
        header.type != EntryType::ref_delta) {
      std::string again;
      append_entry_header(again, header.type, header.size);
      EntryHeader second = parse_entry_header(
          reinterpret_cast<const unsigned char*>(again.data()), again.size(),
          kOffset);
      if (second.type != header.type || second.size != header.size) {
        std::abort();
      }
    }
  });
  return 0;
}
