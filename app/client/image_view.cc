#include "client/image_view.h"

#include <fmt/format.h>

#include <ostream>
#include <vector>

#include "client/output.h"
#include "core/os/clock.h"

namespace skerry::app {
namespace {

std::string joined(const Json& list, const char* between = " ") {
  std::string text;
  for (const Json& one : list) {
    if (!text.empty()) text += between;
    text += one.is_string() ? one.get<std::string>() : one.dump();
  }
  return text;
}

void line(std::ostream& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out << fmt::format("{:<12}{}\n", name, value);
}

void title(std::ostream& out, std::string_view text) {
  out << '\n' << text << '\n';
}

void print_config(std::ostream& out, const Json& config) {
  if (config.is_null()) return;
  line(out, "platform", config.at("platform").get<std::string>());
  line(out, "built", config.at("created").get<std::string>());
  line(out, "entrypoint", joined(config.at("entrypoint")));
  line(out, "command", joined(config.at("cmd")));
  line(out, "folder", config.at("working_dir").get<std::string>());
  line(out, "user", config.at("user").get<std::string>());
  line(out, "ports", joined(config.at("exposed_ports")));
  line(out, "volumes", joined(config.at("volumes")));
  for (const Json& one : config.at("env")) {
    line(out, "env", one.get<std::string>());
  }
}

void print_pairs(std::ostream& out, std::string_view name, const Json& pairs) {
  if (!pairs.is_object() || pairs.empty()) return;
  title(out, name);
  for (const auto& [key, value] : pairs.items()) {
    out << fmt::format("  {} = {}\n", key,
                       value.is_string() ? value.get<std::string>()
                                         : value.dump());
  }
}

void print_tree(std::ostream& out, const Json& referrers, std::size_t depth) {
  for (const Json& one : referrers) {
    out << fmt::format("{}{} {} {}{}\n", std::string(2 * depth, ' '),
                       one.at("digest").get<std::string>(),
                       one.at("artifact_type").get<std::string>(),
                       size_text(one.at("size_bytes").get<std::int64_t>()),
                       one.at("signature").get<bool>() ? " (signature)" : "");
    print_tree(out, one.at("referrers"), depth + 1);
  }
}

void print_parts(std::ostream& out, const Json& details) {
  if (!details.at("manifests").empty()) {
    title(out, "Platforms");
    print_rows(out, details.at("manifests"),
               {{"PLATFORM", "/platform"}, {"DIGEST", "/digest"}}, false);
  }
  if (!details.at("layers").empty()) {
    title(out, "Layers");
    print_rows(out, details.at("layers"),
               {{"BYTES", "/size_bytes"},
                {"DIGEST", "/digest"},
                {"MADE BY", "/created_by"}},
               false);
  }
  if (!details.at("referrers").empty()) {
    title(out, "What refers to it");
    print_tree(out, details.at("referrers"), 1);
  }
}

}  // namespace

std::string size_text(std::int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* next : {"KiB", "MiB", "GiB", "TiB"}) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return fmt::format("{:.1f} {}", value, unit);
}

std::string time_text(std::int64_t milliseconds) {
  const auto minutes = milliseconds / 60'000;
  if (minutes < 120) return fmt::format("{} min", minutes);
  const auto hours = minutes / 60;
  return hours < 72 ? fmt::format("{} h", hours)
                    : fmt::format("{} days", hours / 24);
}

void print_image(std::ostream& out, const std::string& name,
                 const Json& details) {
  out << name << '\n';
  const auto text = [&](const char* member) {
    const Json& value = details.at(member);
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  line(out, "digest", text("digest"));
  line(out, "type", text("media_type"));
  line(out, "artifact", text("artifact_type"));
  line(out, "size", size_text(details.at("size_bytes").get<std::int64_t>()));
  line(out, "pushed", to_rfc3339(details.at("pushed").get<std::int64_t>()));
  line(out, "tags", joined(details.at("tags"), ", "));
  line(out, "refers to", text("subject"));
  print_config(out, details.at("config"));
  print_parts(out, details);
  if (!details.at("config").is_null()) {
    print_pairs(out, "Labels", details.at("config").at("labels"));
  }
  print_pairs(out, "Annotations", details.at("annotations"));
  const auto undo = details.at("undo_ms").get<std::int64_t>();
  out << fmt::format(
      "\nIts deletion frees {} and {}.\n",
      size_text(details.at("frees_bytes").get<std::int64_t>()),
      undo > 0 ? fmt::format("can be undone for {}", time_text(undo))
               : "cannot be undone");
}

}  // namespace skerry::app
