#include <re2/re2.h>

#include "core/error.h"
#include "kustomize/field_filter.h"
#include "kustomize/image_reference.h"
#include "kustomize/node_fields.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {

ImageReference split_image(std::string_view text) {
  // A colon before the first slash belongs to the host.
  std::size_t start = text.find('/');
  if (start == text.npos) start = 0;
  const std::size_t at = text.find('@', start);
  const std::size_t colon = text.find(':', start);
  ImageReference image;
  if (colon == text.npos && at == text.npos) {
    image.name = text;
  } else if (at != text.npos && (colon == text.npos || at < colon)) {
    image.name = text.substr(0, at);
    image.digest = text.substr(at + 1);
  } else if (at != text.npos) {
    image.name = text.substr(0, colon);
    image.tag = text.substr(colon + 1, at - colon - 1);
    image.digest = text.substr(at + 1);
  } else {
    image.name = text.substr(0, colon);
    image.tag = text.substr(colon + 1);
  }
  return image;
}

std::string join_image(const ImageReference& image) {
  std::string text = image.name;
  if (!image.tag.empty()) text += ":" + image.tag;
  if (!image.digest.empty()) text += "@" + image.digest;
  return text;
}

namespace {

class ImageTransformer : public Transformer {
 public:
  ImageTransformer(Image image, FieldSpecs fields)
      : image_(std::move(image)),
        pattern_("^" + image_.name +
                     "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$",
                 RE2::Quiet),
        filter_(std::move(fields), std::nullopt) {
    if (!pattern_.ok()) {
      fail(ErrorCode::invalid,
           "the image name '{}' is no regular expression: {}", image_.name,
           pattern_.error());
    }
  }

  void transform(ResourceMap& resources) override;

 private:
  void change(YamlNode& root, YamlNode& field) const;
  void change_containers(YamlNode& root, YamlNode& node) const;

  const Image image_;
  const RE2 pattern_;
  const FieldFilter filter_;
};

void ImageTransformer::change(YamlNode& root, YamlNode& field) const {
  expect_kind(field, YamlNode::Kind::scalar);
  if (!RE2::PartialMatch(field.text, pattern_)) return;
  ImageReference image = split_image(field.text);
  if (!image_.new_name.empty()) image.name = image_.new_name;
  // A new tag or digest puts away both old ones.
  if (!image_.new_tag.empty() || !image_.digest.empty()) {
    image.tag = image_.new_tag;
    image.digest = image_.digest;
  } else if (!image_.tag_suffix.empty()) {
    image.tag += image_.tag_suffix;
    image.digest.clear();
  }
  set_scalar(root, field, make_yaml_scalar(join_image(image)));
}

// The images of lists called containers or initContainers, wherever they are.
void ImageTransformer::change_containers(YamlNode& root, YamlNode& node) const {
  if (node.is_sequence()) {
    for (YamlNode& item : node.children) change_containers(root, item);
    return;
  }
  if (!node.is_mapping()) return;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const std::string& key = node.children[i].text;
    YamlNode& value = node.children[i + 1];
    change_containers(root, value);
    const bool holds_images = key == "containers" || key == "initContainers";
    if (!holds_images || !value.is_sequence()) continue;
    for (YamlNode& item : value.children) {
      if (item.is_null()) continue;
      expect_kind(item, YamlNode::Kind::mapping);
      if (YamlNode* image = item.find("image")) change(root, *image);
    }
  }
}

void ImageTransformer::transform(ResourceMap& resources) {
  const auto is_changed = [](const Resource& resource) {
    return resource.kind() != "CustomResourceDefinition";
  };
  for (auto& resource : resources.resources()) {
    if (is_changed(*resource)) {
      change_containers(resource->node, resource->node);
    }
  }
  for (auto& resource : resources.resources()) {
    if (!is_changed(*resource)) continue;
    filter_.apply(resource->node, [&](YamlNode& root, YamlNode& field) {
      change(root, field);
    });
  }
}

}  // namespace

TransformerPointer make_image_transformer(Image image, FieldSpecs fields) {
  return std::make_unique<ImageTransformer>(std::move(image),
                                            std::move(fields));
}

}  // namespace skerry::chart::kustomize
