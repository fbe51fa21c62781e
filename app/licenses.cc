#include "licenses.h"

#include <zlib.h>

#include <ostream>

#include "core/error.h"

// The gathered texts (cmake/licenses.cmake), gzip-compressed, as they are.
asm(R"(
  .section .rodata
  .global skerry_licenses_begin
  .global skerry_licenses_end
skerry_licenses_begin:
  .incbin ")" SKERRY_LICENSES R"("
skerry_licenses_end:
  .previous
)");
extern "C" {
extern const unsigned char skerry_licenses_begin[];
extern const unsigned char skerry_licenses_end[];
}

namespace skerry::app {

void print_licenses(std::ostream& out) {
  z_stream stream{};
  // 16: a gzip header is expected.
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
    fail(ErrorCode::internal, "zlib cannot be set up");
  }
  stream.next_in = const_cast<unsigned char*>(skerry_licenses_begin);
  stream.avail_in =
      static_cast<uInt>(skerry_licenses_end - skerry_licenses_begin);
  char buffer[16 << 10];
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<unsigned char*>(buffer);
    stream.avail_out = sizeof buffer;
    status = inflate(&stream, Z_NO_FLUSH);
    out.write(buffer, static_cast<std::streamsize>(sizeof buffer -
                                                   stream.avail_out));
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END) {
    fail(ErrorCode::internal, "the built-in licence texts are damaged");
  }
}

}  // namespace skerry::app
