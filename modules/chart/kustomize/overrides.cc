#include "kustomize/overrides.h"

#include <algorithm>

#include "chart/kustomize.h"
#include "core/error.h"
#include "kustomize/build.h"

namespace skerry::chart {

namespace kustomize {

namespace {

// What the members that overrides may have are read into.
struct Overrides {
  std::string name_prefix, name_suffix, name_space;
  std::vector<std::string> images, components;
  std::vector<Replica> replicas;
  StringMap labels, annotations;
  bool forces_labels = false, forces_annotations = false;
  bool without_selector = false;
};

Overrides read(const Json& json) {
  Overrides out;
  GoDecoder decoder(false);
  {
    GoObject in(decoder, json, "kustomize");
    in.text("namePrefix", out.name_prefix);
    in.text("nameSuffix", out.name_suffix);
    in.text("namespace", out.name_space);
    in.texts("images", out.images);
    in.texts("components", out.components);
    in.list("replicas", "Replica", out.replicas, read_replica);
    in.text_map("commonLabels", out.labels);
    in.flag("forceCommonLabels", out.forces_labels);
    in.flag("labelWithoutSelector", out.without_selector);
    in.text_map("commonAnnotations", out.annotations);
    in.flag("forceCommonAnnotations", out.forces_annotations);
  }
  if (decoder.fault()) {
    fail(ErrorCode::invalid, "kustomize options: {}", *decoder.fault());
  }
  return out;
}

void merge(StringMap& into, const StringMap& from, bool forces,
           std::string_view what) {
  for (auto& [key, value] : from) {
    if (!into.emplace(key, value).second && !forces) {
      fail(ErrorCode::conflict,
           "the kustomization has the {} {} already; force{} would replace it",
           what, key, what == "label" ? "CommonLabels" : "CommonAnnotations");
    }
    into[key] = value;
  }
}

template <typename List, typename Item>
void put_by_name(List& list, Item item) {
  auto same = std::find_if(list.begin(), list.end(), [&](auto& one) {
    return one.name == item.name;
  });
  if (same == list.end()) {
    list.push_back(std::move(item));
  } else {
    *same = std::move(item);
  }
}

}  // namespace

Image parse_image_override(const std::string& text) {
  Image image;
  std::string rest = text;
  if (std::size_t equals = text.find('='); equals != text.npos) {
    image.name = text.substr(0, equals);
    rest = text.substr(equals + 1);
  }
  if (std::size_t at = rest.find('@'); at != rest.npos) {
    image.digest = rest.substr(at + 1);
    rest.resize(at);
  }
  std::size_t colon = rest.rfind(':');
  std::size_t slash = rest.rfind('/');
  bool has_tag = colon != rest.npos && (slash == rest.npos || colon > slash);
  if (has_tag) {
    image.new_tag = rest.substr(colon + 1);
    rest.resize(colon);
  }
  if (image.name.empty()) {
    image.name = rest;
  } else {
    image.new_name = rest;
  }
  bool says_something = !image.new_name.empty() || !image.new_tag.empty() ||
                        !image.digest.empty();
  if (image.name.empty() || !says_something) {
    fail(ErrorCode::invalid,
         "the image {} is not of the form name=new:tag, name:tag or "
         "name@digest",
         text);
  }
  return image;
}

void apply_overrides(const Json& json, Kustomization& kustomization) {
  Overrides given = read(json);
  auto set = [](std::string& field, const std::string& value) {
    if (!value.empty()) field = value;
  };
  set(kustomization.name_prefix, given.name_prefix);
  set(kustomization.name_suffix, given.name_suffix);
  set(kustomization.name_space, given.name_space);
  for (auto& text : given.images) {
    put_by_name(kustomization.images, parse_image_override(text));
  }
  for (auto& replica : given.replicas) {
    put_by_name(kustomization.replicas, replica);
  }
  for (auto& component : given.components) {
    kustomization.components.push_back(component);
  }
  if (given.without_selector && !given.labels.empty()) {
    Label label;
    label.pairs = given.labels;
    kustomization.labels.push_back(std::move(label));
  } else {
    merge(kustomization.common_labels, given.labels, given.forces_labels,
          "label");
  }
  merge(kustomization.common_annotations, given.annotations,
        given.forces_annotations, "annotation");
}

}  // namespace kustomize

std::vector<Json> build_kustomization(const Tree& tree, std::string_view path,
                                      const Json& overrides) {
  kustomize::BuildOptions options;
  options.edit = [&](kustomize::Kustomization& kustomization) {
    if (overrides.is_object() && !overrides.empty()) {
      kustomize::apply_overrides(overrides, kustomization);
    }
  };
  kustomize::NoRemoteSource remote;
  std::vector<std::string> warnings;
  auto built = kustomize::build(tree, path, options, remote, warnings);
  std::vector<Json> manifests;
  for (auto& one : built.resources.resources()) {
    manifests.push_back(yaml_node_to_json(one->node));
  }
  return manifests;
}

}  // namespace skerry::chart
