#include "sandbox/spec.h"

#include "core/error.h"
#include "core/text/json.h"

namespace skerry::ci::sandbox {
namespace {

Json bounds_to_json(const Bounds& b) {
  return {{"cpu_seconds", b.cpu_seconds},
          {"address_space", b.address_space},
          {"processes", b.processes},
          {"file_size", b.file_size},
          {"open_files", b.open_files}};
}

Bounds bounds_from_json(const Json& json) {
  Bounds b;
  json.at("cpu_seconds").get_to(b.cpu_seconds);
  json.at("address_space").get_to(b.address_space);
  json.at("processes").get_to(b.processes);
  json.at("file_size").get_to(b.file_size);
  json.at("open_files").get_to(b.open_files);
  return b;
}

void read_view(const Json& json, Spec& spec) {
  for (const Json& bind : json.at("binds")) {
    spec.binds.push_back({bind.at(0), bind.at(1), bind.at(2), bind.at(3)});
  }
  for (const Json& file : json.at("files")) {
    spec.files.push_back({file.at(0), file.at(1), file.at(2)});
  }
  for (const Json& link : json.at("links")) {
    spec.links.push_back({link.at(0), link.at(1)});
  }
}

// Environment and scripts may hold bytes that are no UTF-8; JSON strings then
// carry them one code point a byte.
std::string widen(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

std::string narrow(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || i + 1 == text.size()) {
      out += text[i];
    } else {
      const auto low = static_cast<unsigned char>(text[++i]);
      out += static_cast<char>(((byte & 0x03) << 6) | (low & 0x3f));
    }
  }
  return out;
}

}  // namespace

std::string to_json(const Spec& spec) {
  Json json{{"root", spec.root},
            {"status_file", spec.status_file},
            {"folder", widen(spec.folder)},
            {"uid", spec.uid},
            {"gid", spec.gid},
            {"user_namespace", spec.user_namespace},
            {"host_network", spec.host_network},
            {"merge_output", spec.merge_output},
            {"bounds", bounds_to_json(spec.bounds)},
            {"cgroups", spec.cgroups}};
  Json& binds = json["binds"] = Json::array();
  for (const Bind& b : spec.binds) {
    binds.push_back(Json::array({b.source, b.target, b.writable, b.optional}));
  }
  Json& files = json["files"] = Json::array();
  for (const SeedFile& f : spec.files) {
    files.push_back(Json::array({f.path, widen(f.content), f.mode}));
  }
  Json& links = json["links"] = Json::array();
  for (const Link& l : spec.links) {
    links.push_back(Json::array({l.path, l.target}));
  }
  Json& argv = json["argv"] = Json::array();
  for (const std::string& argument : spec.argv) argv.push_back(widen(argument));
  Json& environment = json["environment"] = Json::object();
  for (const auto& [name, value] : spec.environment) {
    environment[widen(name)] = widen(value);
  }
  return json.dump();
}

Spec spec_from_json(std::string_view text) {
  const Json json = parse_json(text);
  Spec spec;
  try {
    json.at("root").get_to(spec.root);
    json.at("status_file").get_to(spec.status_file);
    read_view(json, spec);
    for (const Json& argument : json.at("argv")) {
      spec.argv.push_back(narrow(argument));
    }
    for (const auto& [name, value] : json.at("environment").items()) {
      spec.environment[narrow(name)] = narrow(value);
    }
    for (SeedFile& file : spec.files) file.content = narrow(file.content);
    spec.folder = narrow(json.at("folder"));
    json.at("uid").get_to(spec.uid);
    json.at("gid").get_to(spec.gid);
    json.at("user_namespace").get_to(spec.user_namespace);
    json.at("host_network").get_to(spec.host_network);
    json.at("merge_output").get_to(spec.merge_output);
    spec.bounds = bounds_from_json(json.at("bounds"));
    json.at("cgroups").get_to(spec.cgroups);
  } catch (const Json::exception& error) {
    fail(ErrorCode::invalid, "sandbox spec: {}", error.what());
  }
  return spec;
}

}  // namespace skerry::ci::sandbox
