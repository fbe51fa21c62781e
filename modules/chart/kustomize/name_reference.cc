// Kustomize looks for each name in each field among all resources; here they
// are kept by the names they have had.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/error.h"
#include "kustomize/field_filter.h"
#include "kustomize/names.h"
#include "kustomize/node_fields.h"

namespace skerry::chart::kustomize {

namespace {

using Candidates = std::vector<Resource*>;

bool ends_alike(const std::vector<std::string>& a,
                const std::vector<std::string>& b) {
  auto& shorter = a.size() <= b.size() ? a : b;
  auto& longer = a.size() <= b.size() ? b : a;
  if (shorter.empty()) return longer.empty();
  return std::equal(shorter.rbegin(), shorter.rend(), longer.rbegin());
}

bool affixes_match(const Resource& a, const Resource& b, bool empty_matches) {
  auto match = [&](auto& one, auto& other) {
    if (empty_matches && (one.empty() || other.empty())) return true;
    return ends_alike(one, other);
  };
  return match(a.prefixes, b.prefixes) && match(a.suffixes, b.suffixes);
}

// A resource as one that is referred to.
struct Target {
  Resource* resource;
  Gvk gvk;
  std::vector<std::string> earlier_kinds;
  std::string name_space;           // effective, now
  std::string original_name_space;  // effective, as read
  bool is_cluster_scoped;

  bool was(const Gvk& wanted) const {
    Gvk earlier = gvk;
    for (auto& kind : earlier_kinds) {
      earlier.kind = kind;
      if (earlier.is_selected_by(wanted)) return true;
    }
    return false;
  }
};

class TargetIndex {
 public:
  explicit TargetIndex(const ResourceMap& resources) {
    for (auto& one : resources.resources()) {
      ResourceId now = one->id();
      std::string space(now.effective_namespace());
      ResourceId original = one->original_id();
      std::string original_space(original.effective_namespace());
      spaces_[space].insert(original_space);
      all_spaces_.insert(original_space);
      if (one->previous.empty()) continue;
      targets_.push_back({one.get(), now.gvk, {}, space, original_space,
                          now.is_cluster_scoped});
      for (auto& earlier : one->previous) {
        targets_.back().earlier_kinds.push_back(earlier.kind);
      }
    }
    for (auto& target : targets_) {
      std::set<std::string_view> names;
      for (auto& earlier : target.resource->previous) {
        if (names.insert(earlier.name).second) {
          by_name_[earlier.name].push_back(&target);
        }
      }
    }
  }
  TargetIndex(const TargetIndex&) = delete;
  TargetIndex& operator=(const TargetIndex&) = delete;

  const std::vector<const Target*>& find(const std::string& name) const {
    static const std::vector<const Target*> kNone;
    auto found = by_name_.find(name);
    return found == by_name_.end() ? kNone : found->second;
  }

  // Whether some resource now in one of `spaces` (all when empty) was read in
  // `original`.
  bool has_original(const std::set<std::string>& spaces,
                    const std::string& original) const {
    if (original == "_non_namespaceable_") return false;
    if (spaces.empty()) return all_spaces_.contains(original);
    for (auto& space : spaces) {
      auto found = spaces_.find(space);
      if (found != spaces_.end() && found->second.contains(original)) {
        return true;
      }
    }
    return false;
  }

 private:
  std::vector<Target> targets_;
  std::unordered_map<std::string, std::vector<const Target*>> by_name_;
  std::map<std::string, std::set<std::string>> spaces_;  // now -> as read
  std::set<std::string> all_spaces_;
};

// One resource whose fields may hold names.
class Referrer {
 public:
  Referrer(Resource& resource, const TargetIndex& index)
      : resource_(resource), id_(resource.id()), index_(index) {
    if (!id_.is_cluster_scoped) {
      reach_.insert(std::string(id_.effective_namespace()));
      add_subjects();
    }
  }

  // Changes the fields that `filter` finds to the new names of `kind`.
  void update(const FieldFilter& filter, const std::string& path,
              const Gvk& kind) {
    kind_ = &kind;
    path_ = &path;
    try {
      filter.apply(resource_.node, [this](YamlNode& root, YamlNode& field) {
        set(root, field, false);
      });
    } catch (const Error& error) {
      throw error.in(
          fmt::format("updating name reference in '{}' field of '{}'", path,
                      resource_.id().text()));
    }
  }

 private:
  // Namespaces of a RoleBinding's service accounts.
  void add_subjects() {
    const YamlNode* subjects = resource_.node.find("subjects");
    if (resource_.kind() != "RoleBinding" || !subjects) return;
    for (auto& subject : subjects->children) {
      const YamlNode* space = subject.find("namespace");
      if (subject.text_of("kind") != "ServiceAccount" || !space) continue;
      if (!space->is_string()) {
        fail(ErrorCode::invalid,
             "Invalid Input: namespace is blank for resource \"{}\"\n",
             id_.text());
      }
      subject_spaces_.insert(space->text);
    }
  }

  bool reaches(const Target& target) const {
    if (id_.is_cluster_scoped || target.is_cluster_scoped) return true;
    if (target.name_space == id_.effective_namespace()) return true;
    return subject_spaces_.contains(target.resource->name_space());
  }

  bool shares_name_space(const Target& target) const {
    return id_.is_cluster_scoped || target.is_cluster_scoped ||
           target.resource->kind() == "ServiceAccount" ||
           target.name_space == id_.effective_namespace();
  }

