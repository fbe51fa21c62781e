// Builds a kustomization out of any bytes: the file itself, then, each behind
// a line "%%% NAME", the files beside it.
#include <cstdint>
#include <map>
#include <string>

#include "core/error.h"
#include "kustomize/build.h"
#include "kustomize/output.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::map<std::string, std::string> texts;
  std::string name = "kustomization.yaml";
  while (true) {
    std::size_t mark = text.find("\n%%% ");
    texts[name] = text.substr(0, mark);
    if (mark == text.npos) break;
    std::size_t end = text.find('\n', mark + 5);
    if (end == text.npos) break;
    name = text.substr(mark + 5, end - mark - 5);
    text = text.substr(end + 1);
  }
  try {
    std::vector<std::pair<std::string, MemoryFile>> files;
    for (auto& [path, content] : texts) {
      std::string clean = clean_path(path);
      if (!clean.empty()) files.push_back({clean, {content}});
    }
    auto tree = make_memory_tree(std::move(files));
    chart::kustomize::BuildOptions options;
    options.helm.enabled = true;
    options.helm.limits.max_steps = 20'000;
    options.helm.limits.max_bytes = 1u << 20;
    chart::kustomize::NoRemoteSource remote;
    std::vector<std::string> warnings;
    auto result =
        chart::kustomize::build(*tree, "", options, remote, warnings);
    chart::kustomize::print_resources(result.resources);
  } catch (const Error&) {
  }
  return 0;
}
