// Events that wait for their delivery, and what became of the last ones.
// Functions that take a Connection read; those that take a Transaction change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"

namespace skerry::registry {

struct Waiting {
  std::int64_t number = 0;
  UnixMillis time = 0;
  std::string event;
};

// Adds an event behind the others; of more than `most` the oldest is dropped.
// False when the webhook is gone.
bool queue_event(Transaction& tx, std::int64_t webhook, UnixMillis time,
                 std::string_view event, std::int64_t most);
std::optional<Waiting> first_waiting(Connection& db, std::int64_t webhook);
void remove_waiting(Transaction& tx, std::int64_t webhook,
                    std::int64_t number);
// Those that happened before `until`; how many.
std::int64_t drop_waiting(Transaction& tx, std::int64_t webhook,
                          UnixMillis until);
void count_dropped(Transaction& tx, std::int64_t webhook, std::int64_t number);

// How a webhook stands.
struct WebhookState {
  std::int64_t pending = 0;
  std::int64_t dropped = 0;
  std::optional<UnixMillis> failing_since;
  UnixMillis created = 0;
};
WebhookState webhook_state(Connection& db, std::int64_t webhook);

// One attempt.
struct Delivery {
  std::int64_t id = 0;
  UnixMillis time = 0;
  std::string event_id;
  std::string request_id;
  std::string action;
  std::string target;
  std::int64_t attempt = 1;
  std::int64_t status = 0;  // 0: no answer
  std::string error;        // "" when it was accepted
  std::int64_t duration_ms = 0;
};
// Keeps the last kKeptDeliveries.
inline constexpr std::int64_t kKeptDeliveries = 50;
void record_delivery(Transaction& tx, std::int64_t webhook,
                     const Delivery& delivery);
// Newest first.
std::vector<Delivery> last_deliveries(Connection& db, std::int64_t webhook,
                                      std::size_t limit);

}  // namespace skerry::registry
