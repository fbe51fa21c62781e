#include "helm/capabilities.h"

#include <algorithm>

#include "core/error.h"
#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"

namespace skerry::chart {

namespace {

// common.KubeVersion
class KubeVersionObject : public Object {
 public:
  explicit KubeVersionObject(KubeVersion kube) : kube_(std::move(kube)) {}
  std::string type_name() const override { return "common.KubeVersion"; }
  Value to_plain() const override {
    Value map = Value::new_map();
    map.set("Version", kube_.version);
    map.set("Major", kube_.major);
    map.set("Minor", kube_.minor);
    return map;
  }
  std::vector<std::string> member_order() const override {
    return {"Version", "Major", "Minor"};
  }
  std::string to_text() const override { return kube_.normalized; }
  std::optional<Value> field(std::string_view name) const override {
    if (name == "Version") return Value(kube_.version);
    if (name == "Major") return Value(kube_.major);
    if (name == "Minor") return Value(kube_.minor);
    return {};
  }
  bool has_method(std::string_view name) const override {
    return name == "String" || name == "GitVersion";
  }
  Value call(std::string_view name, Invocation&) const override {
    return Value(name == "String" ? kube_.normalized : kube_.version);
  }

 private:
  KubeVersion kube_;
};

// common.VersionSet, a []string
class VersionSet : public Object {
 public:
  explicit VersionSet(std::vector<std::string> versions)
      : list_(Value::of_strings(versions)), versions_(std::move(versions)) {}
  std::string type_name() const override { return "common.VersionSet"; }
  std::string kind_name() const override { return "slice"; }
  Value as_collection() const override { return list_; }
  Value to_plain() const override { return list_; }
  std::string to_text() const override { return format_value(list_); }
  bool has_method(std::string_view name) const override {
    return name == "Has";
  }
  std::size_t method_arguments(std::string_view) const override { return 1; }
  Value call(std::string_view, Invocation& in) const override {
    return Value(std::find(versions_.begin(), versions_.end(), in.string(0)) !=
                 versions_.end());
  }

 private:
  Value list_;
  std::vector<std::string> versions_;
};

// version.BuildInfo of the Helm that we behave as.
class HelmVersionObject : public Object {
 public:
  std::string type_name() const override { return "version.BuildInfo"; }
  Value to_plain() const override {
    Value map = Value::new_map();
    map.set("version", kVersion);
    map.set("git_commit", kCommit);
    map.set("git_tree_state", "clean");
    map.set("go_version", kGo);
    map.set("kube_client_version", kClient);
    return map;
  }
  std::vector<std::string> member_order() const override {
    return {"version", "git_commit", "git_tree_state", "go_version",
            "kube_client_version"};
  }
  std::string to_text() const override {
    return fmt::format("{{{} {} clean {} {}}}", kVersion, kCommit, kGo,
                       kClient);
  }
  std::optional<Value> field(std::string_view name) const override {
    if (name == "Version") return Value(kVersion);
    if (name == "GitCommit") return Value(kCommit);
    if (name == "GitTreeState") return Value("clean");
    if (name == "GoVersion") return Value(kGo);
    if (name == "KubeClientVersion") return Value(kClient);
    return {};
  }

 private:
  static constexpr const char* kVersion = "v4.1.4";
  static constexpr const char* kCommit =
      "05fa37973dc9e42b76e1d2883494c87174b6074f";
  static constexpr const char* kGo = "go1.25.9";
  static constexpr const char* kClient = "v1.35";
};

// *common.Capabilities
class Capabilities : public Object {
 public:
  Capabilities(KubeVersion kube, std::vector<std::string> api_versions)
      : kube_(ObjectPtr(std::make_shared<KubeVersionObject>(std::move(kube)))),
        versions_(ObjectPtr(
            std::make_shared<VersionSet>(std::move(api_versions)))),
        helm_(ObjectPtr(std::make_shared<HelmVersionObject>())) {}
  std::string type_name() const override { return "*common.Capabilities"; }
  std::string kind_name() const override { return "ptr"; }
  Value to_plain() const override {
    Value map = Value::new_map();
    map.set("KubeVersion", kube_);
    map.set("APIVersions", versions_);
    map.set("HelmVersion", helm_);
    return map;
  }
  std::vector<std::string> member_order() const override {
    return {"KubeVersion", "APIVersions", "HelmVersion"};
  }
  std::string to_text() const override {
    return fmt::format("&{{{} {} {}}}", kube_.object().to_text(),
                       versions_.object().to_text(), helm_.object().to_text());
  }
  std::optional<Value> field(std::string_view name) const override {
    if (name == "KubeVersion") return kube_;
    if (name == "APIVersions") return versions_;
    if (name == "HelmVersion") return helm_;
    return {};
  }

