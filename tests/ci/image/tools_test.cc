// Against the real tools: the same Dockerfile built by buildah, and our images
// taken by skopeo and podman.
#include "core/os/process.h"
#include "support.h"

namespace skerry::ci {
namespace {

constexpr EntryKind kExecutable = EntryKind::executable;

class ToolsTest : public ImageTest {
 protected:
  std::string run(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    const CommandResult result = SystemProcessRunner().run(command);
    EXPECT_TRUE(result.ok())
        << command.argv[0] << " " << command.argv[1] << "\n"
        << result.output << result.error_output;
    return result.output;
  }

  // buildah and podman with storage of their own.
  std::string with_storage(std::vector<std::string> argv) {
    const std::string path = scratch_.path().string();
    argv.insert(argv.begin() + 1,
                {"--storage-driver=vfs", "--root=" + path + "/storage",
                 "--runroot=" + path + "/run"});
    return run(std::move(argv));
  }

  static void write_files(const std::filesystem::path& folder,
                          const Files& files) {
    for (const auto& [path, file] : files) {
      const auto full = folder / path;
      std::filesystem::create_directories(full.parent_path());
      if (file.kind == EntryKind::symlink) {
        std::filesystem::create_symlink(file.content, full);
      } else {
        write_file_atomically(full, file.content,
                              file.kind == kExecutable ? 0755 : 0644);
      }
    }
  }

  // What buildah makes of it, read back through a layout.
  BuildResult build_with_buildah(const std::string& dockerfile,
                                 const Files& files) {
    const auto context = scratch_.path() / "context";
    std::filesystem::remove_all(context);
    write_files(context, files);
    write_file_atomically(context / "Dockerfile", dockerfile);
    with_storage({"buildah", "bud", "--isolation=chroot", "--format=oci", "-t",
                  "compare:1", context.string()});
    with_storage({"buildah", "push", "compare:1",
                  "oci:" + store_.folder().string() + ":theirs"});
    const Json index = parse_json(read_file(store_.folder() / "index.json"));
    BuildResult out;
    for (const Json& entry : index.at("manifests")) {
      if (entry.at("annotations").at("org.opencontainers.image.ref.name") ==
          "theirs") {
        out.digest = *Digest::parse(entry.at("digest").get<std::string>());
      }
    }
    const Json manifest = store_.json(out.digest);
    for (const Json& layer : manifest.at("layers")) {
      out.layers.push_back(
          *Digest::parse(layer.at("digest").get<std::string>()));
    }
    return out;
  }

  Json compared_config(const BuildResult& built) const {
    Json c = config(built).at("config");
    if (c.contains("Labels")) c.at("Labels").erase("io.buildah.version");
    if (c.contains("Labels") && c.at("Labels").empty()) c.erase("Labels");
    return c;
  }
};

Files some_files() {
  return {{"bin/hello", {"ELF", kExecutable}},
          {"www/index.html", {"<html>"}},
          {"www/a/b.txt", {"b"}},
          {"www/a/c.log", {"c"}},
          {"www/\xED\x95\x9C\xEA\xB8\x80.txt", {"k"}},
          {"www/" + std::string(120, 'n'), {"long"}},
          {"www/link", {"index.html", EntryKind::symlink}},
          {"top.txt", {"top"}},
          {".dockerignore", {"**/*.log\n"}}};
}

TEST_F(ToolsTest, BuildahMakesTheSameImage) {
  ASSERT_TRUE(find_program("buildah")) << "run scripts/setup test";
  const char* const cases[] = {
      R"(FROM scratch
COPY bin/hello /hello
COPY www /srv/www
ENV PORT=8080 NAME="a b"
EXPOSE 8080
USER 1000:1000
LABEL team=web
ENTRYPOINT ["/hello"]
CMD ["--port", "8080"]
)",
      R"(ARG V=1
FROM scratch AS one
COPY --chown=7:8 www /in
ADD --chown=1:2 top.txt /in/t/
FROM scratch
ARG V
ENV A=x$V B=${NONE:-d}
COPY --from=one /in /from
COPY --chown=3:4 --chmod=640 www/index.html /x/y/
COPY top.txt bin/h* /many/
WORKDIR /work/dir
COPY www/a .
COPY www/link /followed
VOLUME ["/data", "/more"]
STOPSIGNAL SIGINT
CMD exec hello $A
)",
  };
  for (const char* dockerfile : cases) {
    const BuildResult theirs = build_with_buildah(dockerfile, some_files());
    const BuildResult ours = build(dockerfile, some_files());
    EXPECT_EQ(listing(ours), listing(theirs)) << dockerfile;
    EXPECT_EQ(compared_config(ours).dump(), compared_config(theirs).dump())
        << dockerfile;
  }
}

TEST_F(ToolsTest, SkopeoCopiesAndPodmanUnpacksOurImages) {
  ASSERT_TRUE(find_program("skopeo") && find_program("podman"))
      << "run scripts/setup test";
  for (const auto compression :
       {LayerCompression::gzip, LayerCompression::zstd}) {
    BuildRequest r = request(
        "FROM scratch\nCOPY www /www\nCOPY top.txt /\nWORKDIR /w\n"
        "CMD [\"/x\"]\n",
        some_files());
    r.compression = compression;
    r.labels = {{"org.opencontainers.image.revision", "abc"}};
    const BuildResult built = build_image(r, store_);
    const std::string image = "oci:" + store_.folder().string() + ":1";
    const Json seen = parse_json(run({"skopeo", "inspect", image}));
    EXPECT_EQ(seen.at("Digest"), built.digest.to_string());
    EXPECT_EQ(seen.at("Layers").size(), built.layers.size());
    EXPECT_EQ(seen.at("Labels").at("org.opencontainers.image.revision"), "abc");
    // skopeo checks every blob against its digest.
    run({"skopeo", "copy", image,
         "dir:" + (scratch_.path() / "copied").string()});
    // Every layer is unpacked and checked against its diff_id.
    const std::string path = scratch_.path().string();
    run({"skopeo", "copy", image,
         "containers-storage:[vfs@" + path + "/storage+" + path +
             "/run]localhost/ours:1"});
    const Json inspected = parse_json(
        with_storage({"podman", "image", "inspect", "localhost/ours:1"}));
    EXPECT_EQ(inspected.at(0).at("Config").at("WorkingDir"), "/w");
    EXPECT_EQ(inspected.at(0).at("RootFS").at("Layers").size(),
              built.layers.size());
  }
}

}  // namespace
}  // namespace skerry::ci
