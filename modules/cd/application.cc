#include "application.h"

#include <algorithm>
#include <cctype>

#include "core/config/settings.h"
#include "core/error.h"
#include "core/store/digest.h"
#include "core/tree/tree.h"
#include "fields.h"

namespace skerry::cd {
namespace {

constexpr std::string_view kFinalizer = "resources-finalizer.argocd.argoproj.io";

// RFC 1123 label or subdomain, as Kubernetes names objects.
void check_name(const std::string& name, std::string_view path,
                std::size_t longest) {
  const auto plain = [](unsigned char c) {
    return std::isdigit(c) || (c >= 'a' && c <= 'z');
  };
  const bool good =
      !name.empty() && name.size() <= longest &&
      plain(static_cast<unsigned char>(name.front())) &&
      plain(static_cast<unsigned char>(name.back())) &&
      std::all_of(name.begin(), name.end(), [&](char c) {
        return plain(static_cast<unsigned char>(c)) || c == '-' || c == '.';
      });
  if (!good) {
    fail(ErrorCode::invalid,
         "{} must be lower-case letters, digits, '-' and '.', at most {} "
         "characters, not \"{}\"",
         path, longest, name.substr(0, 80));
  }
}

bool starts_with_any(std::string_view text,
                     std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](auto prefix) { return text.starts_with(prefix); });
}

void check_annotation(const std::string& key, const std::string& value,
                      Application& app) {
  // Shown on the page, hints, or what kubectl wrote; no influence on a sync.
  if (starts_with_any(key, {"link.argocd.argoproj.io/",
                            "notice.argocd.argoproj.io/",
                            "kubectl.kubernetes.io/"})) {
    return;
  }
  if (key == "argocd.argoproj.io/skip-reconcile" ||
      key == "argocd.argoproj.io/refresh" ||
      key == kTrackingId) {
    return;
  }
  if (key == "argocd.argoproj.io/manifest-generate-paths") {
    app.notices.push_back(
        "annotation manifest-generate-paths changes nothing: every new commit "
        "is rendered and compared");
    return;
  }
  if (key == "argocd.argoproj.io/sync-wave") {
    app.notices.push_back(
        "annotation sync-wave changes nothing on an Application: applications "
        "of applications are not supported");
    return;
  }
  if (key == "argocd.argoproj.io/compare-options" &&
      value == "ServerSideDiff=false") {
    return;
  }
  if (starts_with_any(key, {"argocd.argoproj.io/",
                            "notifications.argoproj.io/",
                            "argocd-image-updater.argoproj.io/"})) {
    fail(ErrorCode::invalid, "metadata.annotations[{}] is not supported", key);
  }
}

void read_metadata(Fields& fields, Application& app) {
  app.name = fields.text("name");
  check_name(app.name, "metadata.name", 53);
  app.namespace_name = fields.text("namespace");
  for (const char* key : {"labels", "annotations"}) {
    const Json& map = fields.any(key);
    if (map.is_null()) continue;
    Fields entries(map, fields.path_of(key));
    for (const auto& [name, ignored] : map.items()) {
      const std::string value = entries.text(name.c_str());
      if (std::string_view(key) == "annotations") {
        check_annotation(name, value, app);
      }
      if (name == "argocd.argoproj.io/skip-reconcile") {
        app.skip_reconcile = value == "true";
      }
    }
  }
  for (const std::string& finalizer : fields.texts("finalizers")) {
    if (finalizer != kFinalizer &&
        finalizer != std::string(kFinalizer) + "/foreground" &&
        finalizer != std::string(kFinalizer) + "/background") {
      fail(ErrorCode::invalid, "metadata.finalizers: {} is not supported",
           finalizer);
    }
    app.cascade = true;
  }
  fields.drop({"creationTimestamp", "deletionTimestamp", "generation",
               "managedFields", "resourceVersion", "selfLink", "uid",
               "deletionGracePeriodSeconds"});
  fields.refuse({"generateName", "ownerReferences"});
}

HelmOptions read_helm(Fields& fields) {
  HelmOptions helm;
  helm.value_files = fields.texts("valueFiles");
  helm.values = fields.text("values");
  helm.values_object = fields.any("valuesObject");
  if (!helm.values_object.is_null() && !helm.values_object.is_object()) {
    fail(ErrorCode::invalid, "{} must be an object",
         fields.path_of("valuesObject"));
  }
  fields.list("parameters", [&](Fields& item) {
    helm.parameters.push_back({item.text("name"), item.scalar("value"),
                               item.boolean("forceString", false)});
  });
  fields.list("fileParameters", [&](Fields& item) {
    helm.file_parameters.push_back({item.text("name"), item.text("path")});
  });
  helm.release_name = fields.text("releaseName");
  helm.namespace_name = fields.text("namespace");
  helm.kube_version = fields.text("kubeVersion");
  helm.api_versions = fields.texts("apiVersions");
  helm.skip_crds = fields.boolean("skipCrds", false);
  helm.skip_tests = fields.boolean("skipTests", false);
  helm.skip_schema_validation = fields.boolean("skipSchemaValidation", false);
  helm.ignore_missing_value_files =
      fields.boolean("ignoreMissingValueFiles", false);
  const std::string version = fields.text("version");
  if (!version.empty() && version != "v3") {
    fail(ErrorCode::invalid, "{}: only v3 is supported",
         fields.path_of("version"));
  }
  if (fields.boolean("passCredentials", false)) {
    fail(ErrorCode::invalid, "{} is not supported",
         fields.path_of("passCredentials"));
  }
  return helm;
}

