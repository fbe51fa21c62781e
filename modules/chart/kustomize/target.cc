#include "kustomize/target.h"

#include "core/error.h"
#include "gotemplate/print.h"
#include "kustomize/resource_read.h"

namespace skerry::chart::kustomize {

namespace {

constexpr int kMaxDepth = 100;  // of kustomizations in each other

// The text and name of the folder's kustomization file.
std::pair<std::string, std::string> read_file(const Loader& loader) {
  std::vector<std::pair<std::string, std::string>> found;
  for (auto name : {"kustomization.yaml", "kustomization.yml",
                    "Kustomization"}) {
    try {
      found.emplace_back(loader.load(name), name);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::too_large) throw;
    }
  }
  if (found.empty()) {
    fail(ErrorCode::not_found,
         "unable to find one of 'kustomization.yaml', 'kustomization.yml' or "
         "'Kustomization' in directory '{}'",
         loader.root());
  }
  if (found.size() > 1) {
    fail(ErrorCode::invalid, "Found multiple kustomization files under: {}\n",
         loader.root());
  }
  return found[0];
}

}  // namespace

Target::Target(const Loader& loader, Session& session)
    : loader_(loader), session_(session) {
  auto [text, name] = read_file(loader);
  file_name_ = name;
  kustomization_ =
      parse_kustomization(text, loader.root(), session.warnings);
}

void Target::use_schema(bool replaces) {
  auto find = [&](const char* key) -> std::optional<std::string> {
    auto found = kustomization_.openapi.find(key);
    if (found == kustomization_.openapi.end()) return {};
    return found->second;
  };
  std::optional<std::string> document = find("path");
  if (document) document = loader_.load(*document);
  session_.schema.use(find("version"), document, replaces);
}

TransformerContext Target::context() const {
  return {[this](const std::string& path) { return loader_.load(path); },
          session_.schema};
}

void Target::accumulate(Accumulator& into) {
  try {
    accumulate_resources(into, kustomization_.resources);
  } catch (const Error& error) {
    throw error.in("accumulating resources");
  }
  into.config = merge_configs(into.config, read_configs());
  for (auto& path : kustomization_.crds) {
    try {
      auto config = parse_crds(loader_.load(path), path);
      into.config = merge_configs(
          into.config, std::make_shared<TransformerConfig>(std::move(config)));
    } catch (const Error& error) {
      std::string list;
      for (auto& one : kustomization_.crds) {
        list += (list.empty() ? "" : " ") + one;
      }
      throw error.in(fmt::format("loading CRDs [{}]", list));
    }
  }
  run_generators(into);
  try {
    accumulate_components(into);
  } catch (const Error& error) {
    throw error.in("accumulating components");
  }
  run_transformers(into);
  run_validators(into);
  try {
    into.variables.add(kustomization_.vars, into.resources);
  } catch (const Error& error) {
    std::string list;
    for (auto& one : kustomization_.vars) {
      list += (list.empty() ? "" : " ") + describe_variable(one);
    }
    throw error.in(fmt::format("merging vars [{}]", list));
  }
}

SharedConfig Target::read_configs() const {
  SharedConfig config = default_config();
  if (kustomization_.configurations.empty()) return config;
  SharedConfig extra;
  for (auto& path : kustomization_.configurations) {
    auto one =
        std::make_shared<TransformerConfig>(parse_config(loader_.load(path)));
    extra = merge_configs(extra, one);
  }
  return merge_configs(config, extra);
}

void Target::accumulate_resources(Accumulator& into,
                                  const std::vector<std::string>& paths) {
  for (auto& path : paths) {
    std::optional<Error> as_file;
    try {
      accumulate_file(into, path);
    } catch (const Error& error) {
      as_file = error;
    }
    if (!as_file) continue;
    std::unique_ptr<Loader> loader;
    auto context_text = [&] {
      return fmt::format("accumulation err='{}'", as_file->message());
    };
    try {
      loader = loader_.descend(path);
    } catch (const Error& error) {
      bool is_file = is_malformed_yaml(as_file->message()) ||
                     as_file->code() == ErrorCode::too_large;
      if (is_file) throw *as_file;
      throw error.in(context_text());
    }
    try {
      accumulate_folder(into, *loader, path, false);
    } catch (const Error& error) {
      throw error.in(context_text());
    }
  }
}

