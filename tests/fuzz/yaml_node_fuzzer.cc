// Reads any bytes as the documents of a resource file; what can be printed
// must be YAML again.
#include <cstdint>
#include <cstdlib>

#include "core/text/yaml_node.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto result =
      read_yaml_resources(text, {.max_depth = 64, .max_nodes = 20'000});
  auto* nodes = std::get_if<std::vector<YamlNode>>(&result);
  if (!nodes) return 0;
  for (auto& node : *nodes) {
    std::string written;
    try {
      written = yaml_node_to_yaml(node);
      yaml_node_of(yaml_node_to_json(node));
    } catch (const Error&) {
      continue;
    }
    auto again = read_yaml_node(written);
    if (!std::holds_alternative<YamlNode>(again)) std::abort();
  }
  return 0;
}
