#include "target/podman/container.h"

#include <algorithm>

#include "core/error.h"

namespace skerry::cd::podman {
namespace {

void need_privilege(const PodContext& context, const std::string& path) {
  if (context.policy.allow_privileged) return;
  fail(ErrorCode::invalid,
       "{} needs the setting cd.podman_allow_privileged, which is off", path);
}

using Environment = std::vector<std::pair<std::string, std::string>>;

// $(NAME) becomes the variable's value, $$(NAME) the text $(NAME); an unknown
// name stays as it is (Kubernetes, "dependent environment variables").
std::string expand(const std::string& text, const Environment& environment) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      result += text[i];
    } else if (text[i + 1] == '$') {
      result += '$';
      ++i;
    } else if (const auto end = text.find(')', i);
               text[i + 1] == '(' && end != std::string::npos) {
      const std::string name = text.substr(i + 2, end - i - 2);
      const auto found = std::find_if(
          environment.rbegin(), environment.rend(),
          [&](const auto& variable) { return variable.first == name; });
      result += found == environment.rend() ? text.substr(i, end - i + 1)
                                            : found->second;
      i = end;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string field_value(const PodContext& context, const std::string& field,
                        const std::string& path) {
  if (field == "metadata.name") return kPodNameMark;
  if (field == "metadata.namespace") return context.namespace_name;
  for (const char* map : {"labels", "annotations"}) {
    const std::string prefix = fmt::format("metadata.{}['", map);
    if (!field.starts_with(prefix) || !field.ends_with("']")) continue;
    const std::string key =
        field.substr(prefix.size(), field.size() - prefix.size() - 2);
    return optional_string(context.template_metadata.value(map, Json::object()),
                           key);
  }
  fail(ErrorCode::invalid, "{}: fieldPath {} is not supported by the podman "
       "target", path, field);
}

// The value of one valueFrom; nothing when an optional key is absent.
std::optional<std::string> referenced_value(Fields& fields,
                                            const PodContext& context) {
  std::optional<std::string> result;
  const auto from_key = [&](Fields& f, const char* kind) {
    const std::string name = f.text("name"), key = f.text("key");
    const bool optional = f.boolean("optional", false);
    const auto data = context.data_of(kind, name);
    const auto it = data ? data->find(key) : decltype(data->end()){};
    if (data && it != data->end()) {
      result = it->second;
    } else if (!optional) {
      fail(ErrorCode::invalid, "{}: {} {} with the key {} is not among the "
           "manifests", f.path(), kind, name, key);
    }
  };
  fields.object("configMapKeyRef",
                [&](Fields& f) { from_key(f, "ConfigMap"); });
  fields.object("secretKeyRef", [&](Fields& f) { from_key(f, "Secret"); });
  fields.object("fieldRef", [&](Fields& f) {
    f.drop({"apiVersion"});
    result = field_value(context, f.text("fieldPath"), f.path());
  });
  return result;
}

Environment read_environment(Fields& fields, const PodContext& context) {
  Environment result;
  fields.list("envFrom", [&](Fields& item) {
    const std::string prefix = item.text("prefix");
    const auto from_all = [&](Fields& f, const char* kind) {
      const std::string name = f.text("name");
      const bool optional = f.boolean("optional", false);
      const auto data = context.data_of(kind, name);
      if (!data && !optional) {
        fail(ErrorCode::invalid, "{}: {} {} is not among the manifests",
             f.path(), kind, name);
      }
      if (!data) return;
      for (const auto& [key, value] : *data) {
        result.emplace_back(prefix + key, value);
      }
    };
    item.object("configMapRef", [&](Fields& f) { from_all(f, "ConfigMap"); });
    item.object("secretRef", [&](Fields& f) { from_all(f, "Secret"); });
  });
  fields.list("env", [&](Fields& item) {
    const std::string name = item.text("name");
    if (item.has("valueFrom")) {
      item.drop({"value"});
      item.object("valueFrom", [&](Fields& f) {
        if (auto value = referenced_value(f, context)) {
          result.emplace_back(name, std::move(*value));
        }
      });
    } else {
      result.emplace_back(name, expand(item.text("value"), result));
    }
  });
  return result;
}

void read_security(Fields& fields, PodContext& context, Image& image,
                   Json& out) {
  Json security = Json::object();
  if (!context.run_as_user.is_null()) security["runAsUser"] = context.run_as_user;
  if (!context.run_as_group.is_null()) {
    security["runAsGroup"] = context.run_as_group;
  }
  bool non_root = context.non_root;
  fields.object("securityContext", [&](Fields& f) {
    for (const char* key : {"runAsUser", "runAsGroup"}) {
      if (f.has(key)) security[key] = f.integer(key, 0);
    }
    non_root = f.boolean("runAsNonRoot", non_root);
    for (const char* key : {"readOnlyRootFilesystem",
                            "allowPrivilegeEscalation"}) {
      if (f.has(key)) security[key] = f.boolean(key, false);
    }
    if (f.boolean("privileged", false)) {
      need_privilege(context, f.path_of("privileged"));
      security["privileged"] = true;
    }
    f.object("capabilities", [&](Fields& c) {
      const auto add = c.texts("add"), drop = c.texts("drop");
      if (!add.empty()) {
        need_privilege(context, c.path_of("add"));
        security["capabilities"]["add"] = add;
      }
      if (!drop.empty()) security["capabilities"]["drop"] = drop;
    });
    f.object("seccompProfile", [&](Fields& p) {
      if (const std::string type = p.text("type"); type != "RuntimeDefault") {
        fail(ErrorCode::invalid, "{}: {} is not supported by the podman target",
             p.path(), type);
      }
    });
  });
  const bool has_user = security.contains("runAsUser");
  if (non_root && has_user && security["runAsUser"] == 0) {
    fail(ErrorCode::invalid, "{}: runAsNonRoot contradicts runAsUser 0",
         fields.path_of("securityContext"));
  }
  image.must_not_be_root = non_root && !has_user;
  if (!security.empty()) out["securityContext"] = security;
}

Json read_ports(Fields& fields, PodContext& context) {
  Json ports = Json::array();
  fields.list("ports", [&](Fields& f) {
    Json port = {{"containerPort", f.integer("containerPort", 0)}};
    const std::string protocol = f.text("protocol", "TCP");
    if (protocol != "TCP" && protocol != "UDP") {
      fail(ErrorCode::invalid, "{}: protocol {} is not supported by the podman "
           "target", f.path(), protocol);
    }
    port["protocol"] = protocol;
    if (f.has("name")) port["name"] = f.text("name");
    if (const auto host = f.integer("hostPort", 0); host != 0) {
      port["hostPort"] = host;
      context.workload.publishes = true;
    }
    if (f.has("hostIP")) port["hostIP"] = f.text("hostIP");
    ports.push_back(std::move(port));
  });
  return ports;
}

void read_mounts(Fields& fields, PodContext& context, Json& out) {
  Json mounts = Json::array();
  fields.list("volumeMounts", [&](Fields& f) {
    const std::string name = f.text("name");
    const auto volume = context.volumes.find(name);
    if (volume == context.volumes.end()) {
      if (!name.empty() && context.volumes.contains(name + "?")) {
        f.drop({"mountPath", "readOnly", "subPath"});
        return;  // an optional ConfigMap or Secret that is not there
      }
      fail(ErrorCode::invalid, "{}: the pod has no volume {}", f.path(), name);
    }
    Json mount = {{"name", name}, {"mountPath", f.text("mountPath")}};
    const bool own = volume->second.value("readOnly", false);
    if (f.boolean("readOnly", false) || own) mount["readOnly"] = true;
    if (const std::string sub = f.text("subPath"); !sub.empty()) {
      // A folder of ours: mount the file or folder in it by itself.
      const bool ours = optional_string(volume->second, "path")
                            .starts_with(kFolderMark);
      if (!ours || !own || sub.find("..") != std::string::npos) {
        fail(ErrorCode::invalid, "{} is supported for ConfigMaps and Secrets "
             "only by the podman target", f.path_of("subPath"));
      }
      const std::string single =
          fmt::format("{}-{}", name, context.volumes.size());
      Json volume_of_file = volume->second;
      volume_of_file["path"] =
          volume->second["path"].get<std::string>() + "/" + sub;
      volume_of_file["type"] = "File";
      context.volumes[single] = volume_of_file;
      mount["name"] = single;
    }
    mounts.push_back(std::move(mount));
  });
  if (!mounts.empty()) out["volumeMounts"] = std::move(mounts);
}

void read_resources(Fields& fields, PodContext& context, Json& out) {
  fields.object("resources", [&](Fields& f) {
    for (const char* which : {"limits", "requests"}) {
      f.object(which, [&](Fields& amounts) {
        if (!amounts.scalar("ephemeral-storage").empty()) {
          context.notice("ephemeral-storage is neither reserved nor limited");
        }
        for (const char* key : {"cpu", "memory"}) {
          const std::string value = amounts.scalar(key);
          // A request for processor time is about sharing among nodes' pods.
          const bool keep = std::string_view(which) == "limits" ||
                            std::string_view(key) == "memory";
          if (!value.empty() && keep) out["resources"][which][key] = value;
        }
      });
    }
  });
}

}  // namespace

Json translate_container(Fields& fields, PodContext& context, bool init) {
  Json out;
  const std::string name = fields.text("name");
  out["name"] = name;
  Image image;
  image.name = fields.text("image");
  if (name.empty() || image.name.empty()) {
    fail(ErrorCode::invalid, "{} needs a name and an image", fields.path());
  }
  const auto colon = image.name.find(':', image.name.rfind('/') + 1);
  const bool floating =
      image.name.find('@') == std::string::npos &&
      (colon == std::string::npos || image.name.ends_with(":latest"));
  image.policy =
      fields.text("imagePullPolicy", floating ? "Always" : "IfNotPresent");
  if (image.policy != "Always" && image.policy != "IfNotPresent" &&
      image.policy != "Never") {
    fail(ErrorCode::invalid, "{} must be Always, IfNotPresent or Never, not {}",
         fields.path_of("imagePullPolicy"), image.policy);
  }
  out["image"] = image.name;
  out["imagePullPolicy"] = "Never";  // the target pulls before it plays
  const Environment environment = read_environment(fields, context);
  for (const auto& [key, value] : environment) {
    out["env"].push_back({{"name", key}, {"value", value}});
  }
  for (const char* key : {"command", "args"}) {
    if (!fields.has(key)) continue;
    out[key] = Json::array();
    for (const std::string& word : fields.texts(key)) {
      out[key].push_back(expand(word, environment));
    }
  }
  if (fields.has("workingDir")) out["workingDir"] = fields.text("workingDir");
  for (const char* key : {"tty", "stdin"}) {
    if (fields.boolean(key, false)) out[key] = true;
  }
  read_resources(fields, context, out);
  read_security(fields, context, image, out);
  out["ports"] = read_ports(fields, context);
  read_mounts(fields, context, out);
  for (const char* key : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    if (!fields.given(key)) continue;
    context.notice(fmt::format("{} of container {} is not run: a container "
                               "that runs counts as ready", key, name));
  }
  if (fields.text("terminationMessagePath", "/dev/termination-log") !=
          "/dev/termination-log" ||
      fields.text("terminationMessagePolicy", "File") != "File") {
    context.notice("termination messages are not read");
  }
  context.workload.images.push_back(std::move(image));
  if (!init) context.workload.containers.push_back(name);
  return out;
}

}  // namespace skerry::cd::podman
