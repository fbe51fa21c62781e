// Checks a value against a compiled schema, with the messages of
// santhosh-tekuri/jsonschema, which Helm uses. Thread-safe.
#pragma once

#include "helm/schema/complaint.h"
#include "helm/schema/model.h"

namespace skerry::chart::schema {

// Nothing when the value fits. Throws too_large for schemas that take too many
// steps.
std::vector<Complaint> validate(const Schema& schema, const Value& value);

}  // namespace skerry::chart::schema
