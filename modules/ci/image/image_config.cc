#include "image/image_config.h"

#include <algorithm>

#include "core/error.h"
#include "core/os/clock.h"

namespace skerry::ci {
namespace {

constexpr std::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

void require(Json& object, const char* key, Json::value_t type) {
  Json& member = object[key];
  if (member.is_null()) member = Json(type);
  if (member.type() != type) {
    fail(ErrorCode::invalid, "the base image's configuration has a wrong '{}'",
         key);
  }
}

std::string time_text(std::int64_t seconds) {
  return to_rfc3339(seconds * 1000);
}

}  // namespace

ImageConfig ImageConfig::of_scratch(std::string_view architecture) {
  return of_base({{"architecture", architecture}, {"os", "linux"}});
}

ImageConfig ImageConfig::of_base(Json base) {
  if (!base.is_object()) {
    fail(ErrorCode::invalid, "the base image's configuration is no object");
  }
  require(base, "config", Json::value_t::object);
  require(base["config"], "Env", Json::value_t::array);
  require(base, "history", Json::value_t::array);
  require(base, "rootfs", Json::value_t::object);
  base["rootfs"]["type"] = "layers";
  require(base["rootfs"], "diff_ids", Json::value_t::array);
  ImageConfig out(std::move(base));
  if (out.has("OnBuild")) {
    fail(ErrorCode::invalid,
         "the base image has ONBUILD triggers, which are not supported yet");
  }
  // Each layer needs its line of history, if there is any at all.
  Json& history = out.root_["history"];
  std::size_t told = 0;
  for (const Json& entry : history) {
    if (!entry.is_object()) {
      fail(ErrorCode::invalid, "the base image's history is damaged");
    }
    if (!optional_bool(entry, "empty_layer", false)) ++told;
  }
  for (; told < out.layer_count(); ++told) {
    history.push_back({{"created_by", "base image"}});
  }
  if (!out.environment("PATH")) {
    out.set_environment("PATH", std::string(kDefaultPath));
  }
  return out;
}

std::optional<std::string> ImageConfig::environment(
    std::string_view name) const {
  for (const Json& entry : settings().at("Env")) {
    if (!entry.is_string()) continue;
    const auto& text = entry.get_ref<const std::string&>();
    if (text.size() > name.size() && text[name.size()] == '=' &&
        text.starts_with(name)) {
      return text.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

void ImageConfig::set_environment(const std::string& name,
                                  const std::string& value) {
  for (Json& entry : settings().at("Env")) {
    if (entry.is_string() &&
        entry.get_ref<const std::string&>().starts_with(name + "=")) {
      entry = name + "=" + value;
      return;
    }
  }
  settings().at("Env").push_back(name + "=" + value);
}

void ImageConfig::set_label(const std::string& name, const std::string& value) {
  require(settings(), "Labels", Json::value_t::object);
  settings()["Labels"][name] = value;
}

std::string ImageConfig::working_folder() const {
  const std::string folder = text("WorkingDir");
  return folder.empty() ? "/" : folder;
}

std::string ImageConfig::text(const char* key) const {
  return optional_string(settings(), key);
}

void ImageConfig::set_text(const char* key, const std::string& value) {
  settings()[key] = value;
}

void ImageConfig::set_author(const std::string& author) {
  root_["author"] = author;
}

void ImageConfig::set_command(const char* key,
                              const std::vector<std::string>& words) {
  settings()[key] = words;
}

void ImageConfig::clear(const char* key) { settings().erase(key); }

bool ImageConfig::has(const char* key) const {
  const auto found = settings().find(key);
  return found != settings().end() && !found->is_null() && !found->empty();
}

std::vector<std::string> ImageConfig::shell() const {
  const auto found = settings().find("Shell");
  if (found == settings().end() || !found->is_array() || found->empty()) {
    return {"/bin/sh", "-c"};
  }
  std::vector<std::string> out;
  for (const Json& word : *found) {
    if (word.is_string()) out.push_back(word.get<std::string>());
  }
  return out;
}

void ImageConfig::add_to_set(const char* key, const std::string& member) {
  require(settings(), key, Json::value_t::object);
  settings()[key][member] = Json::object();
}

void ImageConfig::set_healthcheck(Json healthcheck) {
  settings()["Healthcheck"] = std::move(healthcheck);
}

void ImageConfig::add_history(std::string_view created_by, std::int64_t time,
                              bool has_layer) {
  Json entry = {{"created", time_text(time)}, {"created_by", created_by}};
  if (!has_layer) entry["empty_layer"] = true;
  root_["history"].push_back(std::move(entry));
}

void ImageConfig::add_diff_id(const Digest& diff_id) {
  root_["rootfs"]["diff_ids"].push_back(diff_id.to_string());
}

std::size_t ImageConfig::layer_count() const {
  return root_.at("rootfs").at("diff_ids").size();
}

std::string ImageConfig::to_json(std::int64_t time) const {
  Json out = root_;
  out["created"] = time_text(time);
  return out.dump();
}

}  // namespace skerry::ci
