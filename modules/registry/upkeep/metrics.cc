#include "upkeep/metrics.h"

#include <string_view>

namespace skerry::registry {
namespace {

struct Figure {
  const char* name;
  const char* help;
  std::string_view sql;  // one number
};

constexpr Figure kFigures[] = {
    {"skerry_registry_used_bytes",
     "What the images of all projects weigh, as quotas count it",
     "select ifnull(sum(bytes), 0) from registry_usage"},
    {"skerry_registry_webhooks_failing",
     "Webhooks whose last delivery was not accepted",
     "select count(*) from registry_webhook where failing_since is not null"},
    {"skerry_registry_webhook_events_waiting",
     "Events that wait for their delivery",
     "select count(*) from registry_webhook_event"},
};

}  // namespace

void show_metrics(Parts& parts) {
  auto& metrics = parts.services.metrics;
  for (const auto& figure : kFigures) {
    metrics.gauge(figure.name, figure.help, {}, [&parts, &figure] {
      return parts.services.db.read([&](Connection& db) {
        auto row = db.query(figure.sql);
        return row.next() ? static_cast<double>(row.integer(0)) : 0;
      });
    });
  }
  metrics.gauge("skerry_registry_uploads", "Uploads that are open", {},
                [&parts] { return static_cast<double>(parts.uploads.count()); });
  metrics.gauge(
      "skerry_registry_upstream_downloads",
      "Blobs that are being fetched from upstream registries", {},
      [&parts] { return static_cast<double>(parts.downloads.count()); });
}

}  // namespace skerry::registry
