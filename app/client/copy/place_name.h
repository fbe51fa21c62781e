// How an image that is copied is named, at either end.
//
//   demo/app:v1                    on the server that the command speaks to
//   registry.example/team/app:v1   in another registry
//   docker://registry.example/...  the same, said aloud
//   oci:DIR[:TAG]                  an OCI layout (image specification,
//   oci-archive:FILE[:TAG]         "image-layout.md"), or one in a tar archive
//
// All but the last two end with ":TAG" or "@DIGEST".
#pragma once

#include <string>
#include <string_view>

namespace skerry::app {

struct PlaceName {
  enum class Kind { server, registry, layout, archive };
  Kind kind = Kind::server;
  std::string host;        // of a registry, with its port
  std::string path;        // "demo/app", or the folder's or file's name
  std::string reference;   // a tag or a digest; may be empty for a layout
  bool by_digest() const { return reference.find(':') != std::string::npos; }
};

// Throws invalid, with what is wrong and how it should look.
PlaceName parse_place(std::string_view text);

}  // namespace skerry::app
