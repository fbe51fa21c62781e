// Layers of base images: whiteouts, and archives that are damaged.
#include "image/tar.h"

#include <fcntl.h>

#include "image/layer.h"
#include "support.h"

namespace skerry::ci {
namespace {

FileNode file(const std::string& content, unsigned mode = 0644) {
  FileNode node;
  node.mode = mode;
  node.content.size = content.size();
  node.content.bytes = std::make_shared<std::string>(content);
  return node;
}

class LayersTest : public ImageTest {
 protected:
  // A layer of these files as an uncompressed blob.
  Json layer(const std::vector<std::pair<std::string, FileNode>>& files) {
    const auto path = scratch_.path() / ("tar" + std::to_string(++count_));
    {
      const Fd fd(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
      TarWriter writer(fd.get(), 0);
      for (const auto& [name, node] : files) writer.add(name, node);
      writer.finish();
    }
    return blob(read_file(path));
  }

  Json blob(const std::string& bytes) {
    const auto writer = store_.create_blob("p/base");
    writer->write(bytes);
    return {{"digest", writer->commit().to_string()}};
  }

  std::string paths(const std::vector<Json>& layers) {
    BaseImage image;
    image.repository = "p/base";
    image.layers = layers;
    FileIndex files(100);
    index_base_image(store_, image, {}, {}, nullptr, files);
    std::string out;
    for (const auto& [path, node] : files.nodes()) out += path + " ";
    return out;
  }

 private:
  int count_ = 0;
};

TEST_F(LayersTest, WhiteoutsHideWhatIsBelow) {
  FileNode folder;
  folder.kind = FileNode::Kind::folder;
  const Json base = layer({{"a/x", file("x")},
                           {"a/y", file("y")},
                           {"b/z", file("z")},
                           {"b/zz/q", file("q")},
                           {"c", file("c")}});
  EXPECT_EQ(paths({base}), "a/x a/y b/z b/zz/q c ");
  EXPECT_EQ(paths({base, layer({{"a/.wh.x", file("")}})}), "a/y b/z b/zz/q c ");
  EXPECT_EQ(paths({base, layer({{".wh.b", file("")}})}), "a/x a/y c ");
  // The opaque mark spares what its own layer brings, before and after it.
  EXPECT_EQ(paths({base, layer({{"b/first", file("1")},
                                {"b/.wh..wh..opq", file("")},
                                {"b/last", file("2")}})}),
            "a/x a/y b/first b/last c ");
  EXPECT_EQ(paths({base, layer({{"a", file("now a file")}})}),
            "a b/z b/zz/q c ");
}

TEST_F(LayersTest, ADamagedLayerIsRefused) {
  const Json good = layer({{"a", file(std::string(5000, 'x'))}});
  const std::string bytes =
      read_file(store_.folder() / "blobs" / "sha256" /
                good.at("digest").get<std::string>().substr(7));
  for (const std::string& bad :
       {std::string("no tar at all"), bytes.substr(0, 700),
        std::string("\x1f\x8b\x08broken")}) {
    EXPECT_THROW(paths({blob(bad)}), Error) << bad.size();
  }
}

TEST_F(LayersTest, LongNamesAndContentsSurvive) {
  const std::string name =
      std::string(90, 'd') + "/" + std::string(150, 'f') + "/\xED\x95\x9C";
  EXPECT_EQ(paths({layer({{name, file("x")}})}), name + " ");
}

TEST_F(LayersTest, TheSameEntriesGiveTheSameBytes) {
  const auto one =
      layer({{"a", file("x")}, {std::string(300, 'n'), file("y")}});
  const auto two =
      layer({{"a", file("x")}, {std::string(300, 'n'), file("y")}});
  EXPECT_EQ(one, two);
}

}  // namespace
}  // namespace skerry::ci
