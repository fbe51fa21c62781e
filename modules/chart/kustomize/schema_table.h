// What schema_table.cc holds, as lines of text that end with a null pointer.
#pragma once

namespace skerry::chart::kustomize {

// Definitions and the kinds that use them; see make_schema_table.py.
extern const char* const kSchemaLines[];
// "+apps/v1 Deployment ..." for kinds that live in namespaces, "-v1 Node ..."
// for those that do not.
extern const char* const kScopeLines[];

}  // namespace skerry::chart::kustomize
