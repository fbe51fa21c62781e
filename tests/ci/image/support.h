// What the tests of the image builder share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/os/file.h"
#include "image/base_image.h"
#include "image/build.h"
#include "layout_store.h"

namespace skerry::ci {

using Files = std::vector<std::pair<std::string, MemoryFile>>;

// A store, a scratch folder, and builds from files given in the test.
class ImageTest : public testing::Test {
 protected:
  BuildRequest request(const std::string& dockerfile, Files files = {}) {
    trees_.push_back(make_memory_tree(std::move(files)));
    BuildRequest out;
    out.context = trees_.back().get();
    out.dockerfile_text = dockerfile;
    out.repository = "demo/app";
    out.tags = {"1"};
    out.work_folder = scratch_.path();
    out.log = [this](std::string_view line) {
      log_ += std::string(line) + "\n";
    };
    return out;
  }

  BuildResult build(const std::string& dockerfile, Files files = {}) {
    return build_image(request(dockerfile, std::move(files)), store_);
  }

  // The message of the error, or "" when the build went through.
  std::string fault(const std::string& dockerfile, Files files = {}) {
    try {
      build(dockerfile, std::move(files));
      return "";
    } catch (const Error& e) {
      return e.message();
    }
  }

  Json config(const BuildResult& built) const {
    const Json manifest = store_.json(built.digest);
    return store_.json(
        *Digest::parse(manifest.at("config").at("digest").get<std::string>()));
  }

  // "755 0:0 path" a line, of all that the image holds; "path -> target",
  // "path/" and "path = content".
  std::string listing(const BuildResult& built) const;

  TempFolder scratch_{std::filesystem::temp_directory_path(), "image-test-"};
  LayoutStore store_{scratch_.path() / "layout"};
  std::string log_;

 private:
  std::vector<std::unique_ptr<Tree>> trees_;
};

inline std::string ImageTest::listing(const BuildResult& built) const {
  BaseImage image;
  image.repository = "demo/app";
  for (const Digest& layer : built.layers) {
    image.layers.push_back({{"digest", layer.to_string()}});
  }
  FileIndex files(100'000);
  index_base_image(store_, image, {}, {},
                   std::make_shared<Spool>(scratch_.path()), files);
  std::string out;
  for (const auto& [path, node] : files.nodes()) {
    out += fmt::format("{:o} {}:{} {}", node.mode, node.user, node.group, path);
    switch (node.kind) {
      case FileNode::Kind::file:
        out += " = " + node.content.read(1u << 20);
        break;
      case FileNode::Kind::folder:
        out += "/";
        break;
      case FileNode::Kind::symlink:
        out += " -> " + node.target;
        break;
      case FileNode::Kind::hardlink:
        out += " == " + node.target;
        break;
      case FileNode::Kind::other:
        out += " ?";
    }
    out += "\n";
  }
  return out;
}

}  // namespace skerry::ci
