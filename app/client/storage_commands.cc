#include "client/storage_commands.h"

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "client/output.h"
#include "core/config/settings.h"
#include "core/error.h"

namespace skerry::app {
namespace {

constexpr std::chrono::milliseconds kPoll{200};

Json collection_order(const ClientOptions& o) {
  Json order = {{"dry_run", o.dry_run}};
  if (!o.age.empty()) {
    const auto age = parse_duration_millis(o.age);
    if (!age || *age < 0) {
      fail(ErrorCode::invalid,
           "--older-than must be a time such as 0s, 30m or 2h, not '{}'",
           o.age);
    }
    order["age_ms"] = *age;
  }
  return order;
}

// Until the run is over; what it does goes to standard error meanwhile.
Json wait_for(ApiClient& client, const std::string& path) {
  std::string step;
  for (;;) {
    Json run = client.get(path);
    if (!run.at("finished").is_null()) return run;
    if (const auto now = run.at("step").get<std::string>(); now != step) {
      step = now;
      std::cerr << step << '\n';
    }
    std::this_thread::sleep_for(kPoll);
  }
}

Json all_items(ApiClient& client, const std::string& path) {
  Json items = Json::array();
  for (;;) {
    const auto after = items.empty() ? Json(0) : items.back().at("number");
    const Json page =
        client.get(fmt::format("{}/items?after={}", path, after.dump()))
            .at("items");
    if (page.empty()) return items;
    items.insert(items.end(), page.begin(), page.end());
  }
}

// Starts a run and waits for its end.
struct Finished {
  Json run, items;
};
Finished carry_out(ApiClient& client, const std::string& kind,
                   const Json& order) {
  const Json started = client.send("POST", "/" + kind, order);
  const std::string path = "/" + kind + "/" + started.at("id").dump();
  Json run = wait_for(client, path);
  if (const auto error = run.at("error").get<std::string>(); !error.empty()) {
    fail(ErrorCode::io, "it failed: {}", error);
  }
  return {std::move(run), all_items(client, path)};
}

void collect(ClientOptions& o) {
  ApiClient client = o.client();
  const auto [run, items] =
      carry_out(client, "collections", collection_order(o));
  print_rows(std::cout, items,
             {{"KIND", "/kind"},
              {"NAME", "/name"},
              {"BYTES", "/bytes"},
              {"WHY", "/reason"}},
             o.json());
  if (o.json()) return;
  std::cout << fmt::format("{} {}: {} items, {} bytes\n",
                           o.dry_run ? "would go" : "gone",
                           o.dry_run ? "(nothing was changed)" : "for good",
                           run.at("items").get<std::int64_t>(),
                           run.at("bytes").get<std::int64_t>());
}

void check(ClientOptions& o) {
  ApiClient client = o.client();
  const auto [run, items] = carry_out(client, "scrubs", Json::object());
  if (o.json() || !items.empty()) {
    print_rows(std::cout, items,
               {{"FAULT", "/kind"}, {"NAME", "/name"}, {"WHY", "/reason"}},
               o.json());
  }
  if (!items.empty()) {
    fail(ErrorCode::io, "{} faults were found", items.size());
  }
  if (o.json()) return;
  std::cout << fmt::format("{} bytes were read again; nothing is damaged\n",
                           run.at("bytes").get<std::int64_t>());
}

}  // namespace

void add_storage_commands(CLI::App& root, ClientOptions& o) {
  CLI::App* gc = root.add_subcommand(
      "gc", "Collect garbage: remove what nothing needs any more");
  gc->callback([&o] { collect(o); });
  gc->add_flag("--dry-run", o.dry_run, "Only say what would go, and why");
  gc->add_option("--older-than", o.age,
                 "How old things must be, instead of the settings' times; 0s "
                 "gives up deleted images at once, and breaks pushes that are "
                 "under way");
  root.add_subcommand("fsck",
                      "Read all images and charts again and find what is "
                      "damaged or missing")
      ->callback([&o] { check(o); });
}

}  // namespace skerry::app