 private:
  Value kube_, versions_, helm_;
};

}  // namespace

KubeVersion default_kube_version() {
  return {"v1.35.0", "v1.35.0", "1", "35"};
}

KubeVersion parse_kube_version(const std::string& text) {
  std::string_view rest = trim_space(text);
  if (rest.starts_with('v')) rest.remove_prefix(1);
  std::size_t end = 0;
  while (end < rest.size() &&
         ((rest[end] >= '0' && rest[end] <= '9') ||
          (rest[end] == '.' && end > 0 && end + 1 < rest.size() &&
           rest[end + 1] >= '0' && rest[end + 1] <= '9'))) {
    ++end;
  }
  auto invalid = [&](const std::string& why) {
    fail(ErrorCode::invalid, "invalid kube version '{}': {}", text, why);
  };
  if (end == 0) {
    invalid(fmt::format("could not parse {} as version", quote(text)));
  }
  auto parts = go_split(rest.substr(0, end), ".", -1);
  if (parts.size() < 2) {
    invalid(fmt::format("illegal version string {}", quote(text)));
  }
  if (parts[0].size() > 1 && parts[0][0] == '0') {
    invalid(fmt::format("illegal zero-prefixed version component {} in {}",
                        quote(parts[0]), quote(text)));
  }
  std::string normalized = "v";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) normalized += '.';
    normalized += std::to_string(parse_go_uint(parts[i], 10).value_or(0));
  }
  return {text.starts_with('v') ? text : "v" + text, normalized,
          std::to_string(parse_go_uint(parts[0], 10).value_or(0)),
          std::to_string(parse_go_uint(parts[1], 10).value_or(0))};
}

Value make_capabilities(const KubeVersion& kube,
                        std::vector<std::string> api_versions) {
  return Value(ObjectPtr(
      std::make_shared<Capabilities>(kube, std::move(api_versions))));
}

const std::vector<std::string>& default_api_versions() {
  static const std::vector<std::string> kVersions = {
      "v1",
      "admissionregistration.k8s.io/v1",
      "admissionregistration.k8s.io/v1alpha1",
      "admissionregistration.k8s.io/v1beta1",
      "internal.apiserver.k8s.io/v1alpha1",
      "apps/v1",
      "apps/v1beta1",
      "apps/v1beta2",
      "authentication.k8s.io/v1",
      "authentication.k8s.io/v1alpha1",
      "authentication.k8s.io/v1beta1",
      "authorization.k8s.io/v1",
      "authorization.k8s.io/v1beta1",
      "autoscaling/v1",
      "autoscaling/v2",
      "autoscaling/v2beta1",
      "autoscaling/v2beta2",
      "batch/v1",
      "batch/v1beta1",
      "certificates.k8s.io/v1",
      "certificates.k8s.io/v1beta1",
      "certificates.k8s.io/v1alpha1",
      "coordination.k8s.io/v1alpha2",
      "coordination.k8s.io/v1beta1",
      "coordination.k8s.io/v1",
      "discovery.k8s.io/v1",
      "discovery.k8s.io/v1beta1",
      "events.k8s.io/v1",
      "events.k8s.io/v1beta1",
      "extensions/v1beta1",
      "flowcontrol.apiserver.k8s.io/v1",
      "flowcontrol.apiserver.k8s.io/v1beta1",
      "flowcontrol.apiserver.k8s.io/v1beta2",
      "flowcontrol.apiserver.k8s.io/v1beta3",
      "networking.k8s.io/v1",
      "networking.k8s.io/v1beta1",
      "node.k8s.io/v1",
      "node.k8s.io/v1alpha1",
      "node.k8s.io/v1beta1",
      "policy/v1",
      "policy/v1beta1",
      "rbac.authorization.k8s.io/v1",
      "rbac.authorization.k8s.io/v1beta1",
      "rbac.authorization.k8s.io/v1alpha1",
      "resource.k8s.io/v1",
      "resource.k8s.io/v1beta2",
      "resource.k8s.io/v1beta1",
      "resource.k8s.io/v1alpha3",
      "scheduling.k8s.io/v1alpha1",
      "scheduling.k8s.io/v1beta1",
      "scheduling.k8s.io/v1",
      "storage.k8s.io/v1beta1",
      "storage.k8s.io/v1",
      "storage.k8s.io/v1alpha1",
      "storagemigration.k8s.io/v1beta1",
      "apiextensions.k8s.io/v1beta1",
      "apiextensions.k8s.io/v1",
  };
  return kVersions;
}

}  // namespace skerry::chart
