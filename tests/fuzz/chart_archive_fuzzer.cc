// Reads any bytes as a packaged chart, as the texts that come with one and as
// what a repository says of it.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "core/text/yaml.h"
#include "fetch/index.h"
#include "fetch/reference.h"
#include "helm/archive.h"
#include "helm/chart.h"
#include "helm/glob.h"
#include "helm/ignore.h"
#include "helm/manifests.h"
#include "helm/set_values.h"
#include "helm/values.h"

namespace {

using namespace skerry::chart;

template <typename Work>
void try_to(const Work& work) {
  try {
    work();
  } catch (const skerry::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  Log log = [](std::string_view, std::string_view) {};
  LoadLimits limits;
  limits.max_total = 1u << 20;
  limits.max_file = 1u << 18;
  try_to([&] { load_chart_archive(text, log, limits); });
  try_to([&] {
    load_chart_files({{"Chart.yaml", text}, {"values.yaml", text}}, log,
                     limits);
  });
  try_to([&] {
    UnpackRoom room{1u << 20, 1000};
    for (auto& file : read_chart_archive(text, limits, room)) {
      bool leads_out =
          file.name.starts_with("/") || file.name.starts_with("..");
      if (leads_out || file.data.size() > limits.max_file) __builtin_trap();
    }
  });
  try_to([&] { RepositoryIndex index(text, "http://a", log); });
  try_to([&] { read_lock(skerry::parse_yaml(text, "Chart.lock"), "Chart.lock"); });
  try_to([&] { resolve_reference("http://a/b", text.substr(0, 500)); });
  try_to([&] { parse_oci_reference(text.substr(0, 500)); });
  try_to([&] { sort_manifests({{"a/templates/x.yaml", text}}, log); });
  try_to([&] { IgnoreRules rules(text); });
  Glob::compile(text.substr(0, 200));
  for (SetKind kind : {SetKind::typed, SetKind::json, SetKind::literal}) {
    try_to([&] {
      Value values = Value::new_map();
      set_values(values, kind, text.substr(0, 2000),
                 [](const std::string& path) { return path; });
    });
  }
  return 0;
}
