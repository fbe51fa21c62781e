// skerry chart to-kustomize: a chart and values as a base and an overlay.
// skerry chart unfork: a changed copy of a chart as patches to its upstream.
#include <algorithm>
#include <filesystem>
#include <ostream>

#include "chart/cli.h"
#include "cli/sources.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "core/text/yaml.h"
#include "helm/dependencies.h"
#include "helm/release.h"
#include "kustomize/diff.h"
#include "kustomize/kustomization.h"
#include "kustomize/overlay.h"
#include "kustomize/resource_read.h"
#include "kustomize/transformer.h"

namespace skerry::chart {
namespace {

using kustomize::Files;
using kustomize::Resource;
using kustomize::ResourceMap;

std::vector<Flag> kustomize_flags() {
  std::vector<Flag> flags = value_flags();
  for (Flag flag : std::initializer_list<Flag>{{"namespace", 'n'},
                                               {"kube-version"},
                                               {"api-versions", 'a'},
                                               {"output", 'o'},
                                               {"overlay"},
                                               {"update"},
                                               {"include-crds", 0, false},
                                               {"skip-tests", 0, false},
                                               {"no-hooks", 0, false}}) {
    flags.push_back(flag);
  }
  return flags;
}

// The same random bytes for each rendering, so that generated passwords and
// certificates do not differ between base and overlay.
class RandomTape {
 public:
  void rewind() { at_ = 0; }
  std::string read(std::size_t count) {
    if (at_ + count > tape_.size()) {
      tape_ += random_bytes(at_ + count - tape_.size());
    }
    at_ += count;
    return tape_.substr(at_ - count, count);
  }

 private:
  std::string tape_;
  std::size_t at_ = 0;
};

void write_files(const std::filesystem::path& folder, const Files& files) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : files) {
    write_file_atomically(folder / name, text);
  }
}

class KustomizeCommand {
 public:
  KustomizeCommand(const Arguments& arguments, const CommandStreams& streams)
      : flags_(arguments, kustomize_flags()),
        streams_(streams),
        output_(flags_.text("output", ".")) {}

  void convert();
  void unfork();

 private:
  ResourceMap render(const std::string& chart, const Value& values);
  Value no_values() const {
    return values_from_flags(Flags({}, value_flags()), streams_.in);
  }
  void write(const ResourceMap& from, const ResourceMap& to);
  void update(const std::string& chart);
  ResourceMap read_base() const;
  void check_patch(const kustomize::Patch& patch,
                   const std::filesystem::path& folder,
                   const ResourceMap& before, ResourceMap& after);
  void report_changes(const std::string& name, const Resource& patch,
                      const ResourceMap& before, const ResourceMap& after);

  Flags flags_;
  const CommandStreams& streams_;
  const std::filesystem::path output_;
  std::string release_name_ = "release-name";
  RandomTape tape_;
  kustomize::Schema schema_;
  int problems_ = 0;
};

ResourceMap KustomizeCommand::render(const std::string& path,
                                     const Value& values) {
  const Log log = log_to(streams_.error);
  const auto chart = load_chart_from_disk(path, log);
  check_installable(*chart);
  check_dependencies(*chart);
  ReleaseOptions options;
  options.name = release_name_;
  options.name_space = flags_.text("namespace", "default");
  options.include_crds = flags_.has("include-crds");
  if (flags_.has("kube-version")) {
    options.kube_version = flags_.text("kube-version");
  }
  options.api_versions = flags_.list("api-versions");
  tape_.rewind();
  const Environment environment{
      [] { return SystemClock().now(); },
      [this](std::size_t count) { return tape_.read(count); }, false, log};
  const Release release =
      make_release(*chart, values, options, environment, {}, log);
  ResourceMap objects;
  const auto add = [&](const Manifest& manifest) {
    try {
      for (Resource& object : kustomize::read_resources(manifest.content + "\n")) {
        objects.append(std::move(object));
      }
    } catch (const Error& error) {
      throw error.in(manifest.path);
    }
  };
  for (const Manifest& crd : release.crds) add(crd);
  for (const Manifest& manifest : release.manifests) add(manifest);
  for (const Hook& hook : release.hooks) {
    if (flags_.has("no-hooks")) break;
    if (!flags_.has("skip-tests") || !hook.is_test()) add(hook.manifest);
  }
  return objects;
}

void KustomizeCommand::write(const ResourceMap& from, const ResourceMap& to) {
  const std::string name = flags_.text("overlay", "values");
  const Files base = kustomize::write_base(from);
  const kustomize::Overlay overlay =
      kustomize::write_overlay(from, to, "../../base");
  for (const auto& folder : {output_ / "base", output_ / "overlays" / name}) {
    if (std::filesystem::exists(folder)) {
      fail(ErrorCode::conflict,
           "{} exists already; choose another folder with -o, or another "
           "--overlay, or --update the base",
           folder.string());
    }
  }
  write_files(output_ / "base", base);
  write_files(output_ / "overlays" / name, overlay.files);
  streams_.out << "wrote " << (output_ / "base").string() << ": "
               << base.size() - 1 << " objects\nwrote "
               << (output_ / "overlays" / name).string() << ": "
               << overlay.merges << " strategic merge patches, "
               << overlay.operations << " JSON patches, " << overlay.added
               << " objects added, " << overlay.deleted << " deleted\n";
}

