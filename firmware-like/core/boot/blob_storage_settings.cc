#include "core/boot/blob_storage_settings.h"

#include <algorithm>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::boot {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

std::string required(const Settings& settings, std::string_view name) {
  auto value = settings.text(name);
  if (value.empty()) {
    fail(ErrorCode::invalid, "{} must be set where storage.s3_endpoint is",
         name);
  }
  return value;
}

// Lower-case letters, digits, '.', '-', '_' (older stores): S3's rule.
std::string bucket(const Settings& settings) {
  auto name = required(settings, "storage.s3_bucket");
  const bool plain =
      name.size() >= 3 && name.size() <= 63 &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") ==
          std::string::npos;
  if (!plain) {
    fail(ErrorCode::invalid,
         "storage.s3_bucket must be 3 to 63 of a-z, 0-9, '.', '-', '_', not "
         "'{}'",
         name);
  }
  return name;
}

std::string prefix(const Settings& settings) {
  auto text = settings.text("storage.s3_prefix");
  while (text.starts_with('/')) text.erase(0, 1);
  while (text.ends_with('/')) text.pop_back();
  const bool plain =
      text.size() <= 200 && text.find("//") == std::string::npos &&
      ("/" + text + "/").find("/../") == std::string::npos &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' ||
               c == '/';
      });
  if (!plain) {
    fail(ErrorCode::invalid,
         "storage.s3_prefix must be letters, digits, '-', '_', '.' and single "
         "slashes, not '{}'",
         text);
  }
  return text;
}

std::string authority(const Settings& settings) {
  const auto file = settings.text("storage.s3_ca");
  if (file.empty()) return {};
  std::string pem;
  try {
    pem = read_file(file, 1u << 20);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid, error.in("storage.s3_ca").message());
  }
  if (pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    fail(ErrorCode::invalid, "storage.s3_ca: {} holds no PEM certificate",
         file);
  }
  return pem;
}

s3::Place place(const Settings& settings) {
  s3::Place place;
  place.endpoint = settings.text("storage.s3_endpoint");
  s3::check_endpoint("storage.s3_endpoint", place.endpoint);
  place.public_endpoint = settings.text("storage.s3_public_endpoint");
  if (!place.public_endpoint.empty()) {
    s3::check_endpoint("storage.s3_public_endpoint", place.public_endpoint);
  }
  place.bucket = bucket(settings);
  place.credentials = {required(settings, "storage.s3_access_key"),
                       required(settings, "storage.s3_secret_key"),
                       required(settings, "storage.s3_region")};
  place.path_style = settings.boolean("storage.s3_path_style");
  place.ca_pem = authority(settings);
  place.timeout = settings.duration("storage.s3_timeout");
  return place;
}

}  // namespace

std::vector<Setting> blob_storage_settings() {
  using enum SettingType;
  return {
      {"storage.s3_endpoint", text, "",
       "Keep blobs in this S3-compatible store, http://HOST:PORT or "
       "https://HOST:PORT; empty: in files of the data folder; read at start"},
      {"storage.s3_public_endpoint", text, "",
       "How clients reach the store, when storage.s3_delivery is redirect and "
       "it is not storage.s3_endpoint; read at start"},
      {"storage.s3_bucket", text, "", "The bucket, which must exist; read at start"},
      {"storage.s3_region", text, "us-east-1",
       "The region that signatures name; read at start"},
      {"storage.s3_prefix", text, "skerry",
       "Where in the bucket; servers that share blobs have the same; read at "
       "start"},
      {"storage.s3_access_key", text, "", "The access key's id; read at start"},
      {"storage.s3_secret_key", secret, "",
       "The access key's secret; read at start"},
      {"storage.s3_path_style", boolean, "true",
       "Ask for ENDPOINT/BUCKET/KEY; false: for BUCKET.ENDPOINT/KEY; read at "
       "start"},
      {"storage.s3_ca", text, "",
       "A PEM file with the authority that signed the store's certificate, "
       "beside the system's; read at start"},
      {"storage.s3_delivery", text, "proxy",
       "How clients get blobs: proxy, through this server, or redirect, from "
       "the store by a URL that is valid for five minutes; read at start", {},
       {}, {"proxy", "redirect"}},
      {"storage.s3_cache", size, "1GiB",
       "Bytes of blobs that are kept on this machine too; read at start", 0,
       {}},
      {"storage.s3_part_size", size, "32MiB",
       "Blobs above this are sent to the store in parts of this size, four at "
       "a time; read at start", 5 * kMiB, 5120 * kMiB},
      {"storage.s3_timeout", duration, "60s",
       "How long the store may be silent within a request; read at start", 1000,
       600'000},
  };
}

s3::Options s3_options(const Settings& settings,
                       const std::filesystem::path& cache) {
  s3::Options options;
  options.place = place(settings);
  options.prefix = prefix(settings);
  options.folder = cache;
  options.cache_bytes =
      static_cast<std::uint64_t>(settings.integer("storage.s3_cache"));
  options.parts.part =
      static_cast<std::uint64_t>(settings.integer("storage.s3_part_size"));
  options.parts.at_once = options.parts.part;
  options.redirect = settings.text("storage.s3_delivery") == "redirect";
  return options;
}

}  // namespace skerry::boot
