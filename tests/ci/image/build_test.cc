#include "support.h"

namespace skerry::ci {
namespace {

constexpr EntryKind kExecutable = EntryKind::executable;

const char* const kHello = R"(FROM scratch
COPY bin/hello /hello
COPY www /srv/www
ENV PORT=8080 NAME="a b"
EXPOSE 8080 9000-9001/udp
USER 1000:1000
WORKDIR /srv
LABEL team=web
VOLUME ["/data"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --retries=3 CMD ["/hello", "--check"]
ENTRYPOINT ["/hello"]
CMD ["--port", "8080"]
)";

Files hello_files() {
  return {{"bin/hello", {"ELF", kExecutable}},
          {"www/index.html", {"<html>"}},
          {"www/a/b.txt", {"b"}},
          {"www/link", {"index.html", EntryKind::symlink}}};
}

TEST_F(ImageTest, TheMainDockerfileBecomesAnImage) {
  const BuildResult built = build(kHello, hello_files());
  EXPECT_EQ(built.layers.size(), 2u);
  EXPECT_EQ(listing(built),
            "755 0:0 hello = ELF\n"
            "755 0:0 srv/\n"
            "755 0:0 srv/www/\n"
            "755 0:0 srv/www/a/\n"
            "644 0:0 srv/www/a/b.txt = b\n"
            "644 0:0 srv/www/index.html = <html>\n"
            "777 0:0 srv/www/link -> index.html\n");
  const Json c = config(built);
  EXPECT_EQ(
      c.at("config").dump(),
      "{\"Cmd\":[\"--port\",\"8080\"],\"Entrypoint\":[\"/hello\"],"
      "\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
      "/sbin:/bin\",\"PORT=8080\",\"NAME=a b\"],"
      "\"ExposedPorts\":{\"8080/tcp\":{},\"9000/udp\":{},\"9001/udp\":{}},"
      "\"Healthcheck\":{\"Interval\":30000000000,\"Retries\":3,"
      "\"Test\":[\"CMD\",\"/hello\",\"--check\"]},"
      "\"Labels\":{\"team\":\"web\"},\"StopSignal\":\"SIGINT\","
      "\"User\":\"1000:1000\",\"Volumes\":{\"/data\":{}},"
      "\"WorkingDir\":\"/srv\"}");
  EXPECT_EQ(c.at("created"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(c.at("rootfs").at("diff_ids").size(), 2u);
  EXPECT_EQ(c.at("history").size(), 12u);
  EXPECT_EQ(c.at("history").at(2).value("empty_layer", false), true);
  const Json manifest = store_.json(built.digest);
  std::uint64_t size = manifest.at("config").at("size").get<std::uint64_t>();
  for (const Json& layer : manifest.at("layers")) {
    EXPECT_EQ(layer.at("mediaType"),
              "application/vnd.oci.image.layer.v1.tar+gzip");
    size += layer.at("size").get<std::uint64_t>();
  }
  EXPECT_EQ(built.size, size);
  EXPECT_EQ(store_.find_manifest("demo/app", "1")->digest, built.digest);
}

// The bytes of a layer are the same today and tomorrow, on any machine.
TEST_F(ImageTest, ALayersBytesAreKnown) {
  EXPECT_EQ(
      config(build(kHello, hello_files())).at("rootfs").dump(),
      "{\"diff_ids\":[\"sha256:"
      "3b1fde6b37303890bb1cc6005e2a4a813b95b2a87627f3a51da0c23d85a28cc6\","
      "\"sha256:"
      "0754d3ceb13091cf3c2a5b17ed6719f7fd4716a6a97c245f281f62e6f3bed5db\"],"
      "\"type\":\"layers\"}");
}

TEST_F(ImageTest, TheSameInputGivesTheSameDigest) {
  const Digest first = build(kHello, hello_files()).digest;
  EXPECT_EQ(build(kHello, hello_files()).digest, first);
  // From a folder on disk with other times and another umask.
  const auto folder = scratch_.path() / "context";
  for (const auto& [path, file] : hello_files()) {
    const auto full = folder / path;
    std::filesystem::create_directories(full.parent_path());
    if (file.kind == EntryKind::symlink) {
      std::filesystem::create_symlink(file.content, full);
    } else {
      write_file_atomically(full, file.content,
                            file.kind == kExecutable ? 0700 : 0600);
    }
  }
  const auto tree = open_folder_tree(folder.string());
  BuildRequest again = request(kHello);
  again.context = tree.get();
  EXPECT_EQ(build_image(again, store_).digest, first);
  // What differs is seen.
  again.epoch = 1'700'000'000;
  EXPECT_NE(build_image(again, store_).digest, first);
  again.epoch = 0;
  again.compression = LayerCompression::zstd;
  const BuildResult zstd = build_image(again, store_);
  EXPECT_NE(zstd.digest, first);
  EXPECT_EQ(listing(zstd), listing(build(kHello, hello_files())));
}

TEST_F(ImageTest, StagesCopyFromOneAnother) {
  const BuildResult built =
      build(R"(
FROM scratch AS files
COPY --chown=7:8 a.txt /in/
COPY run.sh /in/
FROM scratch AS unused
COPY missing.txt /
FROM files AS more
COPY a.txt /in/second.txt
ENV KEPT=1
FROM more
COPY --from=files /in /out
COPY --from=0 /in/a.txt /by-number.txt
COPY --from=more --chown=1 --chmod=600 in/second.txt .
)",
            {{"a.txt", {"A"}}, {"run.sh", {"R", kExecutable}}});
  EXPECT_EQ(listing(built),
            "644 7:8 by-number.txt = A\n"
            "755 7:8 in/\n"
            "644 7:8 in/a.txt = A\n"
            "755 0:0 in/run.sh = R\n"
            "644 0:0 in/second.txt = A\n"
            "755 0:0 out/\n"
            "644 7:8 out/a.txt = A\n"
            "755 0:0 out/run.sh = R\n"
            "600 1:1 second.txt = A\n");
  EXPECT_EQ(config(built).at("config").at("Env").at(1), "KEPT=1");
  EXPECT_EQ(built.layers.size(), 6u);
}

TEST_F(ImageTest, TargetChoosesTheStage) {
  BuildRequest r =
      request("FROM scratch AS a\nCOPY x /x\nFROM scratch AS b\nCOPY nope /\n",
              {{"x", {"X"}}});
  r.target = "A";
  EXPECT_EQ(listing(build_image(r, store_)), "644 0:0 x = X\n");
  r.target = "c";
  EXPECT_THROW(build_image(r, store_), Error);
}

TEST_F(ImageTest, ArgumentsAndVariables) {
  BuildRequest r = request(R"(ARG BASE=scratch
ARG SHARED=outer
FROM $BASE
ARG SHARED
ARG OWN=own
ARG GIVEN=default
ARG UNSET TARGETARCH MORE=1
ENV A=$SHARED-${OWN}-$GIVEN B=${UNSET:-none} C=${OWN:+yes} D='$OWN' E=\$OWN
ENV OWN=env
ENV F=$OWN G="${TARGETARCH} x" OLD=$A
LABEL v=$GIVEN
COPY ${OWN}.txt /
)",
                           {{"env.txt", {"x"}}});
  r.build_args = {{"GIVEN", "given"}, {"NOWHERE", "x"}};
  const BuildResult built = build_image(r, store_);
  const Json c = config(built);
  std::string env;
  for (const Json& e : c.at("config").at("Env")) {
    env += e.get<std::string>() + "|";
  }
  EXPECT_EQ(env.substr(env.find('|') + 1),
            "A=outer-own-given|B=none|C=yes|D=$OWN|E=$OWN|OWN=env|F=env|"
            "G=amd64 x|OLD=outer-own-given|");
  EXPECT_EQ(c.at("config").at("Labels").at("v"), "given");
  EXPECT_EQ(listing(built), "644 0:0 env.txt = x\n");
  EXPECT_NE(log_.find("'NOWHERE' is used nowhere"), std::string::npos);
}

TEST_F(ImageTest, ABaseImageOfTheRegistryIsExtended) {
  BuildRequest base = request(R"(FROM scratch
COPY passwd /etc/passwd
COPY group /etc/group
COPY sh /usr/bin/
COPY link /bin
ENV PATH=/x BASE=1
ENTRYPOINT ["/bin/sh"]
CMD ["-l"]
LABEL base=yes
)",
                              {{"passwd", {"root:x:0:0\nweb:x:33:34:w:/:/\n"}},
                               {"group", {"www:x:35:\n"}},
                               {"sh", {"SH", kExecutable}},
                               {"link", {"usr/bin", EntryKind::symlink}}});
  // A symlink that is a source is followed; inside a folder it stays one.
  *base.dockerfile_text = R"(FROM scratch
COPY root /
ENV PATH=/x BASE=1
ENTRYPOINT ["/bin/sh"]
CMD ["-l"]
LABEL base=yes
)";
  const auto tree = make_memory_tree(
      {{"root/etc/passwd", {"root:x:0:0\nweb:x:33:34:w:/:/\n"}},
       {"root/etc/group", {"www:x:35:\n"}},
       {"root/usr/bin/sh", {"SH", kExecutable}},
       {"root/bin", {"usr/bin", EntryKind::symlink}}});
  base.context = tree.get();
  base.repository = "demo/base";
  const BuildResult built_base = build_image(base, store_);

