#include "helm/log.h"

#include <algorithm>

#include "gotemplate/print.h"

namespace skerry::chart {

std::string log_value(std::string_view text) {
  bool is_plain =
      !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return c <= ' ' || c == '"' || c == '=' || c == 0x7F;
      });
  return is_plain ? std::string(text) : quote(text);
}

}  // namespace skerry::chart
