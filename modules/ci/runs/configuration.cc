#include "runs/configuration.h"

namespace skerry::ci {
namespace {

std::optional<std::string> first_text(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

}  // namespace

std::optional<std::string> Configuration::defaults(std::string_view project) {
  return db_.read([&](Connection& c) {
    return first_text(
        c.query("select text from ci_defaults where project = ?", project));
  });
}

void Configuration::set_defaults(Transaction& tx, std::string_view project,
                                 std::string_view text, UnixMillis now) {
  if (text.empty()) {
    tx.run("delete from ci_defaults where project = ?", project);
  } else {
    tx.run("insert or replace into ci_defaults values (?, ?, ?)", project, text,
           now);
  }
}

std::optional<std::string> Configuration::network(std::string_view project) {
  return db_.read([&](Connection& c) {
    return first_text(
        c.query("select network from ci_project where project = ?", project));
  });
}

void Configuration::set_network(Transaction& tx, std::string_view project,
                                std::string_view network) {
  if (network.empty()) {
    tx.run("delete from ci_project where project = ?", project);
  } else {
    tx.run("insert or replace into ci_project values (?, ?)", project, network);
  }
}

std::string Configuration::jenkinsfile(std::string_view project,
                                       std::string_view repo) {
  return db_
      .read([&](Connection& c) {
        return first_text(c.query(
            "select jenkinsfile from ci_repository where project = ? and "
            "repo = ?",
            project, repo));
      })
      .value_or("Jenkinsfile");
}

void Configuration::set_jenkinsfile(Transaction& tx, std::string_view project,
                                    std::string_view repo,
                                    std::string_view path) {
  tx.run("insert or replace into ci_repository values (?, ?, ?)", project, repo,
         path);
}

}  // namespace skerry::ci