  const BuildResult built = build(R"(FROM demo/base:1
COPY --chown=web:www tool /bin/
COPY --chown=web tool /bin
ENTRYPOINT ["/bin/tool"]
)",
                                  {{"tool", {"T", kExecutable}}});
  EXPECT_EQ(listing(built),
            "777 0:0 bin -> usr/bin\n"
            "755 0:0 etc/\n"
            "644 0:0 etc/group = www:x:35:\n\n"
            "644 0:0 etc/passwd = root:x:0:0\nweb:x:33:34:w:/:/\n\n"
            "755 0:0 usr/\n"
            "755 0:0 usr/bin/\n"
            "755 0:0 usr/bin/sh = SH\n"
            "755 33:34 usr/bin/tool = T\n");
  const Json c = config(built).at("config");
  EXPECT_EQ(c.at("Env").dump(), "[\"PATH=/x\",\"BASE=1\"]");
  EXPECT_FALSE(c.contains("Cmd"));  // it was the other entry point's
  EXPECT_EQ(c.at("Labels").at("base"), "yes");
  EXPECT_EQ(built.layers.front(), built_base.layers.front());
  EXPECT_EQ(store_.links, "demo/app<-demo/base:" +
                              built_base.layers.front().to_string() + " ");
  EXPECT_EQ(store_.json(built.digest)
                .at("annotations")
                .at("org.opencontainers.image.base.digest"),
            built_base.digest.to_string());
  // And by digest, with a host that means this registry, only copied from.
  BuildRequest r =
      request("FROM scratch\nCOPY --from=here:8080/demo/base@" +
              built_base.digest.to_string() + " /bin/sh /bin/s? /etc/\n");
  r.registry_hosts = {"here:8080"};
  EXPECT_EQ(listing(build_image(r, store_)),
            "755 0:0 etc/\n755 0:0 etc/sh = SH\n");
}