void KustomizeCommand::convert() {
  const auto& given = flags_.positional();
  if (flags_.has("update")) {
    if (given.size() > 1) {
      fail(ErrorCode::invalid,
           "usage: skerry chart to-kustomize [NAME] --update CHART "
           "[-o FOLDER]");
    }
    if (!given.empty()) release_name_ = given.front();
    return update(flags_.text("update"));
  }
  if (given.empty() || given.size() > 2) {
    fail(ErrorCode::invalid,
         "usage: skerry chart to-kustomize [NAME] CHART "
         "[-f VALUES] [-o FOLDER] [--overlay NAME]");
  }
  if (given.size() == 2) release_name_ = given.front();
  const ResourceMap base = render(given.back(), no_values());
  const ResourceMap wished =
      render(given.back(), values_from_flags(flags_, streams_.in));
  write(base, wished);
}

void KustomizeCommand::unfork() {
  const auto& given = flags_.positional();
  if (given.size() != 2) {
    fail(ErrorCode::invalid,
         "usage: skerry chart unfork FORK UPSTREAM [-f VALUES] [-o FOLDER]");
  }
  const Value values = values_from_flags(flags_, streams_.in);
  const ResourceMap upstream = render(given[1], values);
  write(upstream, render(given[0], values));
}

ResourceMap KustomizeCommand::read_base() const {
  ResourceMap objects;
  const std::filesystem::path folder = output_ / "base";
  std::vector<std::string> warnings;
  const auto kustomization = kustomize::parse_kustomization(
      read_file(folder / "kustomization.yaml"), folder.string(), warnings);
  for (const std::string& file : kustomization.resources) {
    for (Resource& object :
         kustomize::read_resources(read_file(folder / file))) {
      objects.append(std::move(object));
    }
  }
  return objects;
}

// Tells of fields that a patch sets and whose value in the base is another
// than when it was written.
void KustomizeCommand::report_changes(const std::string& name,
                                      const Resource& patch,
                                      const ResourceMap& before,
                                      const ResourceMap& after) {
  const auto old_one = before.find_any(patch.id());
  const auto new_one = after.find_any(patch.id());
  if (old_one.empty() || new_one.empty()) return;
  const Json changes =
      kustomize::diff_as_operations(yaml_node_to_json(old_one.front()->node),
                                    yaml_node_to_json(new_one.front()->node));
  const Json fields = yaml_node_to_json(patch.node).flatten();
  for (const Json& change : changes) {
    const std::string path = change.at("path");
    const bool is_patched = std::any_of(
        fields.items().begin(), fields.items().end(), [&](const auto& field) {
          return field.key() == path || path.starts_with(field.key() + "/") ||
                 field.key().starts_with(path + "/");
        });
    if (!is_patched) continue;
    ++problems_;
    streams_.out << name << ": the chart changed " << path
                 << ", which this patch sets; see whether it is still meant\n";
  }
}

void KustomizeCommand::check_patch(const kustomize::Patch& patch,
                                   const std::filesystem::path& folder,
                                   const ResourceMap& before,
                                   ResourceMap& after) {
  const kustomize::TransformerContext context{
      [&](const std::string& path) { return read_file(folder / path); },
      schema_};
  const std::string name = patch.path.empty() ? "a patch" : patch.path;
  try {
    if (!patch.target) {
      const std::string text =
          patch.path.empty() ? patch.patch : context.load(patch.path);
      for (const Resource& each : kustomize::read_resources(text)) {
        report_changes(name, each, before, after);
      }
    }
    kustomize::make_patch_transformer(patch, context)->transform(after);
    after.drop_empty();
  } catch (const Error& error) {
    ++problems_;
    streams_.out << name << ": does not apply any more: " << error.message()
                 << '\n';
  }
}

// A new base for the overlays that are there.
void KustomizeCommand::update(const std::string& chart) {
  const ResourceMap before = read_base();
  const ResourceMap fresh = render(chart, no_values());
  const Files files = kustomize::write_base(fresh);
  std::filesystem::remove_all(output_ / "base");
  write_files(output_ / "base", files);
  streams_.out << "wrote " << (output_ / "base").string() << ": "
               << files.size() - 1 << " objects\n";
  std::vector<std::filesystem::path> overlays;
  for (const auto& entry :
       std::filesystem::directory_iterator(output_ / "overlays")) {
    overlays.push_back(entry.path());
  }
  std::sort(overlays.begin(), overlays.end());
  for (const auto& overlay : overlays) {
    std::vector<std::string> warnings;
    const auto kustomization = kustomize::parse_kustomization(
        read_file(overlay / "kustomization.yaml"), overlay.string(), warnings);
    ResourceMap after = read_base();
    for (const kustomize::Patch& patch : kustomization.patches) {
      check_patch(patch, overlay, before, after);
    }
  }
  if (problems_ > 0) {
    fail(ErrorCode::conflict, "{} patches need a look", problems_);
  }
}

int run(const Arguments& arguments, const CommandStreams& streams,
        void (KustomizeCommand::*action)()) {
  std::optional<KustomizeCommand> command;
  try {
    command.emplace(arguments, streams);
  } catch (const Error& error) {
    streams.error << "Error: " << error.message() << '\n';
    return 2;
  }
  try {
    ((*command).*action)();
    return 0;
  } catch (const Error& error) {
    streams.error << "Error: " << error.message() << '\n';
    return 1;
  }
}

}  // namespace

int chart_command(const Arguments& arguments, const CommandStreams& streams) {
  const std::string action = arguments.empty() ? "" : arguments.front();
  if (action != "to-kustomize" && action != "unfork") {
    streams.error << "Error: usage: skerry chart to-kustomize|unfork ...\n";
    return 2;
  }
  return run({arguments.begin() + 1, arguments.end()}, streams,
             action == "unfork" ? &KustomizeCommand::unfork
                                : &KustomizeCommand::convert);
}

}  // namespace skerry::chart
