#include "notify/outbox.h"

namespace skerry::registry {

bool queue_event(Transaction& tx, std::int64_t webhook, UnixMillis time,
                 std::string_view event, std::int64_t most) {
  std::int64_t number = 0;
  {
    auto row = tx.query(
        "update registry_webhook set last_number = last_number + 1 "
        "where id = ? returning last_number",
        webhook);
    if (!row.next()) return false;
    number = row.integer(0);
    while (row.next()) {
    }
  }
  tx.run(
      "insert into registry_webhook_event (webhook_id, number, time, event) "
      "values (?, ?, ?, ?)",
      webhook, number, time, event);
  const auto dropped = tx.run(
      "delete from registry_webhook_event "
      "where webhook_id = ? and number <= ?",
      webhook, number - most);
  if (dropped > 0) count_dropped(tx, webhook, dropped);
  return true;
}

std::optional<Waiting> first_waiting(Connection& db, std::int64_t webhook) {
  auto row = db.query(
      "select number, time, event from registry_webhook_event "
      "where webhook_id = ? order by number limit 1",
      webhook);
  if (!row.next()) return {};
  return Waiting{row.integer(0), row.integer(1), row.text(2)};
}

void remove_waiting(Transaction& tx, std::int64_t webhook,
                    std::int64_t number) {
  tx.run(
      "delete from registry_webhook_event where webhook_id = ? and number = ?",
      webhook, number);
}

std::int64_t drop_waiting(Transaction& tx, std::int64_t webhook,
                          UnixMillis until) {
  const auto dropped = tx.run(
      "delete from registry_webhook_event "
      "where webhook_id = ?1 and number < coalesce("
      "(select min(number) from registry_webhook_event "
      "where webhook_id = ?1 and time >= ?2), 9223372036854775807)",
      webhook, until);
  if (dropped > 0) count_dropped(tx, webhook, dropped);
  return dropped;
}

void count_dropped(Transaction& tx, std::int64_t webhook,
                   std::int64_t number) {
  tx.run("update registry_webhook set dropped = dropped + ? where id = ?",
         number, webhook);
}

WebhookState webhook_state(Connection& db, std::int64_t webhook) {
  WebhookState state;
  auto row = db.query(
      "select w.dropped, w.failing_since, w.created, w.last_number + 1 - "
      "(select min(number) from registry_webhook_event e "
      "where e.webhook_id = w.id) "
      "from registry_webhook w where w.id = ?",
      webhook);
  if (!row.next()) return state;
  state.dropped = row.integer(0);
  state.failing_since = row.optional_integer(1);
  state.created = row.integer(2);
  state.pending = row.integer(3);
  return state;
}

void record_delivery(Transaction& tx, std::int64_t webhook,
                     const Delivery& delivery) {
  // Nothing for a webhook that is gone.
  tx.run(
      "insert into registry_webhook_delivery (webhook_id, time, event_id, "
      "request_id, action, target, attempt, status, error, duration_ms) "
      "select id, ?, ?, ?, ?, ?, ?, ?, ?, ? from registry_webhook "
      "where id = ?",
      delivery.time, delivery.event_id, delivery.request_id, delivery.action,
      delivery.target, delivery.attempt, delivery.status, delivery.error,
      delivery.duration_ms, webhook);
  tx.run(
      "delete from registry_webhook_delivery where webhook_id = ?1 and id <= "
      "(select id from registry_webhook_delivery where webhook_id = ?1 "
      "order by id desc limit 1 offset ?2)",
      webhook, kKeptDeliveries);
  if (delivery.error.empty()) {
    tx.run(
        "update registry_webhook set failing_since = null "
        "where id = ? and failing_since is not null",
        webhook);
  } else {
    tx.run(
        "update registry_webhook set failing_since = ? "
        "where id = ? and failing_since is null",
        delivery.time, webhook);
  }
}

std::vector<Delivery> last_deliveries(Connection& db, std::int64_t webhook,
                                      std::size_t limit) {
  auto row = db.query(
      "select id, time, event_id, request_id, action, target, attempt, "
      "status, error, duration_ms from registry_webhook_delivery "
      "where webhook_id = ? order by id desc limit ?",
      webhook, limit);
  std::vector<Delivery> list;
  while (row.next()) {
    list.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3),
                    row.text(4), row.text(5), row.integer(6), row.integer(7),
                    row.text(8), row.integer(9)});
  }
  return list;
}

}  // namespace skerry::registry