TEST_F(ImageTest, AnIndexIsFollowedToItsPlatform) {
  const BuildResult image = build("FROM scratch\nCOPY a /a\n", {{"a", {"A"}}});
  const Json index = {
      {"schemaVersion", 2},
      {"manifests",
       {{{"digest", digest_of("x").to_string()},
         {"platform", {{"os", "linux"}, {"architecture", "arm64"}}}},
        {{"digest", image.digest.to_string()},
         {"platform", {{"os", "linux"}, {"architecture", "amd64"}}}}}}};
  store_.put_manifest("demo/app", {"multi"},
                      "application/vnd.oci.image.index.v1+json", index.dump());
  EXPECT_EQ(listing(build("FROM demo/app:multi\nCOPY b /b\n", {{"b", {"B"}}})),
            "644 0:0 a = A\n644 0:0 b = B\n");
  BuildRequest r = request("FROM demo/app:multi\n");
  r.architecture = "riscv64";
  EXPECT_THROW(build_image(r, store_), Error);
}

TEST_F(ImageTest, LabelsOfTheRequestBecomeLabelsAndAnnotations) {
  BuildRequest r = request("FROM scratch\nLABEL x=own\n");
  r.labels = {{"org.opencontainers.image.revision", "abc"}, {"x", "given"}};
  const BuildResult built = build_image(r, store_);
  EXPECT_EQ(config(built).at("config").at("Labels").dump(),
            "{\"org.opencontainers.image.revision\":\"abc\",\"x\":\"given\"}");
  EXPECT_EQ(store_.json(built.digest).at("annotations").dump(),
            "{\"org.opencontainers.image.revision\":\"abc\"}");
}

