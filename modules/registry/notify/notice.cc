#include "notify/notice.h"

#include <fmt/format.h>

#include "core/os/random.h"
#include "core/text/encoding.h"
#include "core/text/json.h"

namespace skerry::registry {
namespace {

// Keeps the order of distribution's members.
using Ordered = nlohmann::ordered_json;

void add(Ordered& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

Ordered target_json(const Target& target, bool with_references) {
  Ordered object = Ordered::object();
  add(object, "mediaType", target.media_type);
  if (target.size != 0) object["size"] = target.size;
  add(object, "digest", target.digest);
  if (target.size != 0) object["length"] = target.size;
  add(object, "repository", target.repository);
  add(object, "fromRepository", target.from_repository);
  add(object, "url", target.url);
  add(object, "tag", target.tag);
  if (with_references && !target.references.empty()) {
    object["references"] = Ordered::parse(target.references);
  }
  return object;
}

Ordered request_json(const Origin& origin) {
  Ordered object = {{"id", origin.id}};
  add(object, "addr", origin.address);
  add(object, "host", origin.host);
  object["method"] = origin.method;
  object["useragent"] = origin.user_agent;
  return object;
}

Ordered descriptor_json(const Json& descriptor) {
  Ordered object = Ordered::object();
  for (const char* name :
       {"mediaType", "size", "digest", "urls", "annotations", "platform"}) {
    const auto it = descriptor.find(name);
    if (it != descriptor.end() && !it->is_null()) object[name] = *it;
  }
  return object;
}

std::string header_text(const http::Request& request, std::string_view name) {
  return std::string(request.header(name).value_or(""));
}

}  // namespace

Origin origin_of(const http::Request& request) {
  Origin origin;
  const auto& address = request.remote_address;
  if (request.remote_port == 0) {
    origin.address = address;
  } else if (address.find(':') == std::string::npos) {
    origin.address = fmt::format("{}:{}", address, request.remote_port);
  } else {
    origin.address = fmt::format("[{}]:{}", address, request.remote_port);
  }
  origin.host = header_text(request, "Host");
  origin.method = request.method;
  origin.user_agent = header_text(request, "User-Agent");
  origin.base_url = request.base_url;
  origin.port = request.local_port;
  return origin;
}

std::string to_text(const Notice& notice, bool with_references) {
  Ordered actor = Ordered::object(), source = Ordered::object();
  add(actor, "name", notice.actor);
  add(source, "addr", notice.source);
  add(source, "instanceID", notice.instance);
  const Ordered event = {
      {"id", notice.id},
      {"timestamp", to_rfc3339(notice.time, true)},
      {"action", notice.action},
      {"target", target_json(notice.target, with_references)},
      {"request", request_json(notice.origin)},
      {"actor", std::move(actor)},
      {"source", std::move(source)}};
  return event.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

std::string envelope_of(std::string_view event) {
  return fmt::format(R"({{"events":[{}]}})", event);
}

std::string references_text(std::string_view manifest) {
  const auto document = parse_json(manifest);
  Ordered list = Ordered::array();
  for (const char* name : {"config", "layers", "blobs", "manifests"}) {
    const auto it = document.find(name);
    if (it == document.end()) continue;
    if (it->is_object()) list.push_back(descriptor_json(*it));
    if (!it->is_array()) continue;
    for (const auto& one : *it) {
      if (one.is_object()) list.push_back(descriptor_json(one));
    }
  }
  return list.empty() ? "" : list.dump(-1, ' ', false,
                                       Ordered::error_handler_t::replace);
}

std::string make_uuid() {
  auto bytes = random_bytes(16);
  const auto set = [&](std::size_t at, unsigned keep, unsigned bits) {
    bytes[at] = static_cast<char>(
        (static_cast<unsigned char>(bytes[at]) & keep) | bits);
  };
  set(6, 0x0f, 0x40);
  set(8, 0x3f, 0x80);
  const auto hex = to_hex(bytes);
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4),
                     hex.substr(12, 4), hex.substr(16, 4), hex.substr(20));
}

}  // namespace skerry::registry
