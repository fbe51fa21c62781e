// Tables of the command line, column by column as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

namespace skerry::chart {

// Cells are padded, parted by tabs, and cut with "..." at `most` columns
// (0: never). Rows end in a newline each.
std::string format_table(const std::vector<std::vector<std::string>>& rows,
                         std::size_t most);

}  // namespace skerry::chart
