// The dependency manager on the disk, with a web of its own; real servers and
// Helm itself stand in tests/diff/helm_commands.sh.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "cli/folder.h"
#include "cli/table.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "dependency/manager.h"
#include "package.h"
#include "world.h"

namespace skerry::chart {
namespace {

namespace fs = std::filesystem;

class TableClient : public http::Client {
 public:
  explicit TableClient(std::map<std::string, std::string>& files)
      : files_(files) {}
  http::ClientResponse send(const http::ClientRequest& request,
                            std::stop_token) override {
    http::ClientResponse response;
    auto found = files_.find(request.url);
    response.status = found == files_.end() ? 404 : 200;
    if (found != files_.end()) response.body = found->second;
    return response;
  }

 private:
  std::map<std::string, std::string>& files_;
};

class Garden {
 public:
  explicit Garden(const std::string& dependencies)
      : folder_(fs::temp_directory_path(), "skerry-dependency-") {
    for (auto version : {"1.0.0", "1.1.0"}) add_leaf(version);
    write_file_atomically(chart() / "Chart.yaml",
                          "apiVersion: v2\nname: app\nversion: 1.0.0\n"
                          "dependencies:\n" + dependencies);
  }

  void add_leaf(const std::string& version, const std::string& digest = "") {
    auto tree = make_tree({{"Chart.yaml", "apiVersion: v2\nname: leaf\n"
                                          "version: " + version + "\n"}});
    auto archive = package_chart(*tree, "", {}).archive;
    files["http://r/leaf-" + version + ".tgz"] = archive;
    index_ += fmt::format(
        "  - {{name: leaf, version: {}, urls: [leaf-{}.tgz], digest: {}}}\n",
        version, version,
        digest.empty() ? digest_of(archive).hex : digest);
    files["http://r/index.yaml"] =
        "apiVersion: v1\nentries:\n  leaf:\n" + index_;
  }

  // What it says, or how it fails.
  std::string run(void (DependencyManager::*work)()) {
    std::ostringstream out, error;
    Log log = no_log();
    Web web(std::make_unique<TableClient>(files));
    DependencyWorld world{web, out, error, log,
                          [] { return std::int64_t{1'700'000'000'500}; },
                          [&](const std::string& folder) {
                            return open_chart_folder(folder, log);
                          }};
    DependencyOptions options;
    options.chart_path = chart().native();
    try {
      DependencyManager manager(options, world);
      (manager.*work)();
    } catch (const Error& problem) {
      return problem.message();
    }
    return out.str();
  }

  fs::path chart() const {
    auto path = folder_.path() / "app";
    fs::create_directories(path);
    return path;
  }
  bool has(const std::string& file) const { return fs::exists(chart() / file); }

  std::map<std::string, std::string> files;

 private:
  const TempFolder folder_;
  std::string index_;
};

constexpr const char* kLeaf =
    "- {name: leaf, version: ^1.0.0, repository: \"http://r\"}\n";

TEST(Dependencies, AreLockedAndRebuilt) {
  Garden garden(kLeaf);
  EXPECT_EQ(garden.run(&DependencyManager::update),
            "Getting updates for unmanaged Helm repositories...\n"
            "...Successfully got an update from the \"http://r\" chart "
            "repository\nSaving 1 charts\n"
            "Downloading leaf from repo http://r\nDeleting outdated charts\n");
  EXPECT_TRUE(garden.has("charts/leaf-1.1.0.tgz"));
  auto lock = read_file(garden.chart() / "Chart.lock");
  EXPECT_NE(lock.find("generated: \"2023-11-14T22:13:20.5Z\""), lock.npos)
      << lock;
  garden.add_leaf("1.2.0");
  fs::remove_all(garden.chart() / "charts");
  garden.run(&DependencyManager::build);
  EXPECT_TRUE(garden.has("charts/leaf-1.1.0.tgz"));
  garden.run(&DependencyManager::update);
  EXPECT_TRUE(garden.has("charts/leaf-1.2.0.tgz"));
  EXPECT_FALSE(garden.has("charts/leaf-1.1.0.tgz"));
}

TEST(Dependencies, ALockThatDoesNotFitIsRefused) {
  Garden garden(kLeaf);
  garden.run(&DependencyManager::update);
  write_file_atomically(garden.chart() / "Chart.yaml",
                        "apiVersion: v2\nname: app\nversion: 1.0.0\n"
                        "dependencies:\n- {name: leaf, version: ~1.0, "
                        "repository: \"http://r\"}\n");
  EXPECT_EQ(garden.run(&DependencyManager::build),
            "the lock file (Chart.lock) is out of sync with the dependencies "
            "file (Chart.yaml). Please update the dependencies");
}

TEST(Dependencies, AFailureLeavesChartsAsItWas) {
  Garden garden(kLeaf);
  garden.run(&DependencyManager::update);
  garden.add_leaf("1.3.0", std::string(64, 'a'));
  auto said = garden.run(&DependencyManager::update);
  EXPECT_NE(said.find("the repository's index says"), said.npos) << said;
  garden.files.erase("http://r/leaf-1.3.0.tgz");
  said = garden.run(&DependencyManager::update);
  EXPECT_EQ(said,
            "could not download http://r/leaf-1.3.0.tgz: failed to fetch "
            "http://r/leaf-1.3.0.tgz : 404 Not Found");
  EXPECT_TRUE(garden.has("charts/leaf-1.1.0.tgz"));
  std::size_t entries = 0;
  for (auto& item : fs::directory_iterator(garden.chart())) {
    entries += item.exists();
  }
  EXPECT_EQ(entries, 3u);  // Chart.yaml, Chart.lock, charts: nothing half done
}

TEST(Dependencies, WhatIsNotThereIsNamed) {
  EXPECT_EQ(Garden("- {name: rose, version: 1.0.0, repository: \"http://r\"}\n")
                .run(&DependencyManager::update),
            "rose chart not found in repo http://r");
  EXPECT_EQ(Garden("- {name: leaf, version: 1.0.0, repository: \"@x\"}\n")
                .run(&DependencyManager::update),
            "no repository definition for @x. Please add them via 'helm repo "
            "add'");
}

TEST(Table, PadsAndCuts) {
  EXPECT_EQ(format_table({{"A", "NAME"}, {"xy", "z"}}, 80),
            "A \tNAME\nxy\tz   \n");
  EXPECT_EQ(format_table({{"abcdefghij"}}, 8), "abcde...\n");
}

}  // namespace
}  // namespace skerry::chart
