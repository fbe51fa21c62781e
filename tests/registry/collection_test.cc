// Garbage collection: what goes, what stays, and what is said of it.
#include <algorithm>

#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using List = std::vector<std::string>;

class CollectionTest : public RegistryTest {
 protected:
  static std::string manifest(const Digest& digest) {
    return "/v2/demo/app/manifests/" + digest.to_string();
  }
  static std::string blob(std::string_view bytes,
                          const std::string& repository = "demo/app") {
    return "/v2/" + repository + "/blobs/" + digest_of(bytes).to_string();
  }
  int get(const std::string& path) const {
    return dev().send("GET", path).status;
  }
  void remove(const Digest& digest) const {
    EXPECT_EQ(admin().send("DELETE", manifest(digest)).status, 202);
  }
  // What went, of one kind.
  List collect(const std::string& kind, const CollectionOptions& options = {}) {
    List found;
    for (const auto& item : world().collect(options)) {
      if (item.starts_with(kind + " ")) found.push_back(item);
    }
    return found;
  }
  bool stored(std::string_view bytes) {
    return world().blobs().size(digest_of(bytes)).has_value();
  }
};

const CollectionOptions kNow{false, milliseconds(0)};
const CollectionOptions kDryNow{true, milliseconds(0)};

TEST_F(CollectionTest, LeavesWhatIsInUse) {
  const auto child = push_image("layer", "child");
  admin().send("DELETE", "/v2/demo/app/manifests/child");
  const auto index = index_of({child});
  put_manifest(index, "all", "demo/app", std::string(kOciIndex));
  push_blob("{}");
  push_blob("signature");
  const auto signature = artifact("example/signature", digest_of(index),
                                  {"signature"});
  put_manifest(signature, digest_of(signature).to_string());
  world().clock().advance(hours(1000));
  world().collect();
  world().collect(kNow);
  EXPECT_EQ(get("/v2/demo/app/manifests/all"), 200);
  EXPECT_EQ(get(manifest(child)), 200);
  EXPECT_EQ(get(manifest(digest_of(signature))), 200);
  for (const std::string_view bytes :
       {std::string_view("layer"), kConfig, std::string_view("signature")}) {
    EXPECT_EQ(get(blob(bytes)), 200) << bytes;
  }
}

TEST_F(CollectionTest, RemovesABlobThatNoManifestNamesOnceItIsOld) {
  push_blob("loose");
  EXPECT_EQ(world().collect(), List{});
  world().clock().advance(hours(2));
  const auto name = digest_of("loose").to_string();
  EXPECT_EQ(world().collect(),
            (List{"link demo/app@" + name, "repository demo/app",
                  "blob " + name}));
  EXPECT_FALSE(stored("loose"));
  EXPECT_EQ(get(blob("loose")), 404);
}

TEST_F(CollectionTest, KeepsABlobThatAClientHasJustAskedFor) {
  push_blob("loose");
  world().clock().advance(std::chrono::minutes(50));
  EXPECT_EQ(dev().send("HEAD", blob("loose")).status, 200);
  world().clock().advance(std::chrono::minutes(50));
  EXPECT_EQ(world().collect(), List{});
  world().clock().advance(std::chrono::minutes(20));
  EXPECT_FALSE(world().collect().empty());
}

TEST_F(CollectionTest, ADeletedImageGoesWhenItsTimeIsOver) {
  remove(push_image("layer", "v1"));
  world().clock().advance(hours(23));
  EXPECT_EQ(world().collect(), List{});
  world().clock().advance(hours(2));
  auto foretold = world().collect({true, {}});
  foretold.push_back("repository demo/app");
  auto gone = world().collect();
  std::sort(foretold.begin(), foretold.end());
  std::sort(gone.begin(), gone.end());
  EXPECT_EQ(gone, foretold);
  EXPECT_FALSE(stored("layer"));
  EXPECT_FALSE(stored(kConfig));
}

