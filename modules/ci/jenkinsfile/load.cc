#include "jenkinsfile/load.h"

#include "ci/pipeline_check.h"
#include "jenkinsfile/fragment.h"

namespace skerry::ci {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string PipelineDiagnostic::to_string() const {
  return fmt::format("{}: {}", ci::to_string(place), message);
}

std::string LoadResult::message() const {
  std::string out;
  for (const PipelineDiagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += '\n';
    out += diagnostic.to_string();
  }
  return out;
}

LoadResult load_pipeline(const PipelineTexts& texts) {
  Faults faults;
  Fragment whole;
  whole.place = {Origin::repository, 1, 1};
  const auto lay = [&](std::string_view text, Origin origin) {
    if (is_blank(text)) return;
    whole = overlay(std::move(whole), read_fragment(text, origin, faults));
  };
  if (texts.system) lay(*texts.system, Origin::system);
  if (texts.project) lay(*texts.project, Origin::project);
  lay(texts.repository, Origin::repository);
  LoadResult result;
  // What is missing is known only when all that is there could be read.
  if (faults.empty()) result.pipeline = check_whole(std::move(whole), faults);
  result.diagnostics = faults.take();
  return result;
}

std::vector<PipelineDiagnostic> check_defaults(std::string_view text,
                                               Origin origin) {
  Faults faults;
  if (!is_blank(text)) read_fragment(text, origin, faults);
  return faults.take();
}

std::vector<Diagnostic> check_pipeline(std::string_view text,
                                       std::string_view file_name) {
  std::vector<Diagnostic> out;
  const LoadResult loaded = load_pipeline({.repository = std::string(text)});
  for (const PipelineDiagnostic& fault : loaded.diagnostics) {
    out.push_back({fault.place.line, fault.place.column,
                   fmt::format("{}:{}:{}: {}", file_name, fault.place.line,
                               fault.place.column, fault.message)});
  }
  return out;
}

}  // namespace skerry::ci
