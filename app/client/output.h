// Listings for a person, or as JSON with --output json.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/text/json.h"

namespace skerry::app {

struct Column {
  std::string title;
  std::string pointer;  // JSON pointer into a row: "/status/sync"
};

// Prints `rows` as a table with these columns, or as they are.
void print_rows(std::ostream& out, const Json& rows,
                const std::vector<Column>& columns, bool as_json);

}  // namespace skerry::app
