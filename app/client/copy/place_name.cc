#include "client/copy/place_name.h"

#include "core/error.h"
#include "core/store/digest.h"

namespace skerry::app {
namespace {

constexpr std::size_t kLongestTag = 128;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

// Distribution specification, "Pulling manifests": [a-zA-Z0-9_]
// [a-zA-Z0-9._-]{0,127}.
bool is_tag(std::string_view text) {
  if (text.empty() || text.size() > kLongestTag || !is_word(text[0])) {
    return false;
  }
  for (const char c : text) {
    if (!is_word(c) && c != '.' && c != '-') return false;
  }
  return true;
}

void require_reference(std::string_view whole, const std::string& reference) {
  if (is_tag(reference) || Digest::parse(reference)) return;
  fail(ErrorCode::invalid, "'{}' in '{}' is neither a tag nor a digest",
       reference, whole);
}

// Takes "@DIGEST" or ":TAG" off the end. A colon before a slash belongs to a
// port, or to a folder's name.
std::string take_reference(std::string_view whole, std::string& path) {
  auto at = path.rfind('@');
  if (at == std::string::npos || path.find('/', at) != std::string::npos) {
    at = path.rfind(':');
    if (at == std::string::npos || path.find('/', at) != std::string::npos) {
      return {};
    }
  }
  std::string reference = path.substr(at + 1);
  path.resize(at);
  require_reference(whole, reference);
  return reference;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// As docker tells a host from a part of a name.
bool is_host(std::string_view part) {
  return part == "localhost" || part.find_first_of(".:") != part.npos;
}

PlaceName in_registry(std::string_view whole, std::string_view rest,
                      bool has_host) {
  PlaceName place;
  place.path = rest;
  place.reference = take_reference(whole, place.path);
  const auto slash = place.path.find('/');
  const auto first = place.path.substr(0, slash);
  if (slash != std::string::npos && (has_host || is_host(first))) {
    place.kind = PlaceName::Kind::registry;
    place.host = first;
    place.path.erase(0, slash + 1);
  }
  const bool complete =
      !place.path.empty() && place.path.front() != '/' &&
      place.path.back() != '/' && !(has_host && place.host.empty()) &&
      (place.kind == PlaceName::Kind::registry ||
       place.path.find('/') != std::string::npos);
  if (!complete || place.reference.empty()) {
    fail(ErrorCode::invalid,
         "'{}' must have the form PROJECT/REPOSITORY:TAG, "
         "HOST/REPOSITORY:TAG, either with @DIGEST, oci:DIR[:TAG] or "
         "oci-archive:FILE[:TAG]",
         whole);
  }
  return place;
}

}  // namespace

PlaceName parse_place(std::string_view text) {
  std::string_view rest = text;
  PlaceName place;
  if (take_prefix(rest, "oci:")) {
    place.kind = PlaceName::Kind::layout;
  } else if (take_prefix(rest, "oci-archive:")) {
    place.kind = PlaceName::Kind::archive;
  } else {
    const bool has_host = take_prefix(rest, "docker://");
    return in_registry(text, rest, has_host);
  }
  place.path = rest;
  place.reference = take_reference(text, place.path);
  if (place.path.empty()) {
    fail(ErrorCode::invalid, "'{}' names no {}", text,
         place.kind == PlaceName::Kind::layout ? "folder" : "file");
  }
  return place;
}

}  // namespace skerry::app
