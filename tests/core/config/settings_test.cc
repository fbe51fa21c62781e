#include "core/config/settings.h"

#include "core/config/secret_box.h"
#include "core/temp.h"

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
