#include "image/instruction_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/error.h"
#include "core/text/number.h"

namespace skerry::ci {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};
constexpr std::array<Unit, 6> kUnits = {{{"ns", 1},
                                         {"us", 1e3},
                                         {"ms", 1e6},
                                         {"s", 1e9},
                                         {"m", 60e9},
                                         {"h", 3600e9}}};

void add_duration(Json& out, const char* key, const Instruction& instruction,
                  std::string_view flag) {
  const auto found = instruction.flags.find(flag);
  if (found == instruction.flags.end()) return;
  const std::int64_t duration = parse_duration(found->second);
  if (duration != 0 && duration < 1'000'000) {
    fail(ErrorCode::invalid, "--{} must be 0 or at least 1ms", flag);
  }
  if (duration != 0) out[key] = duration;
}

}  // namespace

std::vector<std::string> parse_ports(std::string_view text) {
  const std::size_t slash = text.find('/');
  std::string protocol = slash == std::string_view::npos
                             ? "tcp"
                             : std::string(text.substr(slash + 1));
  for (char& c : protocol) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string_view range = text.substr(0, slash);
  const std::size_t dash = range.find('-');
  const auto first = parse_number<int>(range.substr(0, dash));
  const auto last = dash == std::string_view::npos
                        ? first
                        : parse_number<int>(range.substr(dash + 1));
  const bool good =
      first && last && *first >= 1 && *last <= 65535 && *first <= *last &&
      (protocol == "tcp" || protocol == "udp" || protocol == "sctp");
  if (!good) {
    fail(ErrorCode::invalid, "'{}' is not a port: PORT[-PORT][/tcp|udp|sctp]",
         text);
  }
  std::vector<std::string> out;
  for (int port = *first; port <= *last; ++port) {
    out.push_back(fmt::format("{}/{}", port, protocol));
  }
  return out;
}

std::string parse_signal(std::string_view text) {
  const auto number = parse_number<int>(text);
  const bool is_name =
      !text.empty() &&
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-") ==
          std::string_view::npos &&
      text.front() >= 'A';
  if ((number && *number >= 1 && *number <= 64) || (!number && is_name)) {
    return std::string(text);
  }
  fail(ErrorCode::invalid, "'{}' is not a signal", text);
}

std::int64_t parse_duration(std::string_view text) {
  const std::string_view whole = text;
  double total = 0;
  if (text == "0") return 0;
  bool good = !text.empty();
  while (good && !text.empty()) {
    double number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(),
                                        number, std::chars_format::fixed);
    good = parsed.ec == std::errc() && number >= 0;
    if (!good) break;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    const std::string_view unit =
        text.substr(0, text.find_first_of("0123456789."));
    const auto* found = std::find_if(
        kUnits.begin(), kUnits.end(),
        [&](const Unit& candidate) { return candidate.name == unit; });
    good = found != kUnits.end();
    if (!good) break;
    total += number * found->nanoseconds;
    text.remove_prefix(unit.size());
    good = total < 9e18;
  }
  if (!good) {
    fail(ErrorCode::invalid, "'{}' is not a duration like 30s or 1m30s", whole);
  }
  return static_cast<std::int64_t>(total);
}

Json parse_healthcheck(const Instruction& instruction) {
  const std::size_t end = instruction.text.find_first_of(" \t");
  std::string kind = instruction.text.substr(0, end);
  for (char& c : kind) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  Json out = Json::object();
  if (kind == "NONE" && end == std::string::npos) {
    out["Test"] = {"NONE"};
    return out;
  }
  const std::size_t start = instruction.text.find_first_not_of(" \t", end);
  if (kind != "CMD" || start == std::string::npos) {
    fail(ErrorCode::invalid, "HEALTHCHECK needs CMD command or NONE");
  }
  const std::string command = instruction.text.substr(start);
  out["Test"] = Json::array({"CMD-SHELL", command});
  if (command.starts_with('[')) {
    const Json words = parse_json(command, 2);
    out["Test"] = Json::array({"CMD"});
    for (const Json& word : words) {
      if (!word.is_string()) {
        fail(ErrorCode::invalid, "HEALTHCHECK CMD [...] holds strings only");
      }
      out["Test"].push_back(word);
    }
  }
  add_duration(out, "Interval", instruction, "interval");
  add_duration(out, "Timeout", instruction, "timeout");
  add_duration(out, "StartPeriod", instruction, "start-period");
  add_duration(out, "StartInterval", instruction, "start-interval");
  if (const auto found = instruction.flags.find("retries");
      found != instruction.flags.end()) {
    const auto retries = parse_number<int>(found->second);
    if (!retries || *retries < 0) {
      fail(ErrorCode::invalid, "--retries needs a number");
    }
    if (*retries > 0) out["Retries"] = *retries;
  }
  return out;
}

}  // namespace skerry::ci
