// Takes bytes as a resource, a NUL and a patch, and applies the patch in both
// forms; what comes out must be printable or refused.
#include <cstdint>

#include "core/error.h"
#include "kustomize/diff.h"
#include "kustomize/json_patch.h"
#include "kustomize/label_selector.h"
#include "kustomize/strategic_merge.h"

namespace {

using namespace skerry;
using namespace skerry::chart::kustomize;

void try_out(const YamlNode& resource, std::string_view text) {
  const YamlLimits limits{.max_depth = 64, .max_nodes = 20'000};
  try {
    auto patch = read_yaml_node(text, limits);
    if (auto* node = std::get_if<YamlNode>(&patch)) {
      Schema schema;
      YamlNode target = resource;
      if (apply_strategic_merge(target, *node, schema)) {
        yaml_node_to_yaml(target);
      }
    }
  } catch (const Error&) {
  }
  try {
    YamlNode target = resource;
    apply_json_patch(target, read_json_patch(text));
    yaml_node_to_yaml(target);
  } catch (const Error&) {
  }
  try {
    LabelSelector selector(text);
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(text.find('\0'), text.size());
  auto resource = read_yaml_node(text.substr(0, cut),
                                 {.max_depth = 64, .max_nodes = 20'000});
  if (auto* node = std::get_if<YamlNode>(&resource)) {
    try_out(*node, text.substr(std::min(cut + 1, text.size())));
  }
  return 0;
}
