#include "core/http/tls.h"

#include <fmt/format.h>

#include "core/http/certificate.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"

namespace skerry::http {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDay = 24 * 60 * 60;
constexpr std::int64_t kAuthorityDays = 3650;
constexpr std::int64_t kServerDays = 825;  // the longest that Apple accepts
constexpr std::int64_t kRenewDays = 30;

std::int64_t seconds_now() { return SystemClock().now() / 1000; }

// Why the server's certificate cannot stay; empty when it can.
std::string reason_to_renew(const fs::path& file, const std::string& authority,
                            const std::vector<std::string>& names) {
  if (!fs::exists(file)) return "there is none";
  const Certificate certificate(read_file(file, 1u << 20));
  if (certificate.expires() < seconds_now() + kRenewDays * kDay) {
    return "it expires soon";
  }
  for (const std::string& name : names) {
    if (!certificate.covers(name)) return "it does not cover " + name;
  }
  if (!certificate.is_signed_by(authority)) return "the authority changed";
  return {};
}

// Two files, the key first: a certificate whose key is lost is of no use.
void ensure_authority(const fs::path& key, const fs::path& certificate) {
  if (fs::exists(key) && fs::exists(certificate)) return;
  const PrivateKey made = PrivateKey::generate();
  CertificateRequest request;
  request.common_name = "Skerry CA " + random_serial().substr(0, 8);
  request.is_authority = true;
  request.valid_from = seconds_now() - kDay;  // clocks differ
  request.valid_to = seconds_now() + kAuthorityDays * kDay;
  const std::string pem = make_certificate(request, made, made, "");
  write_file_atomically(key, made.pem(), 0600);
  write_file_atomically(certificate, pem, 0644);
  log::info("made a certificate authority", {{"file", certificate.native()}});
}

}  // namespace

void ensure_certificates(const std::filesystem::path& keys_folder,
                         const std::vector<std::string>& names) {
  const fs::path ca_key = keys_folder / "ca.key";
  const fs::path ca_certificate = keys_folder / "ca.crt";
  const fs::path server = keys_folder / "server.pem";
  ensure_authority(ca_key, ca_certificate);
  const std::string authority = read_file(ca_certificate, 1u << 20);
  const std::string reason = reason_to_renew(server, authority, names);
  if (reason.empty()) return;

  const PrivateKey signer = PrivateKey::parse(read_file(ca_key, 1u << 20));
  const PrivateKey key = PrivateKey::generate();
  CertificateRequest request;
  request.common_name = names.empty() ? "skerry" : names.front();
  request.names = names;
  request.valid_from = seconds_now() - kDay;
  request.valid_to = seconds_now() + kServerDays * kDay;
  const std::string pem = make_certificate(request, key, signer, authority);
  write_file_atomically(server, pem + authority + key.pem(), 0600);
  log::info("made a server certificate",
            {{"file", server.native()}, {"why", reason}});
}

}  // namespace skerry::http
