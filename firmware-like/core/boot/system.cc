#include "core/boot/system.h"

#include <algorithm>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"
#include "core/text/number.h"

namespace skerry::boot {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr std::chrono::milliseconds kHeartbeat{15'000};
constexpr std::uint64_t kLowDisk = 512u << 20;

std::string failure_of(const HealthCheck& check) {
  try {
    return check.check();
  } catch (const std::exception& error) {
    return error.what();
  }
}

void health(Services& services, const SystemState& state, Response& response) {
  Json checks = Json::array();
  bool healthy = true;
  for (const HealthCheck& check : state.checks) {
    const std::string message = failure_of(check);
    healthy = healthy && message.empty();
    checks.push_back({{"name", check.name},
                      {"ok", message.empty()},
                      {"message", message}});
  }
  response.send_json({{"status", healthy ? "healthy" : "degraded"},
                      {"version", state.version},
                      {"uptime_ms", services.clock.now() - state.started},
                      {"checks", checks}});
}

// The event's project: the first segment of its subject. An event that names
// none is the server's own.
std::string_view project_of(const Event& event) {
  const std::size_t slash = event.subject.find('/');
  return slash == std::string::npos
             ? std::string_view()
             : std::string_view(event.subject).substr(0, slash);
}

std::string sse(const Event& event) {
  const Json data = {{"id", event.id},
                     {"time", event.time},
                     {"topic", event.topic},
                     {"subject", event.subject},
                     {"version", event.version}};
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.topic,
                     data.dump());
}

std::int64_t first_event(Services& services, const Request& request) {
  const auto last = request.header("Last-Event-ID");
  if (!last) return services.events.last_id();
  const auto id = parse_number<std::int64_t>(*last);
  if (!id) fail(ErrorCode::invalid, "Last-Event-ID must be a number");
  return *id;
}

void stream_events(Services& services, const Request& request,
                   Response& response) {
  std::int64_t position = first_event(services, request);
  response.header("Cache-Control", "no-store");
  response.stream("text/event-stream", [&](const Response::Writer& write) {
    write("retry: 2000\n\n");
    while (!request.stop.stop_requested()) {
      std::string out;
      for (const Event& event : services.events.after(position)) {
        position = event.id;
        const std::string_view project = project_of(event);
        const bool visible =
            services.accounts.allows(request.identity,
                                     project.empty() ? Access::server_admin
                                                     : Access::project_viewer,
                                     project);
        if (visible) out += sse(event);
      }
      if (!out.empty()) {
        write(out);
      } else if (!services.events.wait(position, kHeartbeat, request.stop)) {
        write(":\n\n");  // finds out whether the client is still there
      }
    }
  });
}

Json job_json(const Job& job) {
  return {{"id", job.id},
          {"kind", job.kind},
          {"subject", job.subject},
          {"state", to_string(job.state)},
          {"attempt", job.attempt},
          {"error", job.error},
          {"progress", job.progress},
          {"progress_text", job.progress_text},
          {"created", job.created},
          {"due", job.due}};
}

void list_jobs(Services& services, const Request& request,
               Response& response) {
  Json jobs = Json::array();
  for (const Job& job :
       services.jobs.list(request.query_param("kind").value_or(""))) {
    jobs.push_back(job_json(job));
  }
  response.send_json({{"jobs", jobs}});
}

void send_ca(Services& services, Response& response) {
  const auto path = services.paths.keys / "ca.crt";
  if (!std::filesystem::exists(path)) {
    fail(ErrorCode::not_found,
         "this server has made no certificate authority: it does not listen "
         "on https");
  }
  response.send("application/x-pem-file", read_file(path));
}

std::vector<http::Route> routes(Services& services, SystemState& state) {
  return {
      {"GET", "/healthz", Access::anyone,
       [](Request&, Response& res) { res.send("text/plain", "ok\n"); },
       "Liveness: the process answers"},
      {"GET", "/readyz", Access::anyone,
       [&state](Request&, Response& res) {
         res.status = state.ready ? 200 : 503;
         res.send("text/plain", state.ready ? "ready\n" : "starting\n");
       },
       "Readiness: requests are served"},
      {"GET", "/metrics", Access::anyone,
       [&services](Request&, Response& res) {
         res.send("text/plain; version=0.0.4", services.metrics.render());
       },
       "Metrics in Prometheus' text format"},
      {"GET", "/ca.crt", Access::anyone,
       [&services](Request&, Response& res) { send_ca(services, res); },
       "The certificate authority of this server"},
      {"GET", "/api/v1/health", Access::signed_in,
       [&services, &state](Request&, Response& res) {
         health(services, state, res);
       },
       "What is healthy and what is not, and why"},
      {"GET", "/api/v1/events", Access::signed_in,
       [&services](Request& req, Response& res) {
         stream_events(services, req, res);
       },
       "Events as they happen (server-sent events, Last-Event-ID)"},
      {"GET", "/api/v1/jobs", Access::server_admin,
       [&services](Request& req, Response& res) {
         list_jobs(services, req, res);
       },
       "Background jobs, newest first; ?kind="},
      {"GET", "/api/v1/openapi.json", Access::anyone,
       [&state](Request&, Response& res) {
         res.send("application/json", state.openapi);
       },
       "This description"},
  };
}

std::vector<HealthCheck> checks(Services& services) {
  return {
      {"disk space",
       [&services]() -> std::string {
         const DiskSpace space = disk_space(services.paths.data);
         if (space.free_bytes >= kLowDisk) return "";
         return fmt::format(
             "only {} MiB are free below the data folder; delete old images "
             "or enlarge the disk",
             space.free_bytes >> 20);
       }},
      {"database",
       [&services]() -> std::string {
         services.db.read([](Connection& c) {
           c.query("select count(*) from migration").next();
         });
         return "";
       }},
      {"background jobs",
       [&services]() -> std::string {
         const auto failed = services.db.read([&](Connection& c) {
           auto rows = c.query(
               "select count(*) from job where state = 'failed' and "
               "finished > ?",
               services.clock.now() - 24 * 3'600'000);
           return rows.next() ? rows.integer(0) : 0;
         });
         if (failed == 0) return "";
         return fmt::format("{} jobs failed in the last 24 hours; see "
                            "/api/v1/jobs", failed);
       }},
  };
}

// Deletes what the settings say is too old.
void prune(Services& services) {
  const UnixMillis now = services.clock.now();
  services.events.prune(
      now - services.settings.duration("events.keep").count());
  services.db.write([&](Transaction& tx) {
    tx.run("delete from job where finished < ?",
           now - services.settings.duration("jobs.keep").count());
  });
}

}  // namespace