Source read_source(Fields& fields, bool may_be_ref) {
  Source source;
  source.repo_url = fields.text("repoURL");
  source.target_revision = fields.text("targetRevision");
  source.path = clean_path(fields.text("path"));
  const std::string chart = fields.text("chart");
  source.name = fields.text("name");
  source.ref = fields.text("ref");
  if (!source.ref.empty() && !may_be_ref) {
    fail(ErrorCode::invalid, "{} is for spec.sources only",
         fields.path_of("ref"));
  }
  fields.object("helm", [&](Fields& f) { source.helm = read_helm(f); });
  fields.object("directory", [&](Fields& f) {
    DirectoryOptions options;
    options.recurse = f.boolean("recurse", false);
    options.include = f.text("include");
    options.exclude = f.text("exclude");
    const Json& jsonnet = f.any("jsonnet");
    if (!jsonnet.is_null() && !jsonnet.empty()) f.refuse({"jsonnet"});
    source.directory = options;
  });
  if (const Json& kustomize = fields.any("kustomize"); !kustomize.is_null()) {
    if (!kustomize.is_object()) {
      fail(ErrorCode::invalid, "{} must be an object",
           fields.path_of("kustomize"));
    }
    source.kustomize = kustomize;
  }
  fields.refuse({"plugin"});
  if (source.helm.has_value() + source.directory.has_value() +
          source.kustomize.has_value() > 1) {
    fail(ErrorCode::invalid,
         "{} has options of more than one tool (helm, kustomize, directory)",
         fields.path());
  }
  if (source.repo_url.empty()) {
    fail(ErrorCode::invalid, "{} is missing", fields.path_of("repoURL"));
  }
  source.address =
      parse_repo_url(source.repo_url, chart, {}, fields.path_of("repoURL"));
  return source;
}

void read_destination(Fields& fields, Application& app) {
  app.destination.server = fields.text("server");
  app.destination.name = fields.text("name");
  app.destination.namespace_name = fields.text("namespace");
  if (app.destination.server.empty() == app.destination.name.empty()) {
    fail(ErrorCode::invalid,
         "spec.destination needs either server (\"podman://\", "
         "\"directory:///path\") or name");
  }
  if (!app.destination.namespace_name.empty()) {
    check_name(app.destination.namespace_name, "spec.destination.namespace",
               63);
  }
}

void read_sync_option(const std::string& option, Application& app) {
  SyncOptions& options = app.options;
  const auto equals = option.find('=');
  const std::string key = option.substr(0, equals);
  const std::string value =
      equals == std::string::npos ? "" : option.substr(equals + 1);
  bool ignored = false;  // false is how it is anyway
  bool* const flag =
      key == "Prune"                      ? &options.prune
      : key == "PruneLast"                ? &options.prune_last
      : key == "CreateNamespace"          ? &options.create_namespace
      : key == "ApplyOutOfSyncOnly"       ? &options.apply_out_of_sync_only
      : key == "RespectIgnoreDifferences" ? &options.respect_ignore_differences
      : key == "Replace"                  ? &options.replace
      : key == "Force"                    ? &options.force
      : key == "FailOnSharedResource"     ? &options.fail_on_shared_resource
      : option == "ServerSideApply=false" || option == "Delete=true" ||
              option == "SkipDryRunOnMissingResource=false"
          ? &ignored
          : nullptr;
  if (flag && (value == "true" || value == "false")) {
    *flag = value == "true";
    return;
  }
  std::string notice = option_without_effect(option);
  if (notice.empty()) {
    fail(ErrorCode::invalid,
         "spec.syncPolicy.syncOptions: {} is not supported", option);
  }
  app.notices.push_back(std::move(notice));
}

// Force and Replace say something together only.
void check_force(Application& app) {
  if (app.options.replace == app.options.force) return;
  app.notices.push_back(fmt::format(
      "sync option {} alone changes nothing: the targets write whole objects "
      "anyway; Force=true with Replace=true makes them anew at each sync",
      app.options.replace ? "Replace=true" : "Force=true"));
}

std::int64_t read_duration(Fields& fields, const char* key,
                           std::int64_t otherwise) {
  const std::string text = fields.scalar(key);
  if (text.empty()) return otherwise;
  // A plain number counts seconds.
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  const auto millis =
      digits ? parse_duration_millis(text + "s") : parse_duration_millis(text);
  if (!millis) {
    fail(ErrorCode::invalid, "{}: \"{}\" is no duration such as 30s or 3m",
         fields.path_of(key), text);
  }
  return *millis;
}

