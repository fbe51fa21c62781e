#include "image/compress.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cerrno>
#include <memory>

#include "core/error.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kPiece = 64u << 10;

// Calls `sink(bytes, is_last)`; the last call may have no bytes.
template <typename Sink>
void each_piece(const Fd& fd, const std::stop_token& stop, const Sink& sink) {
  std::string buffer(kPiece, '\0');
  off_t offset = 0;
  while (true) {
    if (stop.stop_requested()) fail(ErrorCode::unavailable, "stopped");
    const ssize_t got = ::pread(fd.get(), buffer.data(), buffer.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("scratch file of a layer");
    sink(std::string_view(buffer.data(), static_cast<std::size_t>(got)),
         got == 0);
    if (got == 0) return;
    offset += got;
  }
}

void gzip(const Fd& fd, BlobWriter& out, const std::stop_token& stop) {
  constexpr int kLevel = 6, kGzip = 15 + 16, kMemory = 8;
  z_stream stream{};
  // deflateInit2 is a macro with old-style casts in none of its arguments.
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzip, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream,
                                                            &deflateEnd);
  std::string buffer(kPiece, '\0');
  each_piece(fd, stop, [&](std::string_view bytes, bool is_last) {
    std::string input(bytes);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream, is_last ? Z_FINISH : Z_NO_FLUSH);
      out.write({buffer.data(), buffer.size() - stream.avail_out});
    } while (stream.avail_out == 0);
  });
}

void zstd(const Fd& fd, BlobWriter& out, const std::stop_token& stop) {
  constexpr int kLevel = 3;
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(
      ZSTD_createCCtx(), &ZSTD_freeCCtx);
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string buffer(kPiece, '\0');
  each_piece(fd, stop, [&](std::string_view bytes, bool is_last) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer target{buffer.data(), buffer.size(), 0};
      const std::size_t left = ZSTD_compressStream2(
          context.get(), &target, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left) != 0) {
        fail(ErrorCode::internal, "zstd: {}", ZSTD_getErrorName(left));
      }
      out.write({buffer.data(), target.pos});
      if (is_last ? left == 0 : in.pos == in.size) break;
    }
  });
}

}  // namespace

void compress(const Fd& fd, LayerCompression compression, BlobWriter& out,
              const std::stop_token& stop) {
  if (compression == LayerCompression::gzip) {
    gzip(fd, out, stop);
  } else {
    zstd(fd, out, stop);
  }
}

}  // namespace skerry::ci
