#include <gtest/gtest.h>

#include "core/error.h"
#include "core/os/file.h"
#include "provenance/armor.h"
#include "provenance/clear_text.h"
#include "provenance/packets.h"
#include "provenance/sign.h"
#include "provenance/verify.h"

namespace skerry::chart {
namespace {

constexpr std::int64_t kNow = 2'000'000'000;

std::string text_of(const std::string& file) {
  return read_file(std::string(CHART_KEYS) + "/" + file);
}

Keyring keys(const std::string& name) {
  return parse_keyring(text_of(name + ".asc"));
}

template <typename Work>
std::string error_of(const Work& work) {
  try {
    work();
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

std::string sign_app(const std::string& key, const std::string& passphrase) {
  Metadata metadata;
  metadata.name = "app";
  auto keyring = keys(key);
  return sign_chart(
      choose_signer(keyring, key),
      [&](const std::string&) { return passphrase; }, "archive",
      "app-1.0.0.tgz", metadata, kNow);
}

TEST(Provenance, BelievesWhatGnuPgSigned) {
  for (const char* key : {"rsa", "edward"}) {
    auto result =
        verify_provenance("archive", text_of(std::string(key) + ".prov"),
                          keys(key), "app-1.0.0.tgz", kNow);
    ASSERT_EQ(result.signers.size(), 1u);
    EXPECT_EQ(result.signers[0],
              fmt::format("{} <{}@example.com>", key, key));
    EXPECT_EQ(result.fingerprint.size(), 40u);
  }
}

TEST(Provenance, SignsWithEachKindOfKey) {
  struct Case {
    const char *key, *passphrase;
  };
  for (auto [key, passphrase] :
       {Case{"rsa", ""}, Case{"edward", ""}, Case{"locked", "secret"}}) {
    auto text = sign_app(key, passphrase);
    EXPECT_EQ(error_of([&, name = key] {
                verify_provenance("archive", text, keys(name), "app-1.0.0.tgz",
                                  kNow);
              }),
              "")
        << key;
  }
  EXPECT_EQ(error_of([] { sign_app("locked", "wrong"); }),
            "openpgp: invalid data: private key checksum failure");
}

TEST(Provenance, RefusesWhatDoesNotFit) {
  auto text = text_of("edward.prov");
  auto edward = keys("edward");
  auto verify = [&](std::string_view archive, const std::string& provenance,
                    const Keyring& keyring, const std::string& name) {
    return error_of(
        [&] { verify_provenance(archive, provenance, keyring, name, kNow); });
  };
  EXPECT_EQ(verify("archive", text, keys("rsa"), "app-1.0.0.tgz"),
            "openpgp: signature made by unknown entity");
  EXPECT_EQ(verify("archive", text, edward, "b.tgz"),
            "provenance does not contain a SHA for a file named \"b.tgz\"");
  EXPECT_TRUE(verify("another", text, edward, "app-1.0.0.tgz")
                  .starts_with("sha256 sum does not match for app-1.0.0.tgz"));
  EXPECT_EQ(verify("archive", "nothing", edward, "app-1.0.0.tgz"),
            "signature block not found");
  auto forged = text;
  forged.replace(forged.find("name: app"), 9, "name: apb");
  EXPECT_EQ(verify("archive", forged, edward, "app-1.0.0.tgz"),
            "openpgp: invalid signature: EdDSA verification failure");
  EXPECT_EQ(verify("archive", text_of("expired.prov"), keys("expired"),
                   "app-1.0.0.tgz"),
            "openpgp: key expired");
}

TEST(Provenance, ChoosesAKeyAsHelm) {
  auto keyring = keys("rsa");
  for (auto& owner : keys("edward")) keyring.push_back(owner);
  EXPECT_EQ(choose_signer(keyring, "edw").identities[0].name,
            "edward <edward@example.com>");
  EXPECT_EQ(error_of([&] { choose_signer(keyring, "example.com"); }),
            "more than one key contain the id \"example.com\"");
  EXPECT_EQ(error_of([&] { choose_signer(keyring, "none"); }),
            "private key not found");
  keyring[0].secret.reset();
  EXPECT_EQ(error_of([&] {
              sign_chart(keyring[0], {}, "", "", {}, kNow);
            }),
            "provided key is not a private key. Try providing a keyring with "
            "secret keys");
}

TEST(Provenance, NothingOfAKeyMayBeAltered) {
  auto armored = read_armor(text_of("edward.asc"));
  ASSERT_TRUE(armored);
  auto packets = read_packets(armored->bytes);
  std::string all = armored->bytes;
  // The name: its signature no longer holds, so that the key has none.
  auto at = all.find("edward");
  ASSERT_NE(at, all.npos);
  all[at] = 'x';
  EXPECT_EQ(error_of([&] { parse_keyring(all); }),
            "openpgp: invalid data: user ID self-signature invalid");
  EXPECT_EQ(error_of([&] { parse_keyring("# text"); }),
            "openpgp: invalid data: tag byte does not have MSB set");
  for (std::size_t cut = 0; cut < armored->bytes.size(); cut += 7) {
    error_of([&] { parse_keyring(armored->bytes.substr(0, cut)); });
  }
}

TEST(ClearText, EscapesDashesAndForgetsBlanksAtTheEnd) {
  std::string signed_text;
  auto message = write_clear_text(
      "- a  \n-----\nb\n", "SHA512", [&](const std::string& canonical) {
        signed_text = canonical;
        return std::string("\x01\x02");
      });
  EXPECT_EQ(signed_text, "- a\r\n-----\r\nb\r\n");
  EXPECT_NE(message.find("\n- - a\n- -----\nb\n\n-----BEGIN PGP SIGNATURE"),
            message.npos);
  auto read = read_clear_text("before\n" + message + "behind");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->canonical, signed_text);
  EXPECT_EQ(read->signature, "\x01\x02");
  for (const char* bad :
       {"", "-----BEGIN PGP SIGNED MESSAGE-----",
        "-----BEGIN PGP SIGNED MESSAGE-----x\n\na\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nCharset: utf-8\n\na\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\na\n"
        "-----BEGIN PGP SIGNATURE-----\n\nAQI=\n"}) {
    EXPECT_FALSE(read_clear_text(bad)) << bad;
  }
}

TEST(Packets, ReadsBothFormatsAndRefusesTheRest) {
  EXPECT_EQ(read_packets(make_packet(Tag::user_id, std::string(300, 'x')))[0]
                .body.size(),
            300u);
  EXPECT_EQ(read_packets("\xB4\x02hi")[0].body, "hi");
  for (const char* bad : {"\x01", "\xCD\xE1", "\xCD\x05hi", "\xB4"}) {
    EXPECT_THROW(read_packets(bad), Error);
  }
}

}  // namespace
}  // namespace skerry::chart
