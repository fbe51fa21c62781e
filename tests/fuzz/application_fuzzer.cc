// Applications as a client may send them: YAML, then the strict reader; and
// the manifests of a directory source, which a repository's author writes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "application.h"
#include "core/error.h"
#include "core/text/yaml.h"
#include "source/manifests.h"
#include "target/podman/workload.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<Json> documents;
  try {
    documents = parse_yaml_documents(text, "input");
  } catch (const Error&) {
    return 0;
  }
  cd::Application app;
  app.name = "hello";
  for (const Json& document : documents) {
    try {
      app = cd::parse_application(document);
    } catch (const Error&) {
      continue;
    }
  }
  try {
    const cd::Desired desired = cd::finish_manifests(app, documents, "1");
    const cd::TargetApp target{1, app.name, "demo", "web", "podman://"};
    for (const Json& object : desired.objects) {
      if (!cd::podman::is_workload(cd::key_of(object))) continue;
      cd::podman::plan_workload(target, object, desired.objects, {});
    }
  } catch (const Error&) {
  }
  return 0;
}
