// Opens the place that a command names, with the credentials that are known
// for it: those of a flag, of the server, or of `docker login`.
#pragma once

#include <memory>
#include <string>

#include "client/copy/image_place.h"
#include "client/copy/place_name.h"
#include "client/options.h"

namespace skerry::app {

struct End {
  PlaceName name;
  std::string credentials;  // "USER:PASSWORD", from a flag
  bool plain_http = false;
};

// `write`: something will be put there.
std::unique_ptr<ImagePlace> open_place(const End& end, const ClientOptions& o,
                                       bool write);
// Of a registry's image: "registry.example:5000".
std::string place_host(const End& end, const ClientOptions& o);

}  // namespace skerry::app
