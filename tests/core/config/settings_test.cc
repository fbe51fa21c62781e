#include "core/config/settings.h"

#include <mbedtls/gcm.h>

#include "core/config/secret_box.h"
#include "core/temp.h"
#include "core/text/encoding.h"

namespace skerry {
namespace {

using test::code_of;
using test::Scratch;

std::vector<Setting> declared() {
  return {{"git.max_pack_size", SettingType::size, "2GiB", "bytes", 1, {}},
          {"ci.timeout", SettingType::duration, "1h", "time"},
          {"ci.enabled", SettingType::boolean, "true", "whether"},
          {"ci.secret", SettingType::secret, "", "a secret"}};
}

TEST(Settings, TakeTheStrongestSource) {
  const Scratch scratch;
  write_file_atomically(scratch / "skerry.yaml",
                        "git.max_pack_size: 10MiB\nci.timeout: 5m\n");
  Settings settings(scratch / "skerry.yaml", {{"SKERRY_CI_TIMEOUT", "30s"}});
  settings.declare(declared());
  EXPECT_EQ(settings.integer("git.max_pack_size"), 2LL << 30);
  settings.load();
  EXPECT_EQ(settings.integer("git.max_pack_size"), 10 << 20);
  EXPECT_EQ(settings.duration("ci.timeout"), std::chrono::seconds(30));
  Database db(scratch / "db");
  db.migrate("settings", Settings::migrations());
  settings.attach(db, std::string(32, 'k'));
  db.write([&](Transaction& tx) { settings.set(tx, "ci.timeout", "2s"); });
  EXPECT_EQ(settings.duration("ci.timeout"), std::chrono::seconds(2));
  for (const auto& shown : settings.list()) {
    if (shown.setting.name == "ci.timeout") {
      EXPECT_EQ(shown.source, SettingSource::page);
    }
  }
  db.write([&](Transaction& tx) { settings.unset(tx, "ci.timeout"); });
  EXPECT_EQ(settings.duration("ci.timeout"), std::chrono::seconds(30));
}

TEST(Settings, TakeNothingButTheirChoices) {
  const Scratch scratch;
  for (const auto& [text, fine] : {std::pair<const char*, bool>{"host", true},
                                   {"none", true},
                                   {"Host", false},
                                   {"", false}}) {
    Settings settings("", {{"SKERRY_CI_NETWORK", text}});
    settings.declare({{"ci.network", SettingType::text, "none", "", {}, {},
                       {"none", "host"}}});
    if (fine) {
      settings.load();
      EXPECT_EQ(settings.text("ci.network"), text);
      continue;
    }
    try {
      settings.load();
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("ci.network must be none or host"),
                std::string::npos)
          << error.message();
    }
  }
}

TEST(Settings, NameTheFileAndTheSettingThatIsWrong) {
  const Scratch scratch;
  for (const char* text :
       {"no.such: 1\n", "ci.timeout: soon\n", "ci.enabled: 3\n",
        "git.max_pack_size: 0\n", "- list\n", "ci.timeout: [\n"}) {
    write_file_atomically(scratch / "skerry.yaml", text);
    Settings settings(scratch / "skerry.yaml", {});
    settings.declare(declared());
    try {
      settings.load();
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid);
      EXPECT_NE(error.message().find("skerry.yaml"), std::string::npos)
          << error.message();
    }
  }
}

TEST(Settings, KeepSecretsSealedAndHidden) {
  const Scratch scratch;
  Database db(scratch / "db");
  db.migrate("settings", Settings::migrations());
  {
    Settings settings(scratch / "none", {});
    settings.declare(declared());
    settings.attach(db, std::string(32, 'k'));
    db.write([&](Transaction& tx) { settings.set(tx, "ci.secret", "hush"); });
    for (const auto& shown : settings.list()) {
      EXPECT_NE(shown.value, "hush");
    }
  }
  db.read([](Connection& c) {
    auto rows = c.query("select value from setting");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0).find("hush"), std::string::npos);
  });
  Settings again(scratch / "none", {});
  again.declare(declared());
  again.attach(db, std::string(32, 'k'));
  EXPECT_EQ(again.text("ci.secret"), "hush");
}

TEST(SecretBox, RefusesAChangedTextOrAnotherKey) {
  const std::string key(32, 'k');
  const std::string sealed = seal(key, "hush");
  EXPECT_EQ(unseal(key, sealed), "hush");
  EXPECT_NE(seal(key, "hush"), sealed);
  std::string changed = sealed;
  changed[10] = changed[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(code_of([&] { unseal(key, changed); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { unseal(std::string(32, 'x'), sealed); }),
            ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { unseal(key, "AAAA"); }), ErrorCode::invalid);
}

// mbedTLS's AES-GCM is OpenSSL's here (scripts/deps.d/gcm_alt.h): test case 4
// of McGrew and Viega, in two parts as TLS records come.
TEST(SecretBox, EncryptsAesGcmAsPublished) {
  const std::string key = *from_hex("feffe9928665731c6d6a8f9467308308");
  const std::string iv = *from_hex("cafebabefacedbaddecaf888");
  const std::string added = *from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = *from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  auto bytes = [](const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  mbedtls_gcm_context context;
  mbedtls_gcm_init(&context);
  ASSERT_EQ(mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, bytes(key), 128),
            0);
  ASSERT_EQ(mbedtls_gcm_starts(&context, MBEDTLS_GCM_ENCRYPT, bytes(iv), 12), 0);
  ASSERT_EQ(mbedtls_gcm_update_ad(&context, bytes(added), added.size()), 0);
  unsigned char out[60], tag[16];
  std::size_t first = 0, second = 0, last = 0;
  ASSERT_EQ(mbedtls_gcm_update(&context, bytes(plain), 32, out, 60, &first), 0);
  ASSERT_EQ(mbedtls_gcm_update(&context, bytes(plain) + 32, 28, out + first,
                               60 - first, &second), 0);
  ASSERT_EQ(mbedtls_gcm_finish(&context, out + first + second,
                               60 - first - second, &last, tag, 16), 0);
  mbedtls_gcm_free(&context);
  EXPECT_EQ(first + second + last, plain.size());
  EXPECT_EQ(to_hex({reinterpret_cast<char*>(out), 60}),
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
            "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091");
  EXPECT_EQ(to_hex({reinterpret_cast<char*>(tag), 16}),
            "5bc94fbc3221a5db94fae95ae7121a47");
}

TEST(Settings, ReadTimesAndSizes) {
  EXPECT_EQ(parse_duration_millis("250ms"), 250);
  EXPECT_EQ(parse_duration_millis("2d"), 172'800'000);
  EXPECT_EQ(parse_size_bytes("512"), 512);
  EXPECT_EQ(parse_size_bytes("3GiB"), 3LL << 30);
  for (const char* bad : {"", "5", "-1s", "1.5s", "s", "1 s", "1y"}) {
    EXPECT_FALSE(parse_duration_millis(bad)) << bad;
  }
  for (const char* bad : {"", "x", "-1", "1MB", "9999999999TiB"}) {
    EXPECT_FALSE(parse_size_bytes(bad)) << bad;
  }
}

}  // namespace
}  // namespace skerry
