#include "client/copy/copy_command.h"

#include <fmt/format.h>

#include <iostream>

#include "client/copy/copy.h"
#include "client/copy/open_place.h"
#include "client/image_view.h"
#include "core/error.h"
#include "core/text/json.h"

namespace skerry::app {
namespace {

void copy(const ClientOptions& o) {
  const End from{parse_place(o.subject), o.src_credentials, o.src_plain_http};
  const End to{parse_place(o.target), o.dest_credentials, o.dest_plain_http};
  if (to.name.by_digest()) {
    fail(ErrorCode::invalid,
         "'{}': a copy has the digest of its source; name it by a tag",
         o.target);
  }
  const auto source = open_place(from, o, false);
  const auto destination = open_place(to, o, true);
  const auto result = copy_image(
      *source, from.name.reference, *destination,
      to.name.reference, o.referrers,
      [](const std::string& line) { std::cerr << line << '\n'; });
  if (o.json()) {
    const Json said = {{"digest", result.digest.to_string()},
                       {"manifests", result.manifests},
                       {"blobs", result.blobs},
                       {"skipped_blobs", result.skipped},
                       {"bytes", result.bytes}};
    std::cout << said.dump(2) << '\n';
    return;
  }
  std::cout << fmt::format(
      "{}\n{} manifests, {} blobs of {} copied; {} blobs were there\n",
      result.digest.to_string(), result.manifests, result.blobs,
      size_text(result.bytes), result.skipped);
}

}  // namespace

void add_copy_command(Noun& image, ClientOptions& o) {
  CLI::App* command = image.verb(
      "copy",
      "Copy an image with all its platforms: PROJECT/REPOSITORY:TAG, "
      "HOST/REPOSITORY:TAG, oci:DIR[:TAG], oci-archive:FILE[:TAG]",
      [&o] { copy(o); });
  command->add_option("source", o.subject)->required();
  command->add_option("destination", o.target)->required();
  command->add_flag("--referrers", o.referrers,
                    "With what refers to it: signatures, SBOMs");
  command->add_option("--src-creds", o.src_credentials, "USER:PASSWORD");
  command->add_option("--dest-creds", o.dest_credentials, "USER:PASSWORD");
  command->add_flag("--src-plain-http", o.src_plain_http,
                    "The source's registry has no TLS");
  command->add_flag("--dest-plain-http", o.dest_plain_http,
                    "The destination's registry has no TLS");
}

}  // namespace skerry::app
