// One stage of a build: its instructions, one after the other, into a
// configuration, an index of files and layers in the work folder.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "image/build.h"
#include "image/dockerfile.h"
#include "image/file_index.h"
#include "image/image_config.h"
#include "image/layer.h"

namespace skerry::ci {

// A layer below a stage's own: of a base image, or of the stage it is from.
struct InheritedLayer {
  Json descriptor;         // of a base image's layer
  std::string repository;  // where its blob is
};

// What a stage has become, for the stages after it.
struct BuiltStage {
  ImageConfig config;
  FileIndex files;
  std::vector<InheritedLayer> base_layers;
  std::vector<LayerFile> own_layers;  // over the base's
  std::string base_name;              // FROM's image, for annotations
  std::optional<Digest> base_digest;
};

using Variables = std::map<std::string, std::string, std::less<>>;

// What the stages of one build share. Used by one thread.
struct BuildState {
  const BuildRequest& request;
  const Dockerfile& dockerfile;
  Variables platform;                            // TARGETARCH and the like
  Variables global_args;                         // ARG before FROM
  std::set<std::string, std::less<>> used_args;  // of request.build_args
  std::filesystem::path folder;                  // for layers and spools
  int layers_written = 0;
  // The files that COPY --from names: a stage before this one, or an image.
  std::function<const SourceFiles&(std::string_view name)> source;
  const SourceFiles* context = nullptr;

  void log(std::string_view line) const {
    if (request.log) request.log(line);
  }
};

class StageBuilder {
 public:
  StageBuilder(BuildState& state, BuiltStage start)
      : state_(state), built_(std::move(start)) {}

  BuiltStage run(const DockerfileStage& stage);

 private:
  void apply(const Instruction& instruction);
  void argument(const Instruction& instruction);
  void environment(const Instruction& instruction);
  void label(const Instruction& instruction);
  void copy(const Instruction& instruction);
  void working_folder(const Instruction& instruction);
  void user(const Instruction& instruction);
  void expose(const Instruction& instruction);
  void volume(const Instruction& instruction);
  void stop_signal(const Instruction& instruction);
  void maintainer(const Instruction& instruction);
  void entry_point(const Instruction& instruction);
  void command(const Instruction& instruction);
  void shell(const Instruction& instruction);
  void health_check(const Instruction& instruction);

  std::optional<std::string> variable(std::string_view name) const;
  std::string expanded(std::string_view word) const;
  std::vector<std::string> command_words(const Instruction& instruction) const;
  std::string absolute(std::string_view path) const;
  void finish_layer(const LayerBuilder& layer, const Instruction& instruction);

  BuildState& state_;
  BuiltStage built_;
  Variables args_;
  bool command_is_own_ = false;  // CMD was given in this stage
};

}  // namespace skerry::ci