  bool fits_role(const Target& target) const {
    if (!path_->ends_with("roleRef/name")) return true;
    const YamlNode* role = resource_.node.find("roleRef");
    const YamlNode* group = role ? role->find("apiGroup") : nullptr;
    const YamlNode* kind = role ? role->find("kind") : nullptr;
    if (!group || !kind) return true;
    return target.was(Gvk{group->text, "", kind->text});
  }

  template <typename Accept>
  Candidates candidates(const std::string& name, Accept accept) const {
    Candidates found;
    for (auto* target : index_.find(name)) {
      if (reaches(*target) && accept(*target) && target->was(*kind_) &&
          fits_role(*target) && shares_name_space(*target)) {
        found.push_back(target->resource);
      }
    }
    return found;
  }

  // The one resource of `found` that is meant, if any.
  Resource* select(Candidates found, bool compares_name_space) const {
    if (found.size() == 1) return found[0];
    auto sieve = [&](bool empty_matches) {
      std::erase_if(found, [&](Resource* one) {
        return !affixes_match(*one, resource_, empty_matches);
      });
    };
    sieve(true);
    if (found.size() > 1) sieve(false);
    if (found.empty()) return nullptr;
    bool same = std::all_of(found.begin(), found.end(), [&](Resource* one) {
      return one->name() == found[0]->name() &&
             (!compares_name_space ||
              one->name_space() == found[0]->name_space());
    });
    if (same) return found[0];
    fail_with_details(found);
  }

  [[noreturn]] void fail_with_details(const Candidates& found) const {
    std::string ids, details;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (i > 0) ids += ", ";
      ids += found[i]->id().text();
      details += fmt::format("--- possible referral {}:\n{}\n", i,
                             found[i]->to_yaml());
    }
    fail(ErrorCode::invalid,
         "found multiple possible referrals: {}\n\n**** Too many possible "
         "referral targets to referrer:\n{}\n{}",
         ids, resource_.to_yaml(), details);
  }

  void set(YamlNode& root, YamlNode& field, bool in_list) {
    if (field.is_null()) return;
    if (field.is_scalar()) return set_text(root, field);
    if (field.is_mapping()) return set_mapping(root, field);
    if (in_list) {
      fail(ErrorCode::invalid,
           "{} is expected to be either a string or a map of string",
           describe_node(field));
    }
    for (auto& item : field.children) set(root, item, true);
  }

  void set_text(YamlNode& root, YamlNode& field) {
    Resource* meant = select(
        candidates(field.text, [](auto&) { return true; }), false);
    if (!meant) return;
    meant->referred_by.push_back(id_.text());
    if (meant->name() == field.text) return;
    set_scalar(root, field, make_yaml_scalar(meant->name()));
  }

  void set_mapping(YamlNode& root, YamlNode& mapping) {
    YamlNode* name = mapping.find("name");
    if (!name) {
      fail(ErrorCode::invalid, "path config error; no 'name' field in node");
    }
    Resource* meant = select(in_name_space_of(mapping, name->text), true);
    if (!meant) return;
    meant->referred_by.push_back(id_.text());
    if (meant->name() == name->text && meant->name_space().empty()) return;
    set_entry(root, mapping, "name", make_yaml_scalar(meant->name()), 0);
    if (meant->name_space().empty()) return;
    set_entry(root, mapping, "namespace",
              make_yaml_scalar(meant->name_space()), 0);
  }

  Candidates in_name_space_of(const YamlNode& mapping,
                              const std::string& name) const {
    const YamlNode* space = mapping.find("namespace");
    if (!space) return candidates(name, [](auto&) { return true; });
    std::set<std::string> spaces = reach_;
    spaces.insert(subject_spaces_.begin(), subject_spaces_.end());
    if (id_.is_cluster_scoped) spaces.clear();
    bool by_original = index_.has_original(spaces, space->text);
    return candidates(name, [&](const Target& target) {
      if (by_original) return target.original_name_space == space->text;
      return target.name_space == space->text && !target.is_cluster_scoped;
    });
  }

  Resource& resource_;
  const ResourceId id_;
  const TargetIndex& index_;
  std::set<std::string> reach_, subject_spaces_;
  const Gvk* kind_ = nullptr;
  const std::string* path_ = nullptr;
};

// The fields of one kind, with the names they hold.
struct Field {
  const FieldSpec* spec;
  const Gvk* target;
  FieldFilter filter;
};

}  // namespace

void fix_name_references(ResourceMap& resources,
                         const std::vector<NameReference>& references) {
  TargetIndex index(resources);
  std::map<Gvk, std::vector<Field>> fields_of;
  for (auto& one : resources.resources()) {
    Gvk original = one->original_id().gvk;
    auto [fields, is_new] = fields_of.try_emplace(original);
    if (is_new) {
      for (auto& reference : references) {
        for (auto& spec : reference.referrers) {
          if (!original.is_selected_by(spec.gvk)) continue;
          FieldSpec any{{}, spec.path, spec.create};
          fields->second.push_back(
              {&spec, &reference.target, FieldFilter({any}, std::nullopt)});
        }
      }
    }
    if (fields->second.empty()) continue;
    Referrer referrer(*one, index);
    for (auto& field : fields->second) {
      referrer.update(field.filter, field.spec->path, *field.target);
    }
  }
  resources.ids_changed();
}

}  // namespace skerry::chart::kustomize
