// Steps whose results outlive the run: artifacts, test reports, images, charts.
#include <algorithm>

#include "executor/file_set.h"
#include "executor/steps.h"

namespace skerry::ci::steps {
namespace {

std::string below(std::string_view folder, std::string_view path) {
  return folder.empty() ? std::string(path) : fmt::format("{}/{}", folder, path);
}

std::map<std::string, std::string> text_map(const Value* value) {
  std::map<std::string, std::string> out;
  if (value == nullptr || value->map() == nullptr) return out;
  for (const auto& [name, member] : *value->map()) out[name] = to_string(member);
  return out;
}

struct ImageName {
  std::string name, tag, digest;
};

// "host/demo/hello:1.0@sha256:…"
ImageName split_image(const std::string& image) {
  ImageName parts{image, "", ""};
  if (const auto at = parts.name.find('@'); at != std::string::npos) {
    parts.digest = parts.name.substr(at + 1);
    parts.name.resize(at);
  }
  const auto colon = parts.name.rfind(':');
  const auto slash = parts.name.rfind('/');
  if (colon != std::string::npos &&
      (slash == std::string::npos || colon > slash)) {
    parts.tag = parts.name.substr(colon + 1);
    parts.name.resize(colon);
  }
  return parts;
}

// What is left open is filled in when this run has built the image. A name
// without a slash means nothing but such an image.
ImageName resolve_image(const PipelineRun& run, const std::string& image) {
  ImageName parts = split_image(image);
  auto built = run.find_image(parts.name);
  if (built && !parts.tag.empty() &&
      std::find(built->tags.begin(), built->tags.end(), parts.tag) ==
          built->tags.end()) {
    built.reset();
  }
  if (built) {
    parts.name = built->name;
    if (parts.tag.empty()) parts.tag = built->tag;
    if (parts.digest.empty()) parts.digest = built->digest;
  } else if (parts.name.find('/') == std::string::npos) {
    fail(ErrorCode::not_found,
         "no buildImage of this run has built the image '{}'; give the whole "
         "name of an image from elsewhere, with its host",
         image);
  }
  return parts;
}

// Into the values that a chart usually has.
void add_image_values(const ImageName& image,
                      std::map<std::string, std::string>& values) {
  const auto set = [&](const char* key, const std::string& value) {
    if (!value.empty()) values.emplace(key, value);
  };
  set("image.repository", image.name);
  set("image.tag", image.tag);
  set("image.digest", image.digest);
}

}  // namespace

Value archive_artifacts(StepCall& call) {
  const ArgumentValues& arguments = call.arguments;
  if (arguments.flag("onlyIfSuccessful") &&
      worst(call.run.result(), call.frame.stage->result()) !=
          Result::success) {
    call.say("Skipping archiving: the run is not successful so far");
    return {};
  }
  const Workspace& workspace = call.site().workspace();
  const std::string wanted = arguments.text("artifacts");
  const auto files = find_files(
      workspace, call.frame.folder,
      {wanted, arguments.text("excludes"), arguments.flag("defaultExcludes")});
  if (files.empty()) {
    if (!arguments.flag("allowEmptyArchive")) {
      fail(ErrorCode::not_found, "no file matches '{}'", wanted);
    }
    call.say(fmt::format("No file matches '{}'", wanted));
    return {};
  }
  for (const std::string& file : files) {
    call.run.host().add_artifact(
        file, workspace.open(below(call.frame.folder, file)));
  }
  call.say(fmt::format("Archived {} file(s)", files.size()));
  return {};
}

Value junit(StepCall& call) {
  const ArgumentValues& arguments = call.arguments;
  const Workspace& workspace = call.site().workspace();
  const std::string wanted = arguments.text("testResults");
  const auto files =
      find_files(workspace, call.frame.folder, {wanted, "", true});
  const JunitLimits limits;
  std::vector<TestSuite> suites;
  for (const std::string& file : files) {
    auto some = parse_junit(
        workspace.read(below(call.frame.folder, file), limits.max_bytes), file,
        limits);
    std::move(some.begin(), some.end(), std::back_inserter(suites));
  }
  const TestCounts counts = count(suites);
  if (counts.total == 0 && !arguments.flag("allowEmptyResults")) {
    fail(ErrorCode::not_found, "no test report matches '{}'", wanted);
  }
  call.run.host().add_tests(suites);
  call.say(fmt::format("Tests: {} in all, {} failed, {} skipped", counts.total,
                       counts.failed, counts.skipped));
  if (counts.failed > 0 && !arguments.flag("skipMarkingBuildUnstable")) {
    call.run.worsen(call.frame, Result::unstable, Result::unstable);
  }
  return Value(ValueMap{{"totalCount", counts.total},
                        {"failCount", counts.failed},
                        {"skipCount", counts.skipped},
                        {"passCount",
                         counts.total - counts.failed - counts.skipped}});
}

Value build_image(StepCall& call) {
  const ArgumentValues& arguments = call.arguments;
  const auto context = open_workspace_tree(
      call.site().workspace(), call.path(arguments.text("context")));
  const ImageOrder order{arguments.text("image"), arguments.text("dockerfile"),
                         arguments.text("target"), arguments.texts("tags"),
                         text_map(arguments.find("buildArgs"))};
  LogStream stream(call.run.log(), call.frame.prefix, call.frame.timestamps);
  const auto print = [&](std::string_view line) {
    stream.write(line);
    stream.write("\n");
  };
  const BuiltImage built = call.run.host().build_image(*context, order, print,
                                                       call.frame.stop);
  call.run.add_image(built);
  call.run.export_variable("IMAGE", built.name);
  call.run.export_variable("IMAGE_TAG", built.tag);
  call.run.export_variable("IMAGE_DIGEST", built.digest);
  call.say(fmt::format("Image {}:{} {}", built.name, built.tag, built.digest));
  return {};
}

Value publish_chart(StepCall& call) {
  const ArgumentValues& arguments = call.arguments;
  ChartOrder order;
  order.path = call.path(arguments.text("path"));
  order.version = arguments.text("version");
  order.app_version = arguments.text("appVersion");
  order.values = text_map(arguments.find("values"));
  if (arguments.has("image")) {
    add_image_values(resolve_image(call.run, arguments.text("image")),
                     order.values);
  }
  const auto workspace = open_workspace_tree(call.site().workspace(), "");
  const PublishedChart chart =
      call.run.host().publish_chart(*workspace, order);
  call.run.export_variable("CHART_VERSION", chart.version);
  call.run.export_variable("CHART_DIGEST", chart.digest);
  call.say(fmt::format("Chart {} {} {}", chart.name, chart.version,
                       chart.digest));
  return {};
}

}  // namespace skerry::ci::steps