TEST_F(CollectionTest, WhatAPushMayHaveSeenStaysForTheGrace) {
  restart({{"SKERRY_REGISTRY_UNDO_WINDOW", "1s"}});
  const auto image = push_image("layer", "v1");
  world().clock().advance(hours(100));
  // It is there because of the manifest, and its link is old.
  EXPECT_EQ(dev().send("HEAD", blob("layer")).status, 200);
  remove(image);
  world().clock().advance(std::chrono::minutes(1));
  EXPECT_EQ(collect("link", {true, {}}), List{});
  EXPECT_EQ(world().collect(),
            List{"deleted manifest demo/app@" + image.to_string()});
  EXPECT_EQ(put_manifest(image_manifest({"layer"}), "v2").status, 201);
}

TEST_F(CollectionTest, AtOnceWhenAskedAndADryRunSaysTheSame) {
  const auto image = push_image("layer", "v1");
  push_image("kept", "v2");
  remove(image);
  const auto foretold = world().collect(kDryNow);
  EXPECT_TRUE(stored("layer"));
  const auto gone = world().collect(kNow);
  EXPECT_EQ(foretold, gone);
  EXPECT_EQ(gone,
            (List{"deleted manifest demo/app@" + image.to_string(),
                  "link demo/app@" +
                      digest_of("layer").to_string(),
                  "blob " + digest_of("layer").to_string()}));
  EXPECT_FALSE(stored("layer"));
  EXPECT_EQ(get("/v2/demo/app/manifests/v2"), 200);
  EXPECT_EQ(get(blob("kept")), 200);
}

TEST_F(CollectionTest, ADryRunChangesNothing) {
  push_blob("loose");
  world().clock().advance(hours(2));
  const auto files = files_in("blobs");
  EXPECT_EQ(world().collect({true, {}}).size(), 2u);
  EXPECT_EQ(files_in("blobs"), files);
  EXPECT_EQ(get(blob("loose")), 200);
}

TEST_F(CollectionTest, KeepsWhatAnotherRepositoryHas) {
  const auto image = push_image("layer", "v1");
  push_image("layer", "v1", "demo/other");
  remove(image);
  EXPECT_EQ(collect("blob", kDryNow), List{});
  EXPECT_EQ(collect("blob", kNow), List{});
  EXPECT_EQ(get(blob("layer", "demo/other")), 200);
  EXPECT_EQ(get(blob("layer")), 404);
}

TEST_F(CollectionTest, RemovesWhatNoRowNeeds) {
  // As a crash between the blob and its row leaves it.
  world().blobs().create()->write("never committed");
  {
    auto writer = world().blobs().create();
    writer->write("orphan");
    writer->commit();
    EXPECT_EQ(world().collect(), List{}) << "its writer still holds it";
  }
  EXPECT_EQ(world().collect(), List{"blob " + digest_of("orphan").to_string()});
  EXPECT_FALSE(stored("orphan"));
}

TEST_F(CollectionTest, LeavesAnUploadThatGoesOn) {
  const auto location = start();
  dev().send("PATCH", location, "some bytes");
  world().clock().advance(std::chrono::seconds(30));
  EXPECT_EQ(collect("upload", kNow), List{});
  world().clock().advance(hours(25));
  EXPECT_EQ(collect("upload", {true, {}}).size(), 1u);
  EXPECT_EQ(collect("upload").size(), 1u);
  EXPECT_EQ(dev().send("GET", location).status, 404);
}

TEST_F(CollectionTest, ARepositoryWithoutAnythingGoes) {
  const auto image = push_image("layer", "v1");
  remove(image);
  world().collect(kNow);
  world().db().read([](Connection& db) {
    auto rows = db.query("select count(*) from registry_repository");
    rows.next();
    EXPECT_EQ(rows.integer(0), 0);
    auto contents = db.query("select count(*) from registry_content");
    contents.next();
    EXPECT_EQ(contents.integer(0), 0);
  });
  // And comes again.
  push_image("layer", "v1");
  EXPECT_EQ(get("/v2/demo/app/manifests/v1"), 200);
}

TEST_F(CollectionTest, OneAtATime) {
  EXPECT_EQ(world().collect(), List{});
  world().db().write([](Transaction& tx) {
    tx.run("insert into storage_run (kind, dry_run, started) "
           "values (?, 0, 1)", boot::kCollectionJob);
  });
  EXPECT_THROW(world().collect(), Error);
}

}  // namespace
}  // namespace skerry::registry
