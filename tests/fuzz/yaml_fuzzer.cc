// Reads any bytes as YAML; what is accepted must survive being written and
// read again.
#include <cstdint>
#include <cstdlib>

#include "core/text/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto result = skerry::read_yaml(text, skerry::YamlRead::first_document,
                                  {.max_depth = 64, .max_nodes = 20'000});
  auto* documents = std::get_if<std::vector<skerry::Json>>(&result);
  if (!documents || documents->empty()) return 0;
  std::string written = skerry::to_yaml((*documents)[0]);
  auto again = skerry::read_yaml(written, skerry::YamlRead::first_document);
  if (!std::holds_alternative<std::vector<skerry::Json>>(again)) std::abort();
  return 0;
}
