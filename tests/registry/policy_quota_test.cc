#include <atomic>
#include <thread>

#include "fixture.h"
#include "manifests/media_types.h"
#include "policy/quota.h"
#include "policy/schema.h"
#include "schema.h"

namespace skerry::registry {
namespace {

class QuotaTest : public RegistryTest {
 protected:
  void limit(std::size_t bytes, const std::string& project = "demo") {
    ASSERT_EQ(admin()
                  .send("PUT", "/api/v1/projects/" + project + "/images/policy",
                        R"({"quota_bytes":)" + std::to_string(bytes) + "}")
                  .status,
              200);
  }
  Json usage(const std::string& project = "demo") {
    return parse_json(
        admin().send("GET", "/api/v1/projects/" + project + "/images/usage")
            .body);
  }
  std::size_t used(const std::string& project = "demo") {
    return usage(project).at("used_bytes").get<std::size_t>();
  }
  // What it should be, counted from the rows.
  std::size_t counted() {
    return static_cast<std::size_t>(world().db().read([](Connection& db) {
      auto row = db.query(
          "select (select coalesce(sum(size), 0) from (select b.digest, b.size "
          " from registry_blob b join registry_repository r "
          " on r.id = b.repository_id where r.project = 'demo' "
          " group by b.digest)) + (select coalesce(sum(m.size), 0) "
          " from registry_manifest m join registry_repository r "
          " on r.id = m.repository_id where r.project = 'demo')");
      row.next();
      return row.integer(0);
    }));
  }
  Reply push(const std::string& bytes,
             const std::string& repository = "demo/app") {
    return admin().send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" +
                                    digest_of(bytes).to_string(),
                        bytes);
  }
};

TEST_F(QuotaTest, ABlobCountsOnceForTheProject) {
  EXPECT_EQ(used(), 0u);
  push_image("layer", "1", "demo/app");
  const auto manifest = image_manifest({"layer"}).size();
  EXPECT_EQ(used(), kConfig.size() + 5 + manifest);
  push_image("layer", "1", "demo/other");
  push_image("layer", "2", "demo/app");
  EXPECT_EQ(used(), kConfig.size() + 5 + 2 * manifest);
  push_image("layer", "1", "other/app");
  EXPECT_EQ(used(), kConfig.size() + 5 + 2 * manifest);
  EXPECT_EQ(used("other"), kConfig.size() + 5 + manifest);
  const auto found = usage();
  EXPECT_TRUE(found.at("quota_bytes").is_null());
  EXPECT_EQ(found.at("repositories").size(), 2u);
  EXPECT_EQ(found.at("repositories")[0].at("name"), "app");
  EXPECT_EQ(found.at("repositories")[0].at("size_bytes"),
            kConfig.size() + 5 + manifest);
}

TEST_F(QuotaTest, WhatIsRemovedNoLongerCounts) {
  const auto digest = push_image("layer", "1", "demo/app");
  push_image("layer", "1", "demo/other");
  push_image("more", "2", "demo/other");
  const auto image = "/v2/demo/app/";
  admin().send("DELETE", image + ("manifests/" + digest.to_string()));
  EXPECT_EQ(used(), counted());
  admin().send("DELETE", image + ("blobs/" + digest_of("layer").to_string()));
  EXPECT_EQ(used(), counted());
  admin().send("DELETE", "/api/v1/projects/demo/images?repository=other");
  EXPECT_EQ(used(), counted());
  // As when the last trace of a repository goes.
  world().db().write([](Transaction& tx) {
    tx.run("delete from registry_repository where name = 'other'");
  });
  EXPECT_EQ(used(), counted());
  EXPECT_EQ(used(), kConfig.size());  // still linked in app
}

TEST_F(QuotaTest, ABlobThatDoesNotFitIsRefusedAndMayComeLater) {
  limit(100);
  EXPECT_EQ(push(std::string(60, 'a')).status, 201);
  const auto refused = push(std::string(41, 'b'));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(error_code(refused), "DENIED");
  EXPECT_NE(refused.body.find("project demo is full: 60 of 100 bytes are used, "
                              "and this needs 41 more"),
            std::string::npos);
  EXPECT_EQ(push(std::string(40, 'c')).status, 201);
  EXPECT_EQ(used(), 100u);
  limit(200);
  EXPECT_EQ(push(std::string(41, 'b')).status, 201);
}

TEST_F(QuotaTest, AFullProjectStartsNoUpload) {
  push(std::string(100, 'a'));
  limit(100);
  const auto refused = dev().send("POST", "/v2/demo/app/blobs/uploads/");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(error_code(refused), "DENIED");
  EXPECT_EQ(usage().at("quota_bytes"), 100);
  // Another project is none of its business.
  EXPECT_EQ(push("x", "other/app").status, 201);
  // What it has already may be mounted elsewhere in it.
  EXPECT_EQ(dev()
                .send("POST", "/v2/demo/new/blobs/uploads/?mount=" +
                                  digest_of(std::string(100, 'a')).to_string() +
                                  "&from=demo/app")
                .status,
            201);
}

TEST_F(QuotaTest, AnUploadIsRefusedBeforeItsBytesAreTaken) {
  limit(100);
  const auto location = start();
  EXPECT_EQ(dev().send("PATCH", location, std::string(60, 'a')).status, 202);
  EXPECT_EQ(dev().send("PATCH", location, std::string(41, 'a')).status, 403);
  // It is over, and holds no disk space.
  EXPECT_EQ(files_in("uploads"), 0u);
  EXPECT_EQ(dev().send("GET", location).status, 404);
}

TEST_F(QuotaTest, AMountFromAnotherProjectCounts) {
  push(std::string(80, 'a'), "open/app");
  push(std::string(80, 'b'));
  limit(100);
  const auto mount = [&](const std::string& bytes) {
    return admin()
        .send("POST", "/v2/demo/new/blobs/uploads/?mount=" +
                          digest_of(bytes).to_string() + "&from=open/app");
  };
  const auto refused = mount(std::string(80, 'a'));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(used(), 80u);
}

TEST_F(QuotaTest, AManifestThatDoesNotFitIsRefused) {
  push_blob(kConfig);
  push_blob("layer");
  const auto manifest = image_manifest({"layer"});
  limit(used() + manifest.size() - 1);
  EXPECT_EQ(error_code(put_manifest(manifest, "1")), "DENIED");
  EXPECT_EQ(admin().send("GET", "/v2/demo/app/manifests/1").status, 404);
  limit(used() + manifest.size());
  EXPECT_EQ(put_manifest(manifest, "1").status, 201);
  // One that is there costs nothing, however full the project is.
  limit(1);
  EXPECT_EQ(put_manifest(manifest, "2").status, 201);
}

TEST_F(QuotaTest, HoldsForImagesThatAreMadeInTheProcess) {
  limit(100);
  auto writer = world().registry().create_blob("demo", "built");
  writer->write(std::string(60, 'a'));
  EXPECT_THROW(writer->write(std::string(41, 'a')), Error);
}

TEST_F(QuotaTest, ConcurrentPushesDoNotPassIt) {
  limit(1000);
  std::atomic<int> taken{0}, refused{0};
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (int i = 0; i < 10; ++i) {
        const auto bytes = std::string(99, static_cast<char>('a' + client)) +
                           static_cast<char>('0' + i);
        const auto status = push(bytes).status;
        if (status == 201) ++taken;
        if (status == 403) ++refused;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(refused, 70);
  EXPECT_EQ(used(), 1000u);
  EXPECT_EQ(used(), counted());
}

TEST(Usage, OfAnOlderDatabaseIsCountedByTheMigration) {
  TempFolder folder(std::filesystem::temp_directory_path(), "usage-test-");
  Database db(folder.path() / "skerry.db");
  const Migration steps[] = {{1, kSchema1}, {3, kSchema3}};
  db.migrate("registry", std::span(steps).first(1));
  db.write([](Transaction& tx) {
    for (const char* name : {"a", "b"}) {
      tx.run("insert into registry_repository "
             "(project_id, project, name, created, updated) "
             "values (7, 'demo', ?, 0, 0)",
             name);
      tx.run("insert into registry_blob values (?, 'sha256:x', 100, 0)",
             tx.last_insert_id());
      tx.run("insert into registry_content values (?, 'm')", name);
      tx.run("insert into registry_manifest values "
             "(?, ?, 't', 10, 110, 0, null, '', '', 0)",
             tx.last_insert_id(), name);
    }
  });
  db.migrate("registry", steps);
  const auto used = db.read([](Connection& c) { return used_bytes(c, 7); });
  EXPECT_EQ(used, 120);
}

}  // namespace
}  // namespace skerry::registry