TEST_F(ImageTest, WorkdirMakesItsFolder) {
  const BuildResult built = build(
      "FROM scratch\nWORKDIR /a/b\nUSER 7\nWORKDIR c/\nWORKDIR /a\nCOPY x "
      "./d/\n",
      {{"x", {"X"}}});
  EXPECT_EQ(listing(built),
            "755 0:0 a/\n755 0:0 a/b/\n755 7:7 a/b/c/\n755 0:0 a/d/\n"
            "644 0:0 a/d/x = X\n");
  EXPECT_EQ(config(built).at("config").at("WorkingDir"), "/a");
  EXPECT_EQ(built.layers.size(), 3u);
}

TEST_F(ImageTest, ShellAndItsForms) {
  const Json c = config(
      build("FROM scratch\nCMD echo $HOME\nSHELL [\"/bin/bash\", \"-ec\"]\n"
            "ENTRYPOINT exec app\nMAINTAINER Kim <k@x>\n"));
  EXPECT_EQ(c.at("config").at("Cmd").dump(),
            "[\"/bin/sh\",\"-c\",\"echo $HOME\"]");
  EXPECT_EQ(c.at("config").at("Entrypoint").dump(),
            "[\"/bin/bash\",\"-ec\",\"exec app\"]");
  EXPECT_EQ(c.at("author"), "Kim <k@x>");
}

TEST_F(ImageTest, FaultsNameTheLine) {
  struct Case {
    const char* dockerfile;
    const char* message;
  };
  const Case cases[] = {
      {"FROM scratch\nCOPY ../../etc/passwd /\n",
       "Dockerfile:2: '../../etc/passwd' leaves the build context"},
      {"FROM scratch\nCOPY a/../../x /\n",
       "Dockerfile:2: 'a/../../x' leaves the build context"},
      {"FROM scratch\nCOPY nope /\n",
       "Dockerfile:2: 'nope' is not in the build context"},
      {"FROM scratch\nCOPY *.nope /\n",
       "Dockerfile:2: nothing in the build context matches '*.nope'"},
      {"FROM scratch\nCOPY a b /x\n",
       "Dockerfile:2: with more than one source the target must end with '/', "
       "unlike '/x'"},
      {"FROM scratch\nCOPY out /x\n",
       "Dockerfile:2: 'out': './../../etc/passwd' leaves its folder"},
      {"FROM scratch\nADD https://x/y /\n",
       "Dockerfile:2: 'https://x/y': fetching from other servers is not "
       "supported"},
      {"FROM scratch\nCOPY a /f\nCOPY b /f/g\n",
       "Dockerfile:3: '/f' is not a folder in the image"},
      {"FROM scratch\nCOPY d /d\nCOPY a /x/d\nCOPY d /x\n", nullptr},
      {"FROM scratch\nCOPY d /\nCOPY d2 /\n",
       "Dockerfile:3: '/sub' is a folder in the image; a file cannot take its "
       "place"},
      {"FROM scratch\nCOPY --chown=web a /\n",
       "Dockerfile:2: the image's /etc/passwd does not know 'web'"},
      {"FROM scratch\nCOPY --chmod=u+x a /\n",
       "Dockerfile:2: --chmod needs octal digits like 0755, not 'u+x'"},
      {"FROM scratch\nCOPY --from=later a /\n",
       "Dockerfile:2: there is no stage 'later' above this one"},
      {"FROM scratch\nCOPY --from=demo/none a /\n",
       "Dockerfile:2: there is no image demo/none:latest in the registry"},
      {"FROM alpine:3\n",
       "Dockerfile:1: 'alpine:3' is not an image of the built-in registry: "
       "they are named <project>/<name>[:tag]"},
      {"FROM docker.io/library/alpine\n",
       "Dockerfile:1: 'docker.io/library/alpine' is in another registry; only "
       "images of the built-in registry can be used: push it there first"},
      {"FROM demo/none:2\n",
       "Dockerfile:1: there is no image demo/none:2 in the registry"},
      {"FROM --platform=linux/arm64 scratch\n",
       "Dockerfile:1: the platform 'linux/arm64' is not supported yet; this "
       "builds linux/amd64"},
      {"FROM scratch\nEXPOSE http\n",
       "Dockerfile:2: 'http' is not a port: PORT[-PORT][/tcp|udp|sctp]"},
      {"FROM scratch\nENV A=${B:?missing}\n", "Dockerfile:2: B: missing"},
      {"FROM scratch\nENV A=\"x\n", "Dockerfile:2: the quote \" is not closed"},
      {"FROM ${NOPE}\n", "Dockerfile:1: FROM's image is empty"},
  };
  for (const Case& c : cases) {
    const std::string message = fault(
        c.dockerfile, {{"a", {"A"}},
                       {"b", {"B"}},
                       {"d/sub/x", {"X"}},
                       {"d2/sub", {"S"}},
                       {"out", {"../../etc/passwd", EntryKind::symlink}}});
    if (c.message != nullptr) {
      EXPECT_EQ(message, c.message) << c.dockerfile;
    } else {
      EXPECT_EQ(message, "") << c.dockerfile;
    }
  }
}

