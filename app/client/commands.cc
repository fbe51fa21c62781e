#include "client/commands.h"

#include <chrono>
#include <iostream>
#include <thread>

#include "client/api_client.h"
#include "client/image_commands.h"
#include "client/noun.h"
#include "client/options.h"
#include "client/output.h"
#include "client/storage_commands.h"
#include "core/error.h"
#include "core/os/file.h"

namespace skerry::app {

namespace {

struct RunName {
  std::string project, repo, number;
  std::string path() const {
    return fmt::format("/projects/{}/repos/{}/runs", encoded(project),
                       encoded(repo)) +
           (number.empty() ? "" : "/" + number);
  }
};

RunName run_name(const std::string& subject) {
  const std::size_t hash = subject.find('#');
  if (hash == std::string::npos) {
    fail(ErrorCode::invalid, "'{}' must have the form PROJECT/REPO#NUMBER",
         subject);
  }
  const auto [project, repo] =
      two_parts(subject.substr(0, hash), "PROJECT/REPO#NUMBER");
  return {project, repo, subject.substr(hash + 1)};
}

std::string repo_path(const std::string& subject) {
  const auto [project, repo] = two_parts(subject, "PROJECT/REPO");
  return fmt::format("/projects/{}/repos/{}", encoded(project), encoded(repo));
}

std::string app_path(const std::string& subject) {
  const auto [project, app] = two_parts(subject, "PROJECT/APPLICATION");
  return fmt::format("/projects/{}/applications/{}", encoded(project),
                     encoded(app));
}

const std::vector<Column> kRunColumns = {
    {"PROJECT", "/project"}, {"REPO", "/repo"},     {"RUN", "/number"},
    {"BRANCH", "/branch"},   {"STATE", "/state"},   {"RESULT", "/result"},
    {"QUEUED", "/queued"},   {"COMMIT", "/commit"}, {"MESSAGE", "/message"}};
const std::vector<Column> kAppColumns = {{"PROJECT", "/project"},
                                         {"APPLICATION", "/name"},
                                         {"SYNC", "/status/sync"},
                                         {"HEALTH", "/status/health"},
                                         {"REVISION", "/status/revision"},
                                         {"MESSAGE", "/status/message"}};

// Prints what comes of a run's log until it is complete.
void follow_log(ApiClient client, const std::string& run, bool follow) {
  std::uint64_t offset = 0;
  while (true) {
    const auto piece =
        client.get_text(fmt::format("{}/log?offset={}", run, offset));
    std::cout << piece.body << std::flush;
    offset += piece.body.size();
    const auto complete = piece.headers.find("x-skerry-log-complete");
    const bool ended =
        complete != piece.headers.end() && complete->second == "true";
    if (!follow || (ended && piece.body.empty())) return;
    if (piece.body.empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
  }
}

Json parameters_of(const std::vector<std::string>& pairs) {
  Json parameters = Json::object();
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      fail(ErrorCode::invalid, "--parameter needs NAME=VALUE, not '{}'", pair);
    }
    parameters[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return parameters;
}

void print_diff(const Json& resources) {
  for (const Json& resource : resources) {
    const std::string diff = optional_string(resource, "diff");
    if (diff.empty()) continue;
    std::cout << "===== " << required_string(resource, "kind") << ' '
              << required_string(resource, "name") << '\n'
              << diff << '\n';
  }
}

void add_projects(CLI::App& root, ClientOptions& o) {
  Noun noun(root, "project", "Projects");
  noun.verb("list", "The projects you see", [&o] {
    print_rows(std::cout, o.client().get("/projects").at("projects"),
               {{"PROJECT", "/name"},
                {"PUBLIC", "/is_public"},
                {"DESCRIPTION", "/description"}},
               o.json());
  });
  CLI::App* create = noun.verb("create", "Make a project", [&o] {
    o.client().send("POST", "/projects",
                    {{"name", o.subject},
                     {"description", o.description},
                     {"is_public", o.is_public}});
  });
  create->add_option("project", o.subject)->required();
  create->add_option("--description", o.description);
  create->add_flag("--public", o.is_public, "Anyone may read it");
  noun.verb("delete", "Delete a project that holds nothing any more", [&o] {
        o.client().send("DELETE", "/projects/" + encoded(o.subject));
      })
      ->add_option("project", o.subject)
      ->required();
}

void add_repos(CLI::App& root, ClientOptions& o) {
  Noun noun(root, "repo", "Git repositories");
  noun.verb("list", "A project's repositories", [&o] {
        print_rows(std::cout,
                   o.client()
                       .get("/projects/" + encoded(o.subject) + "/repos")
                       .at("repos"),
                   {{"REPO", "/name"},
                    {"DEFAULT", "/default_branch"},
                    {"UPDATED", "/updated"},
                    {"CLONE", "/clone_url"}},
                   o.json());
      })
      ->add_option("project", o.subject)
      ->required();
  CLI::App* create = noun.verb("create", "Make a repository", [&o] {
    const auto [project, repo] = two_parts(o.subject, "PROJECT/REPO");
    const Json made =
        o.client().send("POST", "/projects/" + encoded(project) + "/repos",
                        {{"name", repo}, {"description", o.description}});
    std::cout << required_string(made, "clone_url") << '\n';
  });
  create->add_option("repo", o.subject, "PROJECT/REPO")->required();
  create->add_option("--description", o.description);
  noun.verb("delete", "Delete a repository, its history and its runs", [&o] {
        o.client().send("DELETE", repo_path(o.subject));
      })
      ->add_option("repo", o.subject, "PROJECT/REPO")
      ->required();
}

void add_runs(CLI::App& root, ClientOptions& o) {
  Noun noun(root, "run", "Pipeline runs");
  noun.verb("list", "The newest runs", [&o] {
    print_rows(std::cout, o.client().get("/runs").at("runs"), kRunColumns,
               o.json());
  });
  noun.verb("show", "One run, as JSON", [&o] {
        std::cout << o.client().get(run_name(o.subject).path()).dump(2) << '\n';
      })
      ->add_option("run", o.subject, "PROJECT/REPO#NUMBER")
      ->required();
  CLI::App* log = noun.verb("log", "A run's log", [&o] {
    follow_log(o.client(), run_name(o.subject).path(), o.follow);
  });
  log->add_option("run", o.subject, "PROJECT/REPO#NUMBER")->required();
  log->add_flag("-f,--follow", o.follow, "Until the run is over");
  CLI::App* start = noun.verb("start", "Start a run", [&o] {
    const Json run = o.client().send(
        "POST", repo_path(o.subject) + "/runs",
        {{"ref", o.ref}, {"parameters", parameters_of(o.parameters)}});
    std::cout << o.subject << '#' << run.at("number") << '\n';
  });
  start->add_option("repo", o.subject, "PROJECT/REPO")->required();
  start->add_option("--ref", o.ref, "Branch, tag or commit")
      ->capture_default_str();
  start->add_option("-p,--parameter", o.parameters, "NAME=VALUE");
  for (const char* verb : {"cancel", "rerun"}) {
    noun.verb(verb, std::string("To ") + verb + " a run", [&o, verb] {
          o.client().send("POST", run_name(o.subject).path() + "/" + verb);
        })
        ->add_option("run", o.subject, "PROJECT/REPO#NUMBER")
        ->required();
  }
}

void add_apps(CLI::App& root, ClientOptions& o) {
  Noun noun(root, "app", "Applications: what runs where");
  const auto subject = [&o](CLI::App* command) {
    command->add_option("application", o.subject, "PROJECT/APPLICATION")
        ->required();
  };
  noun.verb("list", "The applications you see", [&o] {
    print_rows(std::cout,
               o.client().get("/applications").at("applications"), kAppColumns,
               o.json());
  });
  subject(noun.verb("get", "One application, as JSON", [&o] {
    std::cout << o.client().get(app_path(o.subject)).dump(2) << '\n';
  }));
  CLI::App* create = noun.verb(
      "create", "Make an application from a file in Argo CD's form", [&o] {
        o.client().send_text("POST",
                             "/projects/" + encoded(o.subject) + "/applications",
                             "application/yaml", read_file(o.file, 1u << 20));
      });
  create->add_option("project", o.subject)->required();
  create->add_option("-f,--file", o.file, "YAML")->required();
  CLI::App* sync = noun.verb("sync", "Bring it to what its source says", [&o] {
    o.client().send("POST", app_path(o.subject) + "/sync",
                    {{"prune", o.prune}, {"dry_run", o.dry_run}});
  });
  subject(sync);
  sync->add_flag("--prune", o.prune, "Remove what is no longer wanted");
  sync->add_flag("--dry-run", o.dry_run, "Only say what would be done");
  subject(noun.verb("refresh", "Compare again now", [&o] {
    o.client().send("POST", app_path(o.subject) + "/refresh");
  }));
  subject(noun.verb("diff", "What differs from what is wanted", [&o] {
    print_diff(o.client().get(app_path(o.subject) + "/diff").at("resources"));
  }));
  subject(noun.verb("resources", "Its resources", [&o] {
    print_rows(std::cout,
               o.client().get(app_path(o.subject) + "/resources")
                   .at("resources"),
               {{"KIND", "/kind"},
                {"NAME", "/name"},
                {"SYNC", "/sync"},
                {"HEALTH", "/health"},
                {"MESSAGE", "/message"}},
               o.json());
  }));
  subject(noun.verb("history", "What was deployed", [&o] {
    print_rows(std::cout,
               o.client().get(app_path(o.subject) + "/history").at("history"),
               {{"ID", "/id"},
                {"REVISION", "/revision"},
                {"DEPLOYED", "/deployed"},
                {"BY", "/initiated_by"}},
               o.json());
  }));
  CLI::App* rollback =
      noun.verb("rollback", "Go back to an entry of the history", [&o] {
        o.client().send("POST", app_path(o.subject) + "/rollback",
                        {{"id", o.id}});
      });
  subject(rollback);
  rollback->add_option("id", o.id, "Of the history")->required();
  subject(noun.verb("delete", "Delete it and what it deployed", [&o] {
    o.client().send("DELETE", app_path(o.subject));
  }));
}

void add_charts(CLI::App& root, ClientOptions& o) {
  Noun chart(root, "chart", "Charts");
  chart.verb("list", "A project's charts", [&o] {
         print_rows(std::cout,
                    o.client()
                        .get("/projects/" + encoded(o.subject) + "/charts")
                        .at("charts"),
                    {{"CHART", "/name"}, {"NEWEST", "/versions/0/version"}},
                    o.json());
       })
      ->add_option("project", o.subject)
      ->required();
  const char* const what = "Delete a chart, or one version";
  CLI::App* remove = chart.verb("delete", what, [&o] {
    const auto [project, name] = two_parts(o.subject, "PROJECT/CHART");
    o.client().send("DELETE",
                    fmt::format("/projects/{}/charts/{}", encoded(project),
                                encoded(name)) +
                        (o.version.empty() ? ""
                                           : "?version=" + encoded(o.version)));
  });
  remove->add_option("chart", o.subject, "PROJECT/CHART")->required();
  remove->add_option("--version", o.version, "Only this one");
}

void add_people(CLI::App& root, ClientOptions& o) {
  Noun user(root, "user", "Users");
  user.verb("list", "All users", [&o] {
    print_rows(std::cout, o.client().get("/users").at("users"),
               {{"USER", "/name"},
                {"NAME", "/display_name"},
                {"ADMIN", "/server_admin"},
                {"DISABLED", "/disabled"}},
               o.json());
  });
  CLI::App* create = user.verb("create", "Make a user", [&o] {
    o.client().send("POST", "/users",
                    {{"name", o.subject},
                     {"display_name", o.name},
                     {"password", o.password},
                     {"server_admin", o.admin}});
  });
  create->add_option("user", o.subject)->required();
  create->add_option("--password-for-user", o.password)->required();
  create->add_option("--name", o.name, "Shown instead of the user's name");
  create->add_flag("--admin", o.admin, "May administer the server");
  Noun token(root, "token", "Personal tokens");
  token.verb("list", "Your tokens", [&o] {
    print_rows(std::cout, o.client().get("/tokens").at("tokens"),
               {{"ID", "/id"},
                {"NAME", "/name"},
                {"SCOPES", "/scopes"},
                {"EXPIRES", "/expires"},
                {"LAST USED", "/last_used"}},
               o.json());
  });
  CLI::App* make = token.verb("create", "Make a token; prints its secret", [&o] {
    const Json made = o.client().send(
        "POST", "/tokens", {{"name", o.subject}, {"scopes", o.scopes}});
    std::cout << required_string(made, "secret") << '\n';
  });
  make->add_option("name", o.subject)->required();
  make->add_option("--scope", o.scopes, "read, write or admin")->required();
}

void add_health(CLI::App& root, ClientOptions& o) {
  root.add_subcommand("health", "What is healthy and what is not")
      ->callback([&o] {
        const Json health = o.client().get("/health");
        std::cout << required_string(health, "status") << '\n';
        print_rows(std::cout, health.at("checks"),
                   {{"CHECK", "/name"}, {"OK", "/ok"}, {"WHY", "/message"}},
                   o.json());
      });
}

}  // namespace

ClientCommands::ClientCommands(CLI::App& root)
    : options_(std::make_unique<ClientOptions>()) {
  ClientOptions& o = *options_;
  root.add_option("--server", o.server.url, "The server's URL")
      ->envname("SKERRY_SERVER")
      ->capture_default_str();
  root.add_option("--token", o.server.token, "A token, instead of a password")
      ->envname("SKERRY_TOKEN");
  root.add_option("--user", o.server.user)->envname("SKERRY_USER");
  root.add_option("--password", o.server.password)->envname("SKERRY_PASSWORD");
  root.add_option("--ca", o.server.ca_file,
                  "The server's certificate authority (its /ca.crt)")
      ->envname("SKERRY_CA");
  root.add_option("--output", o.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  add_projects(root, o);
  add_repos(root, o);
  add_runs(root, o);
  add_apps(root, o);
  add_image_commands(root, o);
  add_charts(root, o);
  add_people(root, o);
  add_health(root, o);
  add_storage_commands(root, o);
}

ClientCommands::~ClientCommands() = default;

}  // namespace skerry::app
