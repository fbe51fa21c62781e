// The path of a request: what is accepted never climbs, and the router matches
// it without crashing.
#include <cstdint>
#include <cstdlib>

#include "core/http/router.h"

using namespace skerry::http;

namespace {

Route route(const char* method, const char* pattern) {
  return {method, pattern, Access::anyone, [](Request&, Response&) {}, ""};
}

const Router& router() {
  static const Router made({
      route("GET", "/"), route("GET", "/{file+}"), route("GET", "/a/{x}"),
      route("GET", "/v2/{project}/{name+}/blobs/{digest}"),
      route("PUT", "/v2/{project}/{name+}/manifests/{reference}"),
      route("POST", "/v2/{project}/{name+}/blobs/uploads/"),
  });
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto path = parse_target_path(text);
  if (!path) return 0;
  const std::string bounded = path->text + "/";
  if (bounded.find("/../") != std::string::npos ||
      bounded.find("/./") != std::string::npos ||
      bounded.find('\0') != std::string::npos) {
    std::abort();
  }
  for (const char* method : {"GET", "PUT", "POST", "HEAD"}) {
    router().match(method, *path);
  }
  router().dialect_of(*path);
  return 0;
}
