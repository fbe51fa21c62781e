#include "provenance/verify.h"

#include <filesystem>

#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "core/text/encoding.h"
#include "core/text/yaml.h"
#include "gotemplate/print.h"
#include "helm/metadata.h"
#include "provenance/clear_text.h"
#include "provenance/packets.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxArchive = 256u << 20, kMaxProvenance = 4u << 20;
constexpr std::string_view kParting = "\n...\n";

std::vector<Signature> signatures_in(std::string_view bytes) {
  std::vector<Signature> signatures;
  for (auto& packet : read_packets(bytes)) {
    if (packet.tag != Tag::signature) {
      fail_openpgp("non signature packet found");
    }
    signatures.push_back(read_signature(packet.body));
  }
  return signatures;
}

// What the signed text says of a file; "" when it says nothing.
std::string sum_of(std::string_view text, const std::string& file_name) {
  std::size_t parting = text.find(kParting);
  if (parting == text.npos) {
    fail(ErrorCode::invalid, "message block must have at least two parts");
  }
  auto sums = text.substr(parting + kParting.size());
  auto result = read_yaml(sums.substr(0, sums.find(kParting)),
                          YamlRead::first_document);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "error converting YAML to JSON: {}", problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  if (documents.empty() || !documents[0].is_object()) return "";
  auto* files = go_member(documents[0], "files");
  if (!files || !files->is_object()) return "";
  auto found = files->find(file_name);
  return found == files->end() ? "" : go_string(*found, "files");
}

std::string in_capitals(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

}  // namespace

Verification verify_provenance(std::string_view archive,
                               std::string_view provenance,
                               const Keyring& keyring,
                               const std::string& file_name,
                               std::int64_t now) {
  auto message = read_clear_text(provenance);
  if (!message) fail(ErrorCode::invalid, "signature block not found");
  const KeyOwner& signer = find_signer(
      keyring, signatures_in(message->signature), message->canonical, now);
  std::string sum = digest_of(archive).to_string();
  std::string told = sum_of(message->text, file_name);
  if (told.empty()) {
    fail(ErrorCode::denied, "provenance does not contain a SHA for a file "
         "named {}", quote(file_name));
  }
  if (told != sum) {
    fail(ErrorCode::denied, "sha256 sum does not match for {}: {} != {}",
         file_name, quote(told), quote(sum));
  }
  Verification verification;
  for (auto& identity : signer.identities) {
    verification.signers.push_back(identity.name);
  }
  verification.fingerprint = in_capitals(to_hex(signer.key.fingerprint));
  verification.file_hash = sum;
  return verification;
}

Verification verify_archive(std::string_view archive,
                            std::string_view provenance,
                            const std::string& keyring_file,
                            const std::string& file_name) {
  Keyring keyring;
  try {
    keyring = read_keyring(keyring_file);
  } catch (const Error& error) {
    throw error.in("failed to load keyring");
  }
  return verify_provenance(archive, provenance, keyring, file_name,
                           SystemClock().now() / 1000);
}

Verification verify_file(const std::string& path,
                         const std::string& keyring_file) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    fail(ErrorCode::not_found, "stat {}: no such file or directory", path);
  }
  if (std::filesystem::is_directory(path, error)) {
    fail(ErrorCode::invalid, "unpacked charts cannot be verified");
  }
  std::size_t dot = path.rfind('.');
  if (dot == path.npos || in_capitals(path.substr(dot)) != ".TGZ") {
    fail(ErrorCode::invalid, "chart must be a tgz file");
  }
  std::string provenance = path + ".prov";
  if (!std::filesystem::exists(provenance, error)) {
    fail(ErrorCode::not_found,
         "could not load provenance file {}: stat {}: no such file or "
         "directory",
         provenance, provenance);
  }
  return verify_archive(read_file(path, kMaxArchive),
                        read_file(provenance, kMaxProvenance), keyring_file,
                        std::filesystem::path(path).filename().native());
}

}  // namespace skerry::chart
