// What /metrics says of the registry.
#pragma once

#include "parts.h"

namespace skerry::registry {

// `parts` must outlive the scrapes.
void show_metrics(Parts& parts);

}  // namespace skerry::registry
