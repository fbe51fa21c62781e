#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "pack_plan.h"
#include "sha1.h"

namespace skerry::git {
namespace {

class Sender {
 public:
  Sender(const PackPlan& plan, const ObjectReader& objects, SideBand& band)
      : plan_(plan), objects_(objects), band_(band) {
    if (auto known = plan.checksum()) {
      checksum_ = *known;
    } else {
      sha1_.emplace();
    }
  }

  void send() {
    char header[12] = {'P', 'A', 'C', 'K', 0, 0, 0, 2};
    for (int i = 0; i < 4; ++i) {
      header[8 + i] = static_cast<char>(plan_.count >> (24 - 8 * i) & 0xff);
    }
    put({header, sizeof header});
    for (const PackPiece& piece : plan_.pieces) {
      put(std::string_view(plan_.headers)
              .substr(piece.header, piece.header_size));
      copy(*plan_.packs[piece.pack], piece.offset, piece.length);
    }
    for (const Oid& id : plan_.in_full) put_object(id);
    if (sha1_) {
      checksum_ = sha1_->finish();
      plan_.set_checksum(checksum_);
    }
    band_.write(
        {reinterpret_cast<const char*>(checksum_.bytes.data()), kOidBytes});
  }

 private:
  void put(std::string_view bytes) {
    if (sha1_) sha1_->update(bytes);
    band_.write(bytes);
  }

  void copy(const PackFile& pack, std::uint64_t offset, std::uint64_t length) {
    while (length > 0) {
      std::span<char> room = band_.room();
      std::size_t want = std::min<std::uint64_t>(room.size(), length);
      ssize_t got = ::pread(pack.file().get(), room.data(), want,
                            static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_errno("read " + pack.index_path().string());
      if (got == 0) {
        fail(ErrorCode::io, "the pack of {} is cut off",
             pack.index_path().string());
      }
      auto count = static_cast<std::size_t>(got);
      if (sha1_) sha1_->update({room.data(), count});
      band_.commit(count);
      offset += count;
      length -= count;
    }
  }

  void put_object(const Oid& id) {
    RawObject object = objects_.read(id);
    std::string_view data = object.data();
    std::string header;
    append_entry_header(header, static_cast<EntryType>(object.type()),
                        data.size());
    put(header);
    z_stream stream{};
    if (deflateInit(&stream, Z_BEST_SPEED) != Z_OK) {
      fail(ErrorCode::internal, "zlib cannot start");
    }
    struct End {
      z_stream* stream;
      ~End() { deflateEnd(stream); }
    } end{&stream};
    char out[16 << 10];
    // avail_in has 32 bits; a larger object goes in by parts.
    constexpr std::size_t kPart = 1u << 30;
    int status = Z_OK;
    do {
      if (stream.avail_in == 0 && !data.empty()) {
        std::size_t part = std::min(data.size(), kPart);
        stream.next_in =
            reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
        stream.avail_in = static_cast<uInt>(part);
        data.remove_prefix(part);
      }
      stream.next_out = reinterpret_cast<Bytef*>(out);
      stream.avail_out = sizeof out;
      status = deflate(&stream, data.empty() ? Z_FINISH : Z_NO_FLUSH);
      put({out, sizeof out - stream.avail_out});
    } while (status != Z_STREAM_END);
  }

  const PackPlan& plan_;
  const ObjectReader& objects_;
  SideBand& band_;
  std::optional<Sha1> sha1_;
  Oid checksum_;
};

}  // namespace

void send_pack(const PackPlan& plan, const ObjectReader& objects,
               SideBand& band) {
  Sender(plan, objects, band).send();
}

}  // namespace skerry::git
