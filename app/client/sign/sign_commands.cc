#include "client/sign/sign_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "client/copy/open_place.h"
#include "client/sign/key_files.h"
#include "client/sign/place_signatures.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "core/text/json.h"

namespace skerry::app {
namespace {

using registry::FoundSignature;
using registry::SignedAnnotations;

constexpr const char* kImage =
    "PROJECT/REPOSITORY:TAG, HOST/REPOSITORY:TAG, either with @DIGEST, or "
    "oci:DIR[:TAG]";
constexpr int kDeepest = 8;  // indexes in indexes

SignedAnnotations annotations_of(const std::vector<std::string>& texts) {
  SignedAnnotations found;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      fail(ErrorCode::invalid, "--annotation {}: it must be NAME=VALUE", text);
    }
    found[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return found;
}

End end_of(const ClientOptions& o) {
  return {parse_place(o.subject), o.dest_credentials, o.dest_plain_http};
}

// The children of an index; nothing of an image.
std::vector<Digest> children_of(const Manifest& manifest) {
  std::vector<Digest> found;
  const Json document = parse_json(manifest.bytes);
  const auto list = document.find("manifests");
  if (list == document.end() || !list->is_array()) return found;
  for (const Json& one : *list) {
    const auto digest = Digest::parse(optional_string(one, "digest"));
    if (digest) found.push_back(*digest);
  }
  return found;
}

class Signing {
 public:
  Signing(const ClientOptions& o, const End& end, ImagePlace& place,
          const registry::PrivateKey& key)
      : o_(o),
        place_(place),
        signatures_(place),
        key_(key),
        annotations_(annotations_of(o.annotations)),
        identity_(o.identity) {
    if (identity_.empty() && end.name.kind != PlaceName::Kind::layout) {
      identity_ = place_host(end, o) + "/" + end.name.path;
    }
  }

  void sign(const Manifest& image, int depth) {
    if (!done_.insert(image.digest).second) return;
    const registry::SignedManifest subject{image.digest, image.media_type,
                                           image.bytes.size()};
    const auto manifest = o_.format == "legacy" ? add_legacy(subject)
                                                : add_bundle(subject);
    said_.push_back({{"digest", image.digest.to_string()},
                     {"signature", manifest}});
    if (!o_.json()) {
      std::cout << fmt::format("{} is signed: {}\n", image.digest.to_string(),
                               manifest)
                << std::flush;
    }
    if (!o_.recursive) return;
    if (depth == kDeepest) {
      fail(ErrorCode::too_large, "indexes are nested deeper than {}", kDeepest);
    }
    for (const auto& child : children_of(image)) {
      sign(place_.manifest(child.to_string()), depth + 1);
    }
  }
  const Json& said() const { return said_; }

 private:
  std::string add_bundle(const registry::SignedManifest& image) {
    const auto made =
        signatures_.put(registry::make_bundle(image, key_, annotations_,
                                              to_rfc3339(SystemClock().now())),
                        "");
    // A registry that knows no subjects takes it, and finds it no more.
    const auto listed = place_.referrers(image.digest);
    if (std::none_of(listed.begin(), listed.end(),
                     [&](const Manifest& one) { return one.digest == made; })) {
      fail(ErrorCode::unavailable,
           "the registry does not list what refers to an image, so that "
           "nobody would find the bundle: sign with --format legacy");
    }
    return made.to_string();
  }

  std::string add_legacy(const registry::SignedManifest& image) {
    if (identity_.empty()) {
      fail(ErrorCode::invalid,
           "a legacy signature names the image, which a layout does not: give "
           "--identity HOST/REPOSITORY");
    }
    const auto tag = registry::signature_tag(image.digest);
    const auto existing = signatures_.tagged(tag);
    const auto made = registry::make_legacy(
        image, key_, identity_, annotations_,
        existing ? std::optional(existing->bytes) : std::nullopt);
    if (!made) return existing->digest.to_string();
    return signatures_.put(*made, tag).to_string();
  }

