#include "core/http/certificate.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <array>
#include <ctime>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/os/random.h"
#include "core/text/encoding.h"

namespace skerry::http {
namespace {

constexpr std::size_t kPemBytes = 8192;

void check(int status, std::string_view what,
           ErrorCode code = ErrorCode::internal) {
  if (status == 0) return;
  std::string reason(128, '\0');
  mbedtls_strerror(status, reason.data(), reason.size());
  fail(code, "{}: {}", what, reason.c_str());
}

// mbedTLS asks for randomness through a callback; ours comes from the kernel.
int kernel_random(void*, unsigned char* output, std::size_t size) {
  const std::string bytes = random_bytes(size);
  std::copy(bytes.begin(), bytes.end(), output);
  return 0;
}

const unsigned char* unsigned_bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// mbedTLS wants PEM with its final NUL counted.
std::size_t pem_size(const std::string& pem) { return pem.size() + 1; }

// "203.0.113.7" or "2001:db8::7" as its bytes; empty for a DNS name.
std::string address_bytes(std::string_view name) {
  const std::string text(name);
  std::string bytes(16, '\0');
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    bytes.resize(4);
    return bytes;
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  return {};
}

std::string x509_time(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                     utc.tm_sec);
}

std::int64_t seconds_of(const mbedtls_x509_time& time) {
  std::tm utc{};
  utc.tm_year = time.year - 1900;
  utc.tm_mon = time.mon - 1;
  utc.tm_mday = time.day;
  utc.tm_hour = time.hour;
  utc.tm_min = time.min;
  utc.tm_sec = time.sec;
  return timegm(&utc);
}

// mbedTLS's RAII wrappers.
struct ParsedCertificate {
  mbedtls_x509_crt crt;
  explicit ParsedCertificate(const std::string& pem) {
    mbedtls_x509_crt_init(&crt);
    // A positive number counts the certificates after it that cannot be read.
    const int status =
        mbedtls_x509_crt_parse(&crt, unsigned_bytes(pem), pem_size(pem));
    if (status < 0) {
      mbedtls_x509_crt_free(&crt);
      check(status, "a certificate cannot be read", ErrorCode::invalid);
    }
  }
  ~ParsedCertificate() { mbedtls_x509_crt_free(&crt); }
  ParsedCertificate(const ParsedCertificate&) = delete;
  ParsedCertificate& operator=(const ParsedCertificate&) = delete;
};

struct Writer {
  mbedtls_x509write_cert crt;
  Writer() { mbedtls_x509write_crt_init(&crt); }
  ~Writer() { mbedtls_x509write_crt_free(&crt); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
};

// The list of names as mbedTLS links it. The parts stay where they are.
class AlternativeNames {
 public:
  explicit AlternativeNames(const std::vector<std::string>& names)
      : texts_(names.size()), list_(names.size()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      texts_[i] = address_bytes(names[i]);
      const bool address = !texts_[i].empty();
      if (!address) texts_[i] = names[i];
      mbedtls_x509_subject_alternative_name& name = list_[i].node;
      name.type = address ? MBEDTLS_X509_SAN_IP_ADDRESS
                          : MBEDTLS_X509_SAN_DNS_NAME;
      name.san.unstructured_name.p =
          reinterpret_cast<unsigned char*>(texts_[i].data());
      name.san.unstructured_name.len = texts_[i].size();
      if (i > 0) list_[i - 1].next = &list_[i];
    }
  }
  const mbedtls_x509_san_list* list() const { return list_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<mbedtls_x509_san_list> list_;
};

std::string distinguished_name(std::string common_name) {
  // These have a meaning in a distinguished name.
  std::string text = "O=Skerry,CN=";
  for (const char c : common_name) {
    if (std::string_view(",=+<>#;\"\\").find(c) == std::string_view::npos) {
      text += c;
    }
  }
  return text;
}

std::string subject_of(const std::string& pem) {
  const ParsedCertificate parsed(pem);
  std::string text(512, '\0');
  const int length =
      mbedtls_x509_dn_gets(text.data(), text.size(), &parsed.crt.subject);
  if (length < 0) check(length, "a certificate's subject cannot be read");
  text.resize(static_cast<std::size_t>(length));
  return text;
}

void add_extensions(Writer& writer, const CertificateRequest& request) {
  check(mbedtls_x509write_crt_set_basic_constraints(
            &writer.crt, request.is_authority ? 1 : 0,
            request.is_authority ? 0 : -1),
        "basic constraints");
  check(mbedtls_x509write_crt_set_subject_key_identifier(&writer.crt),
        "subject key identifier");
  check(mbedtls_x509write_crt_set_authority_key_identifier(&writer.crt),
        "authority key identifier");
  check(mbedtls_x509write_crt_set_key_usage(
            &writer.crt, request.is_authority
                             ? MBEDTLS_X509_KU_KEY_CERT_SIGN |
                                   MBEDTLS_X509_KU_CRL_SIGN
                             : MBEDTLS_X509_KU_DIGITAL_SIGNATURE),
        "key usage");
  if (request.is_authority) return;
  std::string oid(MBEDTLS_OID_SERVER_AUTH);
  mbedtls_asn1_sequence usage{};
  usage.buf.tag = MBEDTLS_ASN1_OID;
  usage.buf.p = reinterpret_cast<unsigned char*>(oid.data());
  usage.buf.len = oid.size();
  check(mbedtls_x509write_crt_set_ext_key_usage(&writer.crt, &usage),
        "extended key usage");
  if (request.names.empty()) return;
  const AlternativeNames names(request.names);
  check(mbedtls_x509write_crt_set_subject_alternative_name(&writer.crt,
                                                           names.list()),
        "alternative names");
}

}  // namespace

struct PrivateKey::State {
  mbedtls_pk_context key;
  State() { mbedtls_pk_init(&key); }
  ~State() { mbedtls_pk_free(&key); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

PrivateKey::PrivateKey(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
PrivateKey::~PrivateKey() = default;
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;

PrivateKey PrivateKey::generate() {
  auto state = std::make_unique<State>();
  check(mbedtls_pk_setup(&state->key,
                         mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)),
        "set up a key");
  check(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1,
                            mbedtls_pk_ec(state->key), kernel_random, nullptr),
        "make a key");
  return PrivateKey(std::move(state));
}

PrivateKey PrivateKey::parse(const std::string& pem) {
  auto state = std::make_unique<State>();
  check(mbedtls_pk_parse_key(&state->key, unsigned_bytes(pem), pem_size(pem),
                             nullptr, 0, kernel_random, nullptr),
        "a private key cannot be read", ErrorCode::invalid);
  return PrivateKey(std::move(state));
}

std::string PrivateKey::pem() const {
  std::string text(kPemBytes, '\0');
  check(mbedtls_pk_write_key_pem(
            &state_->key, reinterpret_cast<unsigned char*>(text.data()),
            text.size()),
        "write a key");
  text.resize(text.find('\0'));
  return text;
}

struct Certificate::State {
  explicit State(const std::string& pem) : parsed(pem) {}
  ParsedCertificate parsed;
};

Certificate::Certificate(const std::string& pem)
    : state_(std::make_unique<State>(pem)) {}
Certificate::~Certificate() = default;

std::int64_t Certificate::expires() const {
  return seconds_of(state_->parsed.crt.valid_to);
}

bool Certificate::covers(std::string_view name) const {
  const std::string address = address_bytes(name);
  for (const mbedtls_asn1_sequence* item =
           &state_->parsed.crt.subject_alt_names;
       item != nullptr && item->buf.p != nullptr; item = item->next) {
    const std::string_view bytes(reinterpret_cast<const char*>(item->buf.p),
                                 item->buf.len);
    const int type = item->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;
    if (type == MBEDTLS_X509_SAN_IP_ADDRESS && bytes == address) return true;
    if (type == MBEDTLS_X509_SAN_DNS_NAME && address.empty() &&
        equal_ignoring_case(bytes, name)) {
      return true;
    }
  }
  return false;
}

bool Certificate::is_signed_by(const std::string& authority_pem) const {
  ParsedCertificate authority(authority_pem);
  std::uint32_t flags = 0;
  return mbedtls_x509_crt_verify(&state_->parsed.crt, &authority.crt, nullptr,
                                 nullptr, &flags, nullptr, nullptr) == 0;
}

std::string random_serial() {
  std::string bytes = random_bytes(16);
  // Positive and without a leading zero: DER has an integer in the fewest bytes,
  // and clients refuse a certificate with more.
  bytes[0] = static_cast<char>((bytes[0] & 0x3f) | 0x40);
  return to_hex(bytes);
}

std::string make_certificate(const CertificateRequest& request,
                             const PrivateKey& key, const PrivateKey& signer,
                             const std::string& signer_pem) {
  Writer writer;
  const std::string subject = distinguished_name(request.common_name);
  const std::string issuer =
      signer_pem.empty() ? subject : subject_of(signer_pem);
  mbedtls_x509write_crt_set_version(&writer.crt, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&writer.crt, MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(&writer.crt, &key.state().key);
  mbedtls_x509write_crt_set_issuer_key(&writer.crt, &signer.state().key);
  check(mbedtls_x509write_crt_set_subject_name(&writer.crt, subject.c_str()),
        "a certificate's subject");
  check(mbedtls_x509write_crt_set_issuer_name(&writer.crt, issuer.c_str()),
        "a certificate's issuer");
  std::string serial = *from_hex(random_serial());
  check(mbedtls_x509write_crt_set_serial_raw(
            &writer.crt, reinterpret_cast<unsigned char*>(serial.data()),
            serial.size()),
        "a certificate's serial number");
  check(mbedtls_x509write_crt_set_validity(
            &writer.crt, x509_time(request.valid_from).c_str(),
            x509_time(request.valid_to).c_str()),
        "a certificate's validity");
  add_extensions(writer, request);
  std::string text(kPemBytes, '\0');
  check(mbedtls_x509write_crt_pem(
            &writer.crt, reinterpret_cast<unsigned char*>(text.data()),
            text.size(), kernel_random, nullptr),
        "write a certificate");
  text.resize(text.find('\0'));
  return text;
}

}  // namespace skerry::http
