#include "cli/table.h"

#include <algorithm>

#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

std::vector<std::string> characters_of(const std::string& text) {
  std::vector<std::string> characters;
  for (std::size_t i = 0; i < text.size();) {
    std::string one;
    unicode::append(one, unicode::next(text, i));
    characters.push_back(std::move(one));
  }
  return characters;
}

std::string fitted(const std::string& text, std::size_t width) {
  auto characters = characters_of(text);
  if (characters.size() <= width) {
    return text + std::string(width - characters.size(), ' ');
  }
  // At least one character stays, however narrow the column.
  std::string out;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    out += characters[i];
    if (i + 1 + 3 >= width) break;
  }
  return out + "...";
}

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows,
                         std::size_t most) {
  std::vector<std::size_t> widths;
  for (auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::size_t width = characters_of(row[i]).size();
      if (most > 0) width = std::min(width, most);
      widths[i] = std::max(widths[i], width);
    }
  }
  std::string out;
  for (auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i == 0 ? "" : "\t") + fitted(row[i], widths[i]);
    }
    out += '\n';
  }
  return out;
}

}  // namespace skerry::chart