  const ClientOptions& o_;
  ImagePlace& place_;
  PlaceSignatures signatures_;
  const registry::PrivateKey& key_;
  const SignedAnnotations annotations_;
  std::string identity_;
  std::set<Digest> done_;
  Json said_ = Json::array();
};

void sign(const ClientOptions& o) {
  const auto end = end_of(o);
  if (end.name.kind == PlaceName::Kind::archive) {
    fail(ErrorCode::invalid,
         "an archive is not signed: unpack it to oci:DIR, or sign the image in "
         "its registry");
  }
  const auto key = read_private_key(o.keys.front(), o.password_file);
  const auto place = open_place(end, o, true);
  const auto image = place->manifest(end.name.reference);
  if (!o.json()) {
    std::cout << fmt::format("{} is {}\nThe key is {}, {}\n", o.subject,
                             image.digest.to_string(),
                             key.public_key().algorithm(),
                             key.public_key().fingerprint());
  }
  Signing signing(o, end, *place, key);
  signing.sign(image, 0);
  place->finish();
  if (o.json()) {
    const Json said = {{"key", key.public_key().fingerprint()},
                       {"signed", signing.said()}};
    std::cout << said.dump(2) << '\n';
  }
}

// What --annotation demands beyond a key.
void demand(const SignedAnnotations& annotations, FoundSignature& found) {
  for (const auto& [name, value] : annotations) {
    if (!found.valid()) return;
    const auto it = found.annotations.find(name);
    if (it == found.annotations.end()) {
      found.trouble = fmt::format("it has no annotation '{}'", name);
    } else if (it->second != value) {
      found.trouble = fmt::format("its annotation '{}' has another value", name);
    }
  }
}

Json found_json(const FoundSignature& one) {
  return {{"format", one.format},         {"manifest", one.manifest},
          {"valid", one.valid()},         {"key", one.key},
          {"identity", one.identity},     {"annotations", one.annotations},
          {"trouble", one.trouble}};
}

void print_found(std::ostream& out, const FoundSignature& one) {
  out << fmt::format("{} {}: ", one.format, one.manifest);
  if (!one.valid()) {
    out << one.trouble << '\n';
    return;
  }
  out << "made by " << one.key;
  if (!one.identity.empty()) out << ", for " << one.identity;
  for (const auto& [name, value] : one.annotations) {
    out << fmt::format(", {}={}", name, value);
  }
  out << '\n';
}

void verify(const ClientOptions& o) {
  const auto keys = read_public_keys(o.keys);
  const auto annotations = annotations_of(o.annotations);
  const auto end = end_of(o);
  const auto place = open_place(end, o, false);
  const auto image = place->manifest(end.name.reference);
  PlaceSignatures signatures(*place);
  auto found =
      registry::check_signatures(signatures, image.digest, image.bytes, keys);
  for (auto& one : found) demand(annotations, one);
  const bool valid =
      std::any_of(found.begin(), found.end(),
                  [](const FoundSignature& one) { return one.valid(); });
  if (o.json()) {
    Json list = Json::array();
    for (const auto& one : found) list.push_back(found_json(one));
    const Json said = {{"image", o.subject},
                       {"digest", image.digest.to_string()},
                       {"valid", valid},
                       {"signatures", std::move(list)}};
    std::cout << said.dump(2) << '\n';
  } else {
    auto& out = valid ? std::cout : std::cerr;
    out << fmt::format("{} is {}\n", o.subject, image.digest.to_string());
    for (const auto& one : found) print_found(out, one);
  }
  if (valid) return;
  if (found.empty()) {
    fail(ErrorCode::denied, "{} has no signature at all", o.subject);
  }
  fail(ErrorCode::denied, "{} has no signature that counts, of {}", o.subject,
       found.size());
}

void make_key(const ClientOptions& o) {
  const auto key = write_key_pair(o.target, o.password_file);
  std::cout << fmt::format("{0}.key and {0}.pub: {1}, {2}\n", o.target,
                           key.algorithm(), key.fingerprint());
}

void add_place_options(CLI::App* command, ClientOptions& o) {
  command->add_option("image", o.subject, kImage)->required();
  command->add_option("--annotation,-a", o.annotations, "NAME=VALUE");
  command->add_option("--creds", o.dest_credentials, "USER:PASSWORD");
  command->add_flag("--plain-http", o.dest_plain_http,
                    "The registry has no TLS");
}

constexpr const char* kPasswordFile =
    "A file with the private key's password, instead of COSIGN_PASSWORD";

}  // namespace

void add_sign_commands(Noun& image, ClientOptions& o) {
  CLI::App* signs = image.verb(
      "sign", "Sign an image with a key, so that cosign verifies it too",
      [&o] { sign(o); });
  add_place_options(signs, o);
  signs->add_option("--key", o.keys, "The private key, PEM")
      ->required()
      ->expected(1);
  signs->add_option("--password-file", o.password_file, kPasswordFile);
  signs->add_option("--format", o.format,
                    "bundle refers to the image, legacy is found by a tag")
      ->check(CLI::IsMember({"bundle", "legacy"}))
      ->capture_default_str();
  signs->add_option("--identity", o.identity,
                    "The image's name in a legacy signature, when it is not "
                    "HOST/REPOSITORY");
  signs->add_flag("--recursive,-r", o.recursive,
                  "Every platform of an index as well");
  CLI::App* verifies = image.verb(
      "verify", "Check an image's signatures; fails when none is by a key",
      [&o] { verify(o); });
  add_place_options(verifies, o);
  verifies->add_option("--key", o.keys, "Public keys, PEM; any of them will do")
      ->required();
  CLI::App* makes = image.verb(
      "key", "Make a key pair for signing: PREFIX.key and PREFIX.pub",
      [&o] { make_key(o); });
  makes->add_option("prefix", o.target, "PREFIX")->required();
  makes->add_option("--password-file", o.password_file, kPasswordFile);
}

}  // namespace skerry::app
