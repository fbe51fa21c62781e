#include <algorithm>

#include "core/error.h"
#include "core/text/encoding.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

const Json* find_named(const std::vector<Json>& desired, std::string_view kind,
                       const std::string& namespace_name,
                       const std::string& name) {
  for (const Json& object : desired) {
    const ResourceKey key = key_of(object);
    if (key.group.empty() && key.kind == kind && key.name == name &&
        key.namespace_name == namespace_name) {
      return &object;
    }
  }
  return nullptr;
}

// Keys become file names: [-._a-zA-Z0-9]+ and neither "." nor "..".
bool is_data_key(std::string_view key) {
  return !key.empty() && key != "." && !key.starts_with("..") &&
         key.size() <= 253 && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
         });
}

void add_members(const Json& object, const char* member, bool base64,
                 std::map<std::string, std::string>& result) {
  const auto data = object.find(member);
  if (data == object.end() || !data->is_object()) return;
  for (const auto& [key, value] : data->items()) {
    if (!is_data_key(key)) {
      fail(ErrorCode::invalid, "{}: {}: \"{}\" is no valid key",
           key_of(object).describe(), member, key);
    }
    if (!value.is_string()) {
      fail(ErrorCode::invalid, "{}: {}.{} must be a string",
           key_of(object).describe(), member, key);
    }
    std::string text = value.get<std::string>();
    if (base64) {
      auto decoded = from_base64(text);
      if (!decoded) {
        fail(ErrorCode::invalid, "{}: {}.{} is not base64",
             key_of(object).describe(), member, key);
      }
      text = std::move(*decoded);
    }
    result[key] = std::move(text);
  }
}

// `items` of a ConfigMap or Secret volume: key to path; all keys otherwise.
std::map<std::string, std::string> choose_items(
    Fields& fields, const std::map<std::string, std::string>& data) {
  if (!fields.has("items")) return data;
  std::map<std::string, std::string> chosen;
  fields.list("items", [&](Fields& item) {
    const std::string key = item.text("key"), path = item.text("path");
    item.refuse({"mode"});
    const auto it = data.find(key);
    if (it == data.end()) {
      fail(ErrorCode::invalid, "{}: there is no key {}", item.path(), key);
    }
    if (path.empty() || !is_data_key(path)) {
      fail(ErrorCode::invalid, "{} must be a plain file name",
           item.path_of("path"));
    }
    chosen[path] = it->second;
  });
  return chosen;
}

void add_folder(PodContext& context, Folder folder) {
  Json volume = {{"path", fmt::format("{}/{}", kFolderMark, folder.volume)},
                 {"type", "Directory"},
                 {"readOnly", !folder.empty_dir}};
  context.volumes[folder.volume] = std::move(volume);
  context.workload.folders.push_back(std::move(folder));
}

void data_volume(Fields& fields, PodContext& context, const std::string& volume,
                 const char* kind, const char* name_key) {
  const std::string name = fields.text(name_key);
  const bool optional = fields.boolean("optional", false);
  const auto mode = fields.integer("defaultMode", 0644);
  if (mode < 0 || mode > 0777) {
    fail(ErrorCode::invalid, "{} must be 0 to 0777",
         fields.path_of("defaultMode"));
  }
  const auto data = context.data_of(kind, name);
  if (!data) {
    fields.drop({"items"});
    if (!optional) {
      fail(ErrorCode::invalid, "{}: {} {} is not among the manifests",
           fields.path(), kind, name);
    }
    context.volumes[volume + "?"] = Json();
    return;
  }
  Folder folder;
  folder.volume = volume;
  folder.files = choose_items(fields, *data);
  folder.mode = static_cast<unsigned>(mode);
  add_folder(context, std::move(folder));
}

}  // namespace

std::optional<std::map<std::string, std::string>> PodContext::data_of(
    std::string_view kind, const std::string& name) const {
  const Json* object = find_named(desired, kind, namespace_name, name);
  if (!object) return std::nullopt;
  std::map<std::string, std::string> result;
  add_members(*object, "data", kind == "Secret", result);
  add_members(*object, "binaryData", true, result);
  add_members(*object, "stringData", false, result);
  return result;
}

void translate_volume(Fields& fields, PodContext& context) {
  const std::string name = fields.text("name");
  if (name.empty() || name.find_first_of("/.?@") != std::string::npos) {
    fail(ErrorCode::invalid, "{}: a volume needs a plain name", fields.path());
  }
  fields.object("configMap", [&](Fields& f) {
    data_volume(f, context, name, "ConfigMap", "name");
  });
  fields.object("secret", [&](Fields& f) {
    data_volume(f, context, name, "Secret", "secretName");
  });
  if (fields.has("emptyDir")) {
    fields.object("emptyDir", [&](Fields& f) {
      if (!f.scalar("sizeLimit").empty()) {
        context.notice(fmt::format("the size of emptyDir {} is not limited",
                                   name));
      }
      Folder folder;
      folder.volume = name;
      folder.empty_dir = true;
      add_folder(context, std::move(folder));
    });
  }
  fields.object("persistentVolumeClaim", [&](Fields& f) {
    const std::string claim = f.text("claimName");
    if (!find_named(context.desired, "PersistentVolumeClaim",
                    context.namespace_name, claim)) {
      fail(ErrorCode::invalid,
           "{}: the claim {} is not among the manifests", f.path(), claim);
    }
    context.volumes[name] = {
        {"claim", volume_name(context.app, {"", "PersistentVolumeClaim",
                                            context.namespace_name, claim})},
        {"readOnly", f.boolean("readOnly", false)}};
  });
  fields.object("hostPath", [&](Fields& f) {
    if (!context.policy.allow_privileged) {
      fail(ErrorCode::invalid,
           "{} needs the setting cd.podman_allow_privileged, which is off",
           f.path());
    }
    context.volumes[name] = {{"path", f.text("path")},
                             {"type", f.text("type")}};
  });
}

std::string volume_name(const TargetApp& app, const ResourceKey& claim) {
  return fmt::format("{}-{}-{}", app.name, claim.namespace_name, claim.name);
}

}  // namespace skerry::cd::podman
