#include "client/output.h"

#include <algorithm>
#include <ostream>

#include "core/os/clock.h"

namespace skerry::app {
namespace {

constexpr std::int64_t kFirstTime = 1'000'000'000'000;  // ms: 2001

std::string cell(const Json& row, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  if (!row.contains(at) || row.at(at).is_null()) return "-";
  const Json& value = row.at(at);
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    return text.substr(0, text.find('\n'));
  }
  if (value.is_number_integer() && value.get<std::int64_t>() > kFirstTime) {
    return to_rfc3339(value.get<std::int64_t>());
  }
  return value.dump();
}

}  // namespace

void print_rows(std::ostream& out, const Json& rows,
                const std::vector<Column>& columns, bool as_json) {
  if (as_json) {
    out << rows.dump(2) << '\n';
    return;
  }
  std::vector<std::vector<std::string>> table(1);
  for (const Column& column : columns) table[0].push_back(column.title);
  for (const Json& row : rows) {
    table.emplace_back();
    for (const Column& column : columns) {
      table.back().push_back(cell(row, column.pointer));
    }
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], line[i].size());
    }
  }
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out << line[i];
      if (i + 1 < line.size()) {
        out << std::string(widths[i] - line[i].size() + 2, ' ');
      }
    }
    out << '\n';
  }
}

}  // namespace skerry::app
