#include "core/s3/answers.h"

#include <cstring>
#include <ctime>
#include <pugixml.hpp>

#include "core/error.h"
#include "core/text/number.h"
#include "core/text/unicode.h"

namespace skerry::s3 {
namespace {

// A page of 1000 keys of 1024 bytes each, with all that stands around them.
constexpr std::size_t kMostBytes = 4u << 20;
constexpr std::size_t kMostObjects = 1000;
constexpr std::size_t kMostText = 4096;

bool load(pugi::xml_document& document, std::string_view xml) {
  return xml.size() <= kMostBytes &&
         document.load_buffer(xml.data(), xml.size(), pugi::parse_default,
                              pugi::encoding_utf8);
}

// The root of that name, or an error.
pugi::xml_node root_of(pugi::xml_document& document, std::string_view xml,
                       const char* name) {
  if (load(document, xml)) {
    if (const auto root = document.child(name)) return root;
  }
  fail(ErrorCode::unavailable, "the S3 store's answer is no {}", name);
}

std::string text_of(const pugi::xml_node& node, const char* name) {
  const std::string_view text = node.child_value(name);
  return unicode::repaired(text.substr(0, kMostText));
}

std::optional<UnixMillis> parse_time(std::string_view text,
                                     const char* format) {
  if (text.size() > 64) return std::nullopt;
  const std::string copy(text);
  std::tm parts{};
  const char* rest = ::strptime(copy.c_str(), format, &parts);
  if (rest == nullptr) return std::nullopt;
  UnixMillis time = static_cast<UnixMillis>(::timegm(&parts)) * 1000;
  if (*rest == '.') {
    int scale = 100;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) {
      time += (*rest - '0') * scale;
    }
  }
  const bool at_end = *rest == '\0' || std::strcmp(rest, "Z") == 0;
  return at_end ? std::optional(time) : std::nullopt;
}

Object parse_object(const pugi::xml_node& node) {
  Object object;
  object.key = text_of(node, "Key");
  const auto size = parse_number<std::uint64_t>(node.child_value("Size"));
  const auto modified = parse_iso_time(node.child_value("LastModified"));
  if (object.key.empty() || !size || !modified) {
    fail(ErrorCode::unavailable,
         "the S3 store lists an object without key, size or time");
  }
  object.size = *size;
  object.modified = *modified;
  return object;
}

}  // namespace

std::optional<Fault> parse_fault(std::string_view xml) {
  pugi::xml_document document;
  if (!load(document, xml)) return std::nullopt;
  const auto root = document.child("Error");
  if (!root) return std::nullopt;
  return Fault{text_of(root, "Code"), text_of(root, "Message")};
}

Listing parse_listing(std::string_view xml) {
  pugi::xml_document document;
  const auto root = root_of(document, xml, "ListBucketResult");
  Listing listing;
  for (const auto& node : root.children("Contents")) {
    if (listing.objects.size() == kMostObjects) {
      fail(ErrorCode::unavailable, "the S3 store lists more than {} at once",
           kMostObjects);
    }
    listing.objects.push_back(parse_object(node));
  }
  if (text_of(root, "IsTruncated") == "true") {
    listing.next = text_of(root, "NextContinuationToken");
    if (listing.next.empty()) {
      fail(ErrorCode::unavailable,
           "the S3 store does not say how its listing goes on");
    }
  }
  return listing;
}

std::string parse_upload_id(std::string_view xml) {
  pugi::xml_document document;
  const auto root = root_of(document, xml, "InitiateMultipartUploadResult");
  auto id = text_of(root, "UploadId");
  if (id.empty()) {
    fail(ErrorCode::unavailable, "the S3 store does not name the upload");
  }
  return id;
}

bool is_answer(std::string_view xml, std::string_view root) {
  pugi::xml_document document;
  return load(document, xml) && document.child(std::string(root).c_str());
}

std::optional<UnixMillis> parse_iso_time(std::string_view text) {
  return parse_time(text, "%Y-%m-%dT%H:%M:%S");
}

std::optional<UnixMillis> parse_http_time(std::string_view text) {
  return parse_time(text, "%a, %d %b %Y %H:%M:%S GMT");
}

}  // namespace skerry::s3
