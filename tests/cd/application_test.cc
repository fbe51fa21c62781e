#include <gtest/gtest.h>

#include "core/error.h"
#include "sample.h"

namespace skerry::cd {
namespace {

using test::application_yaml;
using test::kDestination;
using test::kSource;

// The message of the refusal; "" when the application is accepted.
std::string refusal(const Json& object) {
  try {
    parse_application(object);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid);
    return error.message();
  }
}

TEST(Application, ReadsWhatItHonours) {
  const Application app = parse_application(application_yaml(
      "  source:\n"
      "    repoURL: demo/app\n"
      "    path: ./charts/x\n"
      "    helm:\n"
      "      valueFiles: [values.yaml, /env/prod.yaml]\n"
      "      valuesObject: {a: {b: 1}}\n"
      "      parameters: [{name: image.tag, value: 3, forceString: true}]\n"
      "      releaseName: r\n"
      "      skipCrds: true\n"
      "  destination: {server: 'podman://', namespace: web}\n"
      "  syncPolicy:\n"
      "    automated: {prune: true, selfHeal: true}\n"
      "    syncOptions: [CreateNamespace=true, ApplyOutOfSyncOnly=true]\n"
      "    retry: {limit: 3, backoff: {duration: 2s, factor: 3, maxDuration: 1m}}\n"
      "  ignoreDifferences:\n"
      "  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}\n"
      "  revisionHistoryLimit: 5\n",
      "  finalizers: [resources-finalizer.argocd.argoproj.io]\n"));
  EXPECT_EQ(app.name, "hello");
  ASSERT_EQ(app.sources.size(), 1u);
  EXPECT_EQ(app.sources[0].path, "charts/x");
  EXPECT_EQ(app.sources[0].helm->parameters[0].value, "3");
  EXPECT_TRUE(app.sources[0].helm->parameters[0].force_string);
  EXPECT_TRUE(app.automated->self_heal);
  EXPECT_TRUE(app.options.create_namespace);
  EXPECT_EQ(app.retry->limit, 3);
  EXPECT_EQ(app.retry->max_duration_ms, 60'000);
  EXPECT_EQ(app.history_limit, 5u);
  EXPECT_TRUE(app.cascade);
}

TEST(Application, AutomatedCanBeSwitchedOffInPlace) {
  EXPECT_FALSE(test::application("  syncPolicy: {automated: {enabled: false}}\n")
                   .automated);
}

struct Refusal {
  std::string spec, metadata, message;
};

TEST(Application, RefusesByPathWhatItDoesNotHonour) {
  const std::string source = kSource, destination = kDestination;
  const std::string base = source + destination;
  const Refusal table[] = {
      {base + "  syncWindow: 3\n", "", "spec.syncWindow is not a known field"},
      {base + "  sourceHydrator: {drySource: {}}\n", "",
       "spec.sourceHydrator is not supported"},
      {"  source: {repoURL: demo/app, plugin: {name: x}}\n" + destination, "",
       "spec.source.plugin is not supported"},
      {"  source: {repoURL: demo/app, directory: {jsonnet: {tlas: [1]}}}\n" +
           destination, "", "spec.source.directory.jsonnet is not supported"},
      {"  source: {repoURL: demo/app, helm: {passCredentials: true}}\n" +
           destination, "",
       "spec.source.helm.passCredentials is not supported"},
      {"  source: {repoURL: demo/app, helm: {valueFiles: x}}\n" + destination,
       "", "spec.source.helm.valueFiles must be a list of strings"},
      {"  source: {repoURL: demo/app, path: ../x}\n" + destination, "", "../x"},
      {"  source: {repoURL: 'git@github.com:a/b.git'}\n" + destination, "",
       "names no repository or chart"},
      {"  source: {repoURL: 'ssh://host/a/b'}\n" + destination, "",
       "ssh:// is not supported"},
      {"  source: {repoURL: demo}\n" + destination, "", "<project>/<repository>"},
      {destination, "", "spec needs either source or sources"},
      {source + "  sources: []\n" + destination, "",
       "spec needs either source or sources"},
      {source, "", "spec.destination is missing"},
      {source + "  destination: {server: a, name: b}\n", "",
       "spec.destination needs either server"},
      {base + "  syncPolicy: {syncOptions: [Prune=confirm]}\n", "",
       "Prune=confirm is not supported"},
      {base + "  syncPolicy: {syncOptions: [Validate=true]}\n", "",
       "Validate=true is not supported"},
      {base + "  syncPolicy: {syncOptions: [PrunePropagationPolicy=orphan]}\n",
       "", "PrunePropagationPolicy=orphan is not supported"},
      {base + "  syncPolicy: {managedNamespaceMetadata: {labels: {}}}\n", "",
       "spec.syncPolicy.managedNamespaceMetadata is not supported"},
      {base + "  syncPolicy: {retry: {backoff: {duration: soon}}}\n", "",
       "\"soon\" is no duration"},
      {base + "  ignoreDifferences: [{kind: X, jqPathExpressions: [.a]}]\n", "",
       "spec.ignoreDifferences[0].jqPathExpressions is not supported"},
      {base, "  annotations: {argocd.argoproj.io/hydrate: a}\n",
       "metadata.annotations[argocd.argoproj.io/hydrate] is not supported"},
      {base,
       "  annotations: {notifications.argoproj.io/subscribe.x.slack: a}\n",
       "is not supported"},
      {base, "  finalizers: [foregroundDeletion]\n",
       "foregroundDeletion is not supported"},
      {base, "  ownerReferences: [{}]\n",
       "metadata.ownerReferences is not supported"},
  };
  for (const Refusal& row : table) {
    const std::string message =
        refusal(application_yaml(row.spec, row.metadata));
    EXPECT_NE(message.find(row.message), std::string::npos)
        << "wanted: " << row.message << "\ngot: " << message;
  }
}

TEST(Application, RefusesOtherKindsAndBadNames) {
  Json object = application_yaml(std::string(kSource) + kDestination);
  object["kind"] = "AppProject";
  EXPECT_NE(refusal(object).find("expected an Application"), std::string::npos);
  for (const char* name : {"", "Hello", "-a", "a_b", "../x", "a b"}) {
    object = application_yaml(std::string(kSource) + kDestination);
    object["metadata"]["name"] = name;
    EXPECT_NE(refusal(object), "") << name;
  }
  EXPECT_NE(refusal(Json::array()), "");
  EXPECT_NE(refusal(Json("x")), "");
}

TEST(Application, DropsWhatTheServerFillsIn) {
  Json object = application_yaml(std::string(kSource) + kDestination);
  object["metadata"]["uid"] = "1";
  object["status"] = {{"sync", "x"}};
  const Application app = parse_application(object);
  EXPECT_FALSE(app.manifest.contains("status"));
  EXPECT_FALSE(app.manifest["metadata"].contains("uid"));
}

TEST(RepoUrl, KnowsTheFormsOfThisServer) {
  const std::vector<std::string> own = {"skerry:8080"};
  const auto parse = [&](const char* url, const char* chart) {
    const SourceAddress at = parse_repo_url(url, chart, own, "repoURL");
    return fmt::format("{} {}/{}",
                       at.kind == SourceAddress::Kind::git ? "git" : "chart",
                       at.project, at.name);
  };
  EXPECT_EQ(parse("demo/app", ""), "git demo/app");
  EXPECT_EQ(parse("http://skerry:8080/git/demo/app.git", ""), "git demo/app");
  EXPECT_EQ(parse("https://skerry:8080/git/demo/app", ""), "git demo/app");
  EXPECT_EQ(parse("http://skerry:8080/charts/demo", "web"), "chart demo/web");
  EXPECT_EQ(parse("http://skerry:8080/charts/demo/", "web"), "chart demo/web");
  EXPECT_EQ(parse("oci://skerry:8080/demo/web", ""), "chart demo/web");
  EXPECT_EQ(parse("oci://skerry:8080/demo", "web"), "chart demo/web");
  for (const char* url :
       {"https://github.com/a/b.git", "http://skerry:8080/a/b.git",
        "http://skerry:8080/git/a/b/c", "git://skerry:8080/git/a/b",
        "demo/..", "/etc/passwd", "demo/app/x", ""}) {
    EXPECT_THROW(parse_repo_url(url, "", own, "repoURL"), Error) << url;
  }
}

}  // namespace
}  // namespace skerry::cd
