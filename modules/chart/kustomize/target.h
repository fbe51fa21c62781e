// One kustomization of a build: what it gathers, and the steps that go over
// it, in Kustomize's order. Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kustomize/build.h"
#include "kustomize/config.h"
#include "kustomize/kustomization.h"
#include "kustomize/loader.h"
#include "kustomize/origin.h"
#include "kustomize/resource.h"
#include "kustomize/transformer.h"
#include "kustomize/variables.h"

namespace skerry::chart::kustomize {

// What kustomizations gather on the way up.
struct Accumulator {
  ResourceMap resources;
  SharedConfig config;
  Variables variables;

  // Adds what a generator made; it may replace or extend what is there.
  void absorb(ResourceMap&& made);
  void merge(Accumulator&& other);
};

// Throws invalid when two have one id.
ResourceMap make_map(std::vector<Resource> resources);

// What all kustomizations of a build share.
struct Session {
  const BuildOptions& options;
  std::vector<std::string>& warnings;
  Schema schema{};
  int depth = 0;  // of kustomizations in each other
};

class Target {
 public:
  // Reads the kustomization file in the loader's folder. `loader` and
  // `session` outlive the target.
  Target(const Loader& loader, Session& session);

  const Kustomization& kustomization() const { return kustomization_; }
  void edit(const std::function<void(Kustomization&)>& change) {
    change(kustomization_);
  }
  // Uses the schema that the kustomization names.
  void use_schema(bool replaces);
  void track_origins(std::optional<Origin> origin) {
    origin_ = std::move(origin);
  }
  void accumulate(Accumulator& into);

 private:
  struct Step;  // changes resources
  struct Made;  // makes resources

  void accumulate_resources(Accumulator& into,
                            const std::vector<std::string>& paths);
  void accumulate_file(Accumulator& into, const std::string& path);
  void accumulate_folder(Accumulator& into, const Loader& loader,
                         const std::string& path, bool is_component);
  void accumulate_components(Accumulator& into);
  void run_generators(Accumulator& into);
  void add_data_generators(std::vector<Made>& generators, bool is_secret);
  void add_chart_generators(std::vector<Made>& generators);
  void add_plugin_generators(std::vector<Made>& generators);
  void run_transformers(Accumulator& into);
  void run_validators(Accumulator& into);
  SharedConfig read_configs() const;
  void add_built_in(std::vector<Step>& steps, const TransformerConfig& config);
  void add_labels(std::vector<Step>& steps, const TransformerConfig& config);
  void add_patches(std::vector<Step>& steps, bool json6902);
  void add_plugins(std::vector<Step>& steps,
                   const std::vector<std::string>& entries);
  // The resources that configure plugins: inline or in files.
  ResourceMap plugin_configs(const std::vector<std::string>& entries,
                             bool are_generators);
  std::optional<Origin> built_in_origin(std::string_view kind) const;
  TransformerContext context() const;

  const Loader& loader_;
  Session& session_;
  std::string file_name_;
  Kustomization kustomization_;
  std::optional<Origin> origin_;
};

}  // namespace skerry::chart::kustomize
