#include "policy/image_use.h"

#include "core/store/digest.h"
#include "names.h"

namespace skerry::registry {
namespace {

// As docker tells a host from the first part of a name.
bool is_host(std::string_view part) {
  return part.find_first_of(".:[") != std::string_view::npos ||
         part == "localhost";
}

}  // namespace

std::optional<UsedImage> parse_image_use(std::string_view reference) {
  UsedImage image;
  if (const auto at = reference.find('@'); at != std::string_view::npos) {
    const auto digest = Digest::parse(reference.substr(at + 1));
    if (!digest) return {};
    image.digest = digest->to_string();
    reference = reference.substr(0, at);
  }
  const auto slash = reference.find('/');
  if (slash == std::string_view::npos) return {};
  if (is_host(reference.substr(0, slash))) reference.remove_prefix(slash + 1);
  if (const auto colon = reference.rfind(':');
      colon != std::string_view::npos) {
    image.tag = reference.substr(colon + 1);
    if (!is_tag(image.tag)) return {};
    reference = reference.substr(0, colon);
  } else if (image.digest.empty()) {
    image.tag = "latest";
  }
  auto name = split_name(reference);
  if (!name) return {};
  image.project = std::move(name->project);
  image.repository = std::move(name->repository);
  return image;
}

FullImageName full_image_name(std::string_view reference) {
  reference = reference.substr(0, reference.find('@'));
  const auto colon = reference.rfind(':');
  if (colon != reference.npos && reference.find('/', colon) == reference.npos) {
    reference = reference.substr(0, colon);
  }
  const auto slash = reference.find('/');
  if (slash == reference.npos) {
    return {"docker.io", "library/" + std::string(reference)};
  }
  if (is_host(reference.substr(0, slash))) {
    return {std::string(reference.substr(0, slash)),
            std::string(reference.substr(slash + 1))};
  }
  return {"docker.io", std::string(reference)};
}

}  // namespace skerry::registry