Retry read_retry(Fields& fields) {
  Retry retry;
  retry.limit = fields.integer("limit", 0);
  fields.object("backoff", [&](Fields& f) {
    retry.duration_ms = read_duration(f, "duration", retry.duration_ms);
    retry.max_duration_ms = read_duration(f, "maxDuration",
                                          retry.max_duration_ms);
    retry.factor = f.integer("factor", retry.factor);
    if (retry.factor < 1 || retry.factor > 100) {
      fail(ErrorCode::invalid, "{} must be 1 to 100", f.path_of("factor"));
    }
  });
  fields.refuse({"refresh"});
  return retry;
}

void read_sync_policy(Fields& fields, Application& app) {
  fields.object("automated", [&](Fields& f) {
    Automated automated;
    const bool enabled = f.boolean("enabled", true);
    automated.prune = f.boolean("prune", false);
    automated.self_heal = f.boolean("selfHeal", false);
    automated.allow_empty = f.boolean("allowEmpty", false);
    if (enabled) app.automated = automated;
  });
  for (const std::string& option : fields.texts("syncOptions")) {
    read_sync_option(option, app);
  }
  check_force(app);
  fields.object("retry", [&](Fields& f) { app.retry = read_retry(f); });
  fields.refuse({"managedNamespaceMetadata"});
}

void read_spec(Fields& fields, Application& app) {
  app.project = fields.text("project");
  if (app.project.empty()) {
    fail(ErrorCode::invalid, "spec.project is missing");
  }
  if (fields.has("source") == fields.has("sources")) {
    fail(ErrorCode::invalid, "spec needs either source or sources");
  }
  fields.object("source", [&](Fields& f) {
    app.sources.push_back(read_source(f, false));
  });
  fields.list("sources", [&](Fields& f) {
    app.sources.push_back(read_source(f, true));
  });
  if (app.sources.empty() || app.sources.size() > 32) {
    fail(ErrorCode::invalid, "spec.sources must have 1 to 32 entries");
  }
  if (!fields.has("destination")) {
    fail(ErrorCode::invalid, "spec.destination is missing");
  }
  fields.object("destination", [&](Fields& f) { read_destination(f, app); });
  fields.object("syncPolicy", [&](Fields& f) { read_sync_policy(f, app); });
  fields.list("ignoreDifferences", [&](Fields& f) {
    IgnoreDifference ignore{f.text("group"), f.text("kind"), f.text("name"),
                            f.text("namespace"), f.texts("jsonPointers")};
    for (const std::string& pointer : ignore.json_pointers) {
      if (!pointer.starts_with('/')) {
        fail(ErrorCode::invalid, "{}: \"{}\" must start with '/'",
             f.path_of("jsonPointers"), pointer);
      }
    }
    f.refuse({"jqPathExpressions", "managedFieldsManagers"});
    app.ignore_differences.push_back(std::move(ignore));
  });
  const std::int64_t limit = fields.integer("revisionHistoryLimit", 10);
  if (limit < 0 || limit > 1000) {
    fail(ErrorCode::invalid, "spec.revisionHistoryLimit must be 0 to 1000");
  }
  app.history_limit = static_cast<std::size_t>(limit);
  fields.list("info", [](Fields& f) { f.text("name"), f.text("value"); });
  fields.refuse({"sourceHydrator"});
}

}  // namespace

Application parse_application(const Json& object) {
  Application app;
  Fields top(object, "");
  if (top.text("apiVersion") != "argoproj.io/v1alpha1" ||
      top.text("kind") != "Application") {
    fail(ErrorCode::invalid,
         "expected an Application of apiVersion argoproj.io/v1alpha1, not {} "
         "{}",
         top.text("apiVersion"), top.text("kind"));
  }
  top.object("metadata", [&](Fields& f) { read_metadata(f, app); });
  if (app.name.empty()) fail(ErrorCode::invalid, "metadata.name is missing");
  top.object("spec", [&](Fields& f) { read_spec(f, app); });
  if (app.project.empty()) fail(ErrorCode::invalid, "spec is missing");
  top.drop({"status"});
  top.refuse({"operation"});
  top.done();
  Json metadata = Json::object();
  for (const char* key :
       {"name", "namespace", "labels", "annotations", "finalizers"}) {
    if (object["metadata"].contains(key)) {
      metadata[key] = object["metadata"][key];
    }
  }
  app.manifest = {{"metadata", std::move(metadata)}, {"spec", object["spec"]}};
  app.spec_digest = digest_of(object["spec"].dump()).hex;
  return app;
}

std::shared_ptr<const Application> parse_stored(Json manifest) {
  manifest["apiVersion"] = "argoproj.io/v1alpha1";
  manifest["kind"] = "Application";
  return std::make_shared<const Application>(parse_application(manifest));
}

}  // namespace skerry::cd