Module system_module(Services& services, SystemState& state,
                     Collector& collector, Scrubber& scrubber) {
  Module module;
  module.name = "system";
  module.routes = routes(services, state);
  for (auto& more : {collector.routes(), scrubber.routes()}) {
    module.routes.insert(module.routes.end(), more.begin(), more.end());
  }
  module.jobs = {
      {kCollectionJob, [&collector](JobContext& job) { collector.run(job); }},
      {kScrubJob, [&scrubber](JobContext& job) { scrubber.run(job); }}};
  module.health = checks(services);
  module.health.push_back(
      {"stored content", [&scrubber] { return scrubber.trouble(); }});
  module.settings = {
      {"events.keep", SettingType::duration, "14d",
       "How long events stay in the log"},
      {"jobs.keep", SettingType::duration, "14d",
       "How long finished jobs stay listed"},
      {"storage.collect_every", SettingType::duration, "24h",
       "How often garbage is collected; 0s: only when asked"},
      {"storage.scrub_every", SettingType::duration, "7d",
       "How often all that is stored is read again and checked; 0s: only when "
       "asked"},
      {"storage.scrub_rate", SettingType::size, "64MiB",
       "How many bytes a second that may read; 0: as fast as it goes"},
  };
  module.subscriptions = {{"maintenance",
                           {},
                           [](const Event&) {},
                           [&services, &collector, &scrubber] {
                             prune(services);
                             collector.start_when_due();
                             scrubber.start_when_due();
                           },
                           std::chrono::hours(1)}};
  return module;
}

}  // namespace skerry::boot
