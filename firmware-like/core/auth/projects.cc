#include "core/auth/projects.h"

#include "core/auth/names.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

Project project_of(const Rows& rows) {
  Project project;
  project.id = rows.integer(0);
  project.name = rows.text(1);
  project.description = rows.text(2);
  project.is_public = rows.integer(3) != 0;
  project.created = rows.integer(4);
  return project;
}

ProjectAccess access_of(const Rows& rows) {
  ProjectAccess access{project_of(rows), std::nullopt};
  if (!rows.is_null(5)) access.role = static_cast<Role>(rows.integer(5));
  return access;
}

Project required(Transaction& tx, std::string_view name) {
  auto project = find_project(tx.connection(), name);
  if (!project) fail(ErrorCode::not_found, "there is no project '{}'", name);
  return std::move(*project);
}

void check_description(std::string_view text) {
  if (text.size() > 2000) {
    fail(ErrorCode::invalid, "a description has at most 2000 bytes");
  }
}

}  // namespace

std::optional<Project> find_project(Connection& db, std::string_view name) {
  Rows rows = db.query(
      "select id, name, description, is_public, created from project "
      "where name = ?",
      name);
  if (!rows.next()) return std::nullopt;
  return project_of(rows);
}

Project insert_project(Transaction& tx, std::string_view name,
                       std::string_view description, bool is_public,
                       UnixMillis now) {
  check_project_name(name);
  check_description(description);
  if (find_project(tx.connection(), name)) {
    fail(ErrorCode::conflict, "there is a project '{}' already", name);
  }
  tx.run(
      "insert into project (name, description, is_public, created) "
      "values (?, ?, ?, ?)",
      name, description, is_public, now);
  return required(tx, name);
}

void change_project(Transaction& tx, std::string_view name,
                    const std::optional<std::string>& description,
                    std::optional<bool> is_public) {
  const Project old = required(tx, name);
  if (description) check_description(*description);
  tx.run("update project set description = ?, is_public = ? where id = ?",
         description.value_or(old.description),
         is_public.value_or(old.is_public), old.id);
}

void remove_project(Transaction& tx, std::string_view name) {
  tx.run("delete from project where id = ?", required(tx, name).id);
}

std::vector<Member> list_members(Connection& db, std::int64_t project_id) {
  std::vector<Member> members;
  Rows rows = db.query(
      "select user.name, user.display_name, member.role from member "
      "join user on user.id = member.user_id where project_id = ? "
      "order by user.name",
      project_id);
  while (rows.next()) {
    members.push_back(
        {rows.text(0), rows.text(1), static_cast<Role>(rows.integer(2))});
  }
  return members;
}

void set_member(Transaction& tx, std::int64_t project_id, std::int64_t user_id,
                Role role) {
  tx.run(
      "insert into member (project_id, user_id, role) values (?, ?, ?) "
      "on conflict (project_id, user_id) do update set role = excluded.role",
      project_id, user_id, static_cast<int>(role));
}

bool remove_member(Transaction& tx, std::int64_t project_id,
                   std::int64_t user_id) {
  return tx.run("delete from member where project_id = ? and user_id = ?",
                project_id, user_id) > 0;
}

std::optional<ProjectAccess> project_access(Connection& db,
                                            std::string_view project,
                                            std::int64_t user_id) {
  Rows rows = db.query(
      "select p.id, p.name, p.description, p.is_public, p.created, m.role "
      "from project p left join member m "
      "on m.project_id = p.id and m.user_id = ? where p.name = ?",
      user_id, project);
  if (!rows.next()) return std::nullopt;
  return access_of(rows);
}

std::vector<ProjectAccess> project_accesses(Connection& db,
                                            std::int64_t user_id) {
  std::vector<ProjectAccess> found;
  Rows rows = db.query(
      "select p.id, p.name, p.description, p.is_public, p.created, m.role "
      "from project p left join member m "
      "on m.project_id = p.id and m.user_id = ? order by p.name",
      user_id);
  while (rows.next()) found.push_back(access_of(rows));
  return found;
}

}  // namespace skerry::auth
