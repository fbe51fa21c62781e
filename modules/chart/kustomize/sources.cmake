# Read by add_module(): what this room adds to the chart module.
set(room_sources
  cli/kustomize.cc cli/to_kustomize.cc kustomize/accumulator.cc
  kustomize/build.cc kustomize/diff.cc kustomize/overlay.cc
  kustomize/content_hash.cc kustomize/field_filter.cc kustomize/generator.cc
  kustomize/helm_generator.cc kustomize/images.cc kustomize/json_patch.cc
  kustomize/label_selector.cc kustomize/merge_graph.cc
  kustomize/name_reference.cc kustomize/names.cc kustomize/namespaces.cc
  kustomize/node_fields.cc kustomize/node_path.cc kustomize/origin.cc
  kustomize/output.cc kustomize/overrides.cc kustomize/patches.cc
  kustomize/plugins.cc
  kustomize/replacements.cc kustomize/resource_selector.cc kustomize/schema.cc
  kustomize/schema_table.cc kustomize/simple_transformers.cc
  kustomize/sort_order.cc kustomize/strategic_merge.cc kustomize/target.cc
  kustomize/target_generate.cc kustomize/target_transform.cc
  kustomize/variables.cc)