void Target::accumulate_file(Accumulator& into, const std::string& path) {
  ResourceMap resources;
  try {
    std::string text = loader_.load(path);
    try {
      resources = make_map(read_resources(text));
    } catch (const Error& error) {
      throw Error(error.code(), with_file_name(error.message(), path));
    }
  } catch (const Error& error) {
    throw error.in(fmt::format("accumulating resources from '{}'", path));
  }
  if (origin_) {
    std::string text = origin_->at(path).text();
    for (auto& one : resources.resources()) {
      auto annotations = one->annotations();
      std::erase_if(annotations, [](auto& a) {
        return a.first == kOriginAnnotation;
      });
      annotations.emplace_back(kOriginAnnotation, text);
      one->set_annotations(std::move(annotations));
    }
  }
  try {
    into.resources.append_all(std::move(resources));
  } catch (const Error& error) {
    throw error.in(fmt::format("merging resources from '{}'", path));
  }
}

void Target::accumulate_components(Accumulator& into) {
  for (auto& path : kustomization_.components) {
    std::unique_ptr<Loader> loader;
    try {
      loader = loader_.descend(path);
    } catch (const Error& error) {
      fail(error.code(), "loader.New {}", quote(error.message()));
    }
    try {
      accumulate_folder(into, *loader, path, true);
    } catch (const Error& error) {
      fail(error.code(), "accumulateDirectory: {}", quote(error.message()));
    }
  }
}

void Target::accumulate_folder(Accumulator& into, const Loader& loader,
                               const std::string& path, bool is_component) {
  if (session_.depth >= kMaxDepth) {
    fail(ErrorCode::too_large, "more than {} kustomizations in each other",
         kMaxDepth);
  }
  std::optional<Target> inner;
  try {
    inner.emplace(loader, session_);
  } catch (const Error& error) {
    throw error.in(
        fmt::format("couldn't make target for path '{}'", loader.root()));
  }
  inner->kustomization_.build_metadata = kustomization_.build_metadata;
  if (origin_) inner->origin_ = origin_->at(path);
  inner->use_schema(false);
  const std::string& kind = inner->kustomization_.kind;
  if (is_component && kind != "Component") {
    fail(ErrorCode::invalid, "expected kind 'Component' for path '{}' but got "
         "'{}'", loader.root(), kind);
  }
  if (!is_component && kind == "Component") {
    fail(ErrorCode::invalid, "expected kind != 'Component' for path '{}'",
         loader.root());
  }
  ++session_.depth;
  Accumulator made;
  if (is_component) made = std::move(into);
  try {
    inner->accumulate(made);
  } catch (const Error& error) {
    throw error.in(
        fmt::format("recursed accumulation of path '{}'", loader.root()));
  }
  --session_.depth;
  if (is_component) into = Accumulator();
  try {
    into.merge(std::move(made));
  } catch (const Error& error) {
    throw error.in(
        fmt::format("recursed merging from path '{}'", loader.root()));
  }
}

ResourceMap Target::plugin_configs(const std::vector<std::string>& entries,
                                   bool are_generators) {
  Accumulator configs;
  std::vector<std::string> paths;
  for (auto& entry : entries) {
    ResourceMap inlined;
    try {
      inlined = make_map(read_resources(entry));
    } catch (const Error&) {
      paths.push_back(entry);  // the name of a file
      continue;
    }
    if (origin_) {
      std::string text = origin_->at(file_name_).text();
      for (auto& one : inlined.resources()) {
        auto annotations = one->annotations();
        annotations.emplace_back(kOriginAnnotation, text);
        one->set_annotations(std::move(annotations));
      }
    }
    try {
      configs.resources.append_all(std::move(inlined));
    } catch (const Error& error) {
      throw error.in(are_generators ? "configuring external generator"
                                    : "configuring external transformer");
    }
  }
  accumulate_resources(configs, paths);
  return std::move(configs.resources);
}

}  // namespace skerry::chart::kustomize
