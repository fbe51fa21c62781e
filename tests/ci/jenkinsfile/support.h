// What the tests of the pipeline language share.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "jenkinsfile/load.h"
#include "plan.h"

namespace skerry::ci {

// A run that knows what a test gives it.
class FakeScope : public Scope {
 public:
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, Value, std::less<>> parameters;
  std::string output = " out \n";  // of every nested step

  std::optional<std::string> environment(std::string_view name) const override {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  }
  std::optional<Value> parameter(std::string_view name) const override {
    const auto found = parameters.find(name);
    if (found == parameters.end()) return std::nullopt;
    return found->second;
  }
  std::optional<Value> build(std::string_view property) const override {
    if (property == "number") return Value(2);
    return std::nullopt;
  }
  Value call(const Step& step) override {
    calls += step.name + " ";
    if (step.name == "fileExists") return true;
    return output;
  }

  std::string calls;
};

inline LoadResult load(const std::string& text) {
  return load_pipeline({.repository = text});
}

// A pipeline of one stage with these steps.
inline std::string with_steps(const std::string& steps) {
  return "pipeline { agent any; stages { stage('S') { steps {\n" + steps +
         "\n} } } }";
}

// The first step of such a pipeline.
inline Step only_step(const std::string& steps) {
  const LoadResult loaded = load(with_steps(steps));
  if (!loaded.ok()) {
    ADD_FAILURE() << steps << "\n" << loaded.message();
    return {};
  }
  return loaded.pipeline.stages.at(0).steps.at(0);
}

}  // namespace skerry::ci
