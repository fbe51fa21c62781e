#include "advertise.h"

#include <algorithm>

#include "core/error.h"

namespace skerry::git {
namespace {

constexpr std::string_view kAgent = "agent=skerry/0.1";

std::string upload_capabilities(const RefList& refs) {
  std::string text =
      "multi_ack thin-pack side-band side-band-64k ofs-delta shallow "
      "deepen-since deepen-not deepen-relative no-progress include-tag "
      "multi_ack_detailed allow-tip-sha1-in-want "
      "allow-reachable-sha1-in-want no-done ";
  if (refs.head && !refs.head_target.empty()) {
    text += "symref=HEAD:" + refs.head_target + " ";
  }
  text += "filter object-format=sha1 ";
  return text.append(kAgent);
}

// "no-thin": completing a thin pack stores its bases once more, so it costs
// more here than it saves on the way. Clients that send one all the same are
// served.
std::string receive_capabilities() {
  return std::string(
             "report-status report-status-v2 delete-refs side-band-64k quiet "
             "atomic ofs-delta push-options no-thin object-format=sha1 ")
      .append(kAgent);
}

std::string capabilities_v2() {
  std::string out;
  append_pkt(out, "version 2\n");
  append_pkt(out, std::string(kAgent) + "\n");
  append_pkt(out, "ls-refs=unborn\n");
  append_pkt(out, "fetch=shallow wait-for-done filter\n");
  append_pkt(out, "server-option\n");
  append_pkt(out, "object-format=sha1\n");
  append_pkt(out, "object-info\n");
  append_flush(out);
  return out;
}

class Lines {
 public:
  explicit Lines(std::string capabilities)
      : capabilities_(std::move(capabilities)) {}
  void add(const Oid& id, std::string_view name) {
    std::string line = id.hex() + " ";
    line += name;
    if (first_) {
      line += '\0';
      line += capabilities_;
      first_ = false;
    }
    append_pkt(text_, line + "\n");
  }
  std::string finish() {
    if (first_) add(Oid{}, "capabilities^{}");
    append_flush(text_);
    return std::move(text_);
  }

 private:
  std::string capabilities_;
  std::string text_;
  bool first_ = true;
};

}  // namespace

std::string_view to_string(Service service) {
  return service == Service::upload_pack ? "git-upload-pack"
                                         : "git-receive-pack";
}

std::optional<Service> parse_service(std::string_view name) {
  for (Service service : {Service::upload_pack, Service::receive_pack}) {
    if (name == to_string(service)) return service;
  }
  return std::nullopt;
}

int protocol_version(std::optional<std::string_view> header, Service service) {
  int version = 0;
  std::string_view text = header.value_or("");
  while (!text.empty()) {
    std::size_t colon = text.find(':');
    std::string_view word = text.substr(0, colon);
    if (word == "version=1") version = std::max(version, 1);
    if (word == "version=2") version = std::max(version, 2);
    text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  }
  return service == Service::receive_pack ? std::min(version, 1) : version;
}

std::string advertisement(Service service, int version, const RefList& refs) {
  if (version == 2) return capabilities_v2();
  std::string out;
  append_pkt(out, fmt::format("# service={}\n", to_string(service)));
  append_flush(out);
  if (version == 1) append_pkt(out, "version 1\n");
  bool upload = service == Service::upload_pack;
  Lines lines(upload ? upload_capabilities(refs) : receive_capabilities());
  if (upload && refs.head) lines.add(*refs.head, "HEAD");
  for (const Ref& ref : refs.refs) {
    lines.add(ref.id, ref.name);
    if (upload && ref.peeled) lines.add(*ref.peeled, ref.name + "^{}");
  }
  return out + lines.finish();
}

std::string list_refs(const LsRefsRequest& request, const RefList& refs) {
  auto is_asked = [&](std::string_view name) {
    return request.prefixes.empty() ||
           std::any_of(
               request.prefixes.begin(), request.prefixes.end(),
               [&](const std::string& p) { return name.starts_with(p); });
  };
  std::string out;
  std::string symref = request.symrefs && !refs.head_target.empty()
                           ? " symref-target:" + refs.head_target
                           : "";
  if (is_asked("HEAD")) {
    if (refs.head) {
      append_pkt(out, refs.head->hex() + " HEAD" + symref + "\n");
    } else if (request.unborn && !symref.empty()) {
      append_pkt(out, "unborn HEAD" + symref + "\n");
    }
  }
  for (const Ref& ref : refs.refs) {
    if (!is_asked(ref.name)) continue;
    std::string line = ref.id.hex() + " " + ref.name;
    if (request.peel && ref.peeled) line += " peeled:" + ref.peeled->hex();
    append_pkt(out, line + "\n");
  }
  append_flush(out);
  return out;
}

}  // namespace skerry::git