TEST_F(ImageTest, LimitsHold) {
  BuildRequest r = request("FROM scratch\nCOPY . /\n",
                           {{"a", {std::string(100, 'x')}}, {"b", {"y"}}});
  r.limits.max_file_bytes = 99;
  const auto code = [&] {
    try {
      build_image(r, store_);
      return ErrorCode::internal;
    } catch (const Error& e) {
      return e.code();
    }
  };
  EXPECT_EQ(code(), ErrorCode::too_large);
  r.limits.max_file_bytes = 100;
  r.limits.max_entries = 1;
  EXPECT_EQ(code(), ErrorCode::too_large);
  // A variable that doubles itself line by line.
  std::string bomb = "FROM scratch\nENV A=aaaaaaaaaaaaaaaa\n";
  for (int i = 0; i < 60; ++i) bomb += "ENV A=$A$A\n";
  r = request(bomb);
  EXPECT_EQ(code(), ErrorCode::too_large);
  std::string layers = "FROM scratch\n";
  for (int i = 0; i < 130; ++i) layers += "COPY a /\n";
  r = request(layers, {{"a", {"x"}}});
  EXPECT_EQ(code(), ErrorCode::too_large);
}

TEST_F(ImageTest, NothingIsLeftInTheWorkFolder) {
  fault("FROM scratch\nCOPY a /\nCOPY nope /\n", {{"a", {"A"}}});
  build(kHello, hello_files());
  std::string left;
  for (const auto& entry :
       std::filesystem::directory_iterator(scratch_.path())) {
    left += entry.path().filename().string() + " ";
  }
  EXPECT_EQ(left, "layout ");
}

TEST_F(ImageTest, ArgumentsMustBeText) {
  BuildRequest r = request("FROM scratch\nARG A\nENV B=$A\n");
  r.build_args = {{"A", "\xFF"}};
  EXPECT_THROW(build_image(r, store_), Error);
  r.build_args = {{"A", "\xED\x95\x9C"}};
  EXPECT_EQ(config(build_image(r, store_)).at("config").at("Env").at(1),
            "B=\xED\x95\x9C");
}

TEST_F(ImageTest, AStopIsObeyed) {
  std::stop_source stop;
  stop.request_stop();
  BuildRequest r = request("FROM scratch\nCOPY a /\n", {{"a", {"A"}}});
  r.stop = stop.get_token();
  EXPECT_THROW(build_image(r, store_), Error);
}

}  // namespace
}  // namespace skerry::ci
