#include "policy/signature_policy.h"

#include <algorithm>

#include "core/store/digest.h"
#include "core/text/glob.h"

namespace skerry::registry {
namespace {

using Demand = SignaturePolicy::Demand;

constexpr std::size_t kLongestName = 64;
constexpr const char* kPath = "signatures";
constexpr std::pair<Demand, const char*> kDemands[] = {
    {Demand::none, "none"}, {Demand::deploy, "deploy"}, {Demand::pull, "pull"}};

Demand demand_of(const Members& members) {
  const auto text = members.text("demand", kLongestName);
  if (text.empty()) return Demand::none;
  for (const auto& [demand, name] : kDemands) {
    if (text == name) return demand;
  }
  members.wrong("demand", "none, deploy or pull");
}

NamedKey read_key(const Json& value, const std::string& path) {
  const Members members(value, path, {"name", "pem"});
  auto name = members.text("name", kLongestName);
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
  });
  if (name.empty() || !printable) members.wrong("name", "what the key is called");
  const auto pem = members.text("pem", kLargestKeyFile);
  try {
    return {std::move(name), PublicKey::parse(pem)};
  } catch (const Error& error) {
    throw error.in(members.at("pem"));
  }
}

void add_key(SignaturePolicy& policy, NamedKey key, const std::string& path) {
  for (const auto& one : policy.keys) {
    if (one.name == key.name) {
      fail(ErrorCode::invalid, "{}.name: there is another key '{}'", path,
           key.name);
    }
    if (one.key.fingerprint() == key.key.fingerprint()) {
      fail(ErrorCode::invalid, "{}.pem: it is the key '{}' once more", path,
           one.name);
    }
  }
  if (policy.keys.size() == kMostKeys) {
    fail(ErrorCode::too_large, "signatures.keys has more than {} entries",
         kMostKeys);
  }
  policy.keys.push_back(std::move(key));
}

std::string version_of(const std::vector<NamedKey>& keys) {
  Json list = Json::array();
  for (const auto& one : keys) {
    list.push_back({one.name, one.key.fingerprint()});
  }
  return digest_of(list.dump()).hex;
}

std::string glob_text(const Json& value, const std::string& path) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty() ||
      value.get_ref<const std::string&>().size() > kLongestPattern) {
    fail(ErrorCode::invalid, "{} must be a pattern of 1 to {} characters", path,
         kLongestPattern);
  }
  return value.get<std::string>();
}

}  // namespace

bool SignaturePolicy::covers(std::string_view repository,
                             std::string_view tag) const {
  const auto matches = [&](const TagPattern& one) {
    return one.matches(repository, tag);
  };
  if (std::any_of(except.begin(), except.end(), matches)) return false;
  return images.empty() || std::any_of(images.begin(), images.end(), matches);
}

bool SignaturePolicy::excepts_other(std::string_view image) const {
  return std::any_of(
      other_registries.begin(), other_registries.end(),
      [&](const std::string& one) { return glob_match(one, image); });
}

SignaturePolicy read_signatures(const Members& policy) {
  SignaturePolicy found;
  const Json* value = policy.find(kPath);
  if (value == nullptr) return found;
  const Members members(*value, kPath,
                        {"demand", "keys", "images", "except",
                         "other_registries"});
  found.demand = demand_of(members);
  members.list("keys", [&](const Json& one, const std::string& path) {
    add_key(found, read_key(one, path), path);
  });
  found.images = read_patterns(members, "images", "*");
  found.except = read_patterns(members, "except", "*");
  members.list("other_registries",
               [&](const Json& one, const std::string& path) {
                 found.other_registries.push_back(glob_text(one, path));
               });
  if (found.demand != Demand::none && found.keys.empty()) {
    fail(ErrorCode::invalid,
         "signatures.keys is empty: nothing would be signed by any of them");
  }
  found.keys_version = version_of(found.keys);
  return found;
}

Json to_json(const SignaturePolicy& policy) {
  Json keys = Json::array();
  for (const auto& one : policy.keys) {
    keys.push_back({{"name", one.name}, {"pem", one.key.pem()}});
  }
  const char* demand = "";
  for (const auto& [value, name] : kDemands) {
    if (value == policy.demand) demand = name;
  }
  return {{"demand", demand},
          {"keys", std::move(keys)},
          {"images", patterns_json(policy.images)},
          {"except", patterns_json(policy.except)},
          {"other_registries", policy.other_registries}};
}

}  // namespace skerry::registry
