#include "kustomize/resource_selector.h"

#include <re2/re2.h>

#include "core/error.h"

namespace skerry::chart::kustomize {

// Most are plain names, which need no expression.
class ResourceSelector::Pattern {
 public:
  explicit Pattern(const std::string& text) : text_(text) {
    if (text.find_first_of("\\.+*?()|[]{}^$") == text.npos) return;
    expression_ = std::make_unique<RE2>("^(?:" + text + ")$", RE2::Quiet);
    if (!expression_->ok()) {
      fail(ErrorCode::invalid, "error parsing regexp: {}: `^(?:{})$`",
           expression_->error(), text);
    }
  }

  bool matches(std::string_view value) const {
    if (text_.empty()) return true;
    if (!expression_) return value == text_;
    return RE2::PartialMatch(value, *expression_);
  }

 private:
  const std::string text_;
  std::unique_ptr<RE2> expression_;
};

struct ResourceSelector::Labels {
  LabelSelector labels, annotations;
};

namespace {

LabelSelector::Labels labels_in(const Resource& resource,
                                std::string_view field) {
  const YamlNode* map = resource.node.find_path({"metadata", field});
  return [map](std::string_view key) -> std::optional<std::string> {
    const YamlNode* value = map ? map->find(key) : nullptr;
    if (!value) return std::nullopt;
    return value->text;
  };
}

}  // namespace

ResourceSelector::ResourceSelector(const Selector& selector)
    : selector_(selector),
      group_(std::make_unique<Pattern>(selector.id.gvk.group)),
      version_(std::make_unique<Pattern>(selector.id.gvk.version)),
      kind_(std::make_unique<Pattern>(selector.id.gvk.kind)),
      name_(std::make_unique<Pattern>(selector.id.name)),
      name_space_(std::make_unique<Pattern>(selector.id.name_space)) {}

ResourceSelector::~ResourceSelector() = default;

bool ResourceSelector::matches(const Resource& resource) const {
  const bool has_previous = !resource.previous.empty();
  if (!name_->matches(resource.name()) &&
      !(has_previous && name_->matches(resource.previous.front().name))) {
    return false;
  }
  if (!kind_->matches(resource.kind())) return false;
  const Gvk gvk = resource.gvk();
  if (!group_->matches(gvk.group) || !version_->matches(gvk.version)) {
    return false;
  }
  if (!selector_.id.name_space.empty() &&
      !name_space_->matches(resource.id().effective_namespace()) &&
      !name_space_->matches(resource.original_id().effective_namespace())) {
    return false;
  }
  if (!labels_) {
    labels_ = std::make_unique<Labels>(
        Labels{LabelSelector(selector_.label_selector),
               LabelSelector(selector_.annotation_selector)});
  }
  return (labels_->labels.selects_all() ||
          labels_->labels.matches(labels_in(resource, "labels"))) &&
         (labels_->annotations.selects_all() ||
          labels_->annotations.matches(labels_in(resource, "annotations")));
}

std::vector<Resource*> ResourceSelector::select(ResourceMap& resources) const {
  std::vector<Resource*> selected;
  for (auto& resource : resources.resources()) {
    if (!resource->node.is_empty() && matches(*resource))
      selected.push_back(resource.get());
  }
  return selected;
}

bool matches_labels(const Resource& resource, const std::string& selector) {
  return selector.empty() ||
         LabelSelector(selector).matches(labels_in(resource, "labels"));
}

bool matches_annotations(const Resource& resource,
                         const std::string& selector) {
  return selector.empty() ||
         LabelSelector(selector).matches(labels_in(resource, "annotations"));
}

std::string selector_text(const Selector& selector) {
  return fmt::format("{}:a={}:l={}", selector.id.text(),
                     selector.annotation_selector, selector.label_selector);
}

}  // namespace skerry::chart::kustomize
