#include "core/s3/signature.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/auth/hmac.h"
#include "core/store/digest.h"
#include "core/text/encoding.h"

namespace skerry::s3 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// Runs of blanks count as one, those at the ends as none.
std::string collapsed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

Pairs sorted(Pairs headers) {
  std::sort(headers.begin(), headers.end());
  return headers;
}

std::string names_of(const Pairs& headers) {
  std::string names;
  for (const auto& [name, value] : sorted(headers)) {
    names += (names.empty() ? "" : ";") + name;
  }
  return names;
}

std::string canonical(const Unsigned& request) {
  std::string headers;
  for (const auto& [name, value] : sorted(request.headers)) {
    headers += name + ":" + collapsed(value) + "\n";
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path,
                     encoded_query(request.query), headers,
                     names_of(request.headers), request.payload_hash);
}

std::string scope_of(const Credentials& credentials, std::string_view date) {
  return fmt::format("{}/{}/s3/aws4_request", date.substr(0, 8),
                     credentials.region);
}

std::string signature_of(const Credentials& credentials,
                         const Unsigned& request, std::string_view date) {
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, date,
                  scope_of(credentials, date), digest_of(canonical(request)).hex);
  std::string key = "AWS4" + credentials.secret_key;
  for (const std::string_view part :
       {date.substr(0, 8), std::string_view(credentials.region),
        std::string_view("s3"), std::string_view("aws4_request")}) {
    key = auth::hmac_sha256(key, part);
  }
  return to_hex(auth::hmac_sha256(key, to_sign));
}

}  // namespace

std::string encoded_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    out += percent_encode(path.substr(0, end));
    if (end < path.size()) out += '/';
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out;
}

std::string encoded_query(const Pairs& query) {
  Pairs encoded;
  for (const auto& [name, value] : query) {
    encoded.emplace_back(percent_encode(name), percent_encode(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded) {
    out += (out.empty() ? "" : "&") + name + "=" + value;
  }
  return out;
}

std::string amz_date(UnixMillis time) {
  std::string date;
  for (const char c : to_rfc3339(time)) {
    if (c != '-' && c != ':') date += c;
  }
  return date;
}

std::string authorization(const Credentials& credentials,
                          const Unsigned& request, UnixMillis time) {
  const std::string date = amz_date(time);
  return fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}",
                     kAlgorithm, credentials.access_key,
                     scope_of(credentials, date), names_of(request.headers),
                     signature_of(credentials, request, date));
}

std::string presigned_query(const Credentials& credentials, Unsigned request,
                            UnixMillis time, std::chrono::seconds lifetime) {
  const std::string date = amz_date(time);
  auto& query = request.query;
  query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  query.emplace_back("X-Amz-Credential", credentials.access_key + "/" +
                                             scope_of(credentials, date));
  query.emplace_back("X-Amz-Date", date);
  query.emplace_back("X-Amz-Expires", std::to_string(lifetime.count()));
  query.emplace_back("X-Amz-SignedHeaders", names_of(request.headers));
  request.payload_hash = kUnsignedPayload;
  return encoded_query(query) +
         "&X-Amz-Signature=" + signature_of(credentials, request, date);
}

}  // namespace skerry::s3
