// What one may do: roles, public projects, scopes, signed tokens.
#include "core/auth/fixture.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Identity;
using test::Accounts;
using test::code_of;
using test::status_of;

// One letter for each access that is allowed, in the order of the roles.
std::string allowed(Accounts& accounts, const Identity& who,
                    std::string_view project) {
  std::string text;
  const std::pair<Access, char> all[] = {
      {Access::signed_in, 's'},          {Access::project_viewer, 'v'},
      {Access::project_developer, 'd'},  {Access::project_maintainer, 'm'},
      {Access::project_admin, 'a'},      {Access::server_admin, 'R'}};
  for (const auto& [access, letter] : all) {
    if (accounts.service.allows(who, access, project)) text += letter;
  }
  return text;
}

struct World : Accounts {
  World() {
    add_project("demo");
    add_project("open", true);
    add_member("demo", viewer, Role::viewer);
    add_member("demo", developer, Role::developer);
    add_member("demo", maintainer, Role::maintainer);
    add_member("demo", owner, Role::admin);
  }
  Identity anonymous{0, "anonymous"};
  Identity root = add_user("root", true);
  Identity viewer = add_user("viewer");
  Identity developer = add_user("developer");
  Identity maintainer = add_user("maintainer");
  Identity owner = add_user("owner");
  Identity stranger = add_user("stranger");
};

TEST(Rights, FollowTheRole) {
  World world;
  EXPECT_EQ(allowed(world, world.anonymous, "demo"), "");
  EXPECT_EQ(allowed(world, world.stranger, "demo"), "s");
  EXPECT_EQ(allowed(world, world.viewer, "demo"), "sv");
  EXPECT_EQ(allowed(world, world.developer, "demo"), "svd");
  EXPECT_EQ(allowed(world, world.maintainer, "demo"), "svdm");
  EXPECT_EQ(allowed(world, world.owner, "demo"), "svdma");
  EXPECT_EQ(allowed(world, world.root, "demo"), "svdmaR");
}

TEST(Rights, InAPublicProjectEverybodyReads) {
  World world;
  EXPECT_EQ(allowed(world, world.anonymous, "open"), "v");
  EXPECT_EQ(allowed(world, world.stranger, "open"), "sv");
  EXPECT_EQ(allowed(world, world.root, "open"), "svdmaR");
}

TEST(Rights, DoNotReachWhatIsNotThere) {
  World world;
  EXPECT_EQ(allowed(world, world.root, "none"), "sR");
  EXPECT_EQ(allowed(world, world.owner, "none"), "s");
}

TEST(Rights, AreCutByTokens) {
  World world;
  const auto as = [&](const Identity& owner, std::vector<std::string> scopes) {
    return allowed(world, world.with_bearer(world.add_token(owner, scopes)),
                   "demo");
  };
  EXPECT_EQ(as(world.owner, {"read"}), "sv");
  EXPECT_EQ(as(world.owner, {"write"}), "svd");
  EXPECT_EQ(as(world.owner, {"admin"}), "svdma");
  EXPECT_EQ(as(world.owner, {"project:demo:maintainer"}), "svdm");
  EXPECT_EQ(as(world.owner, {"project:other:admin"}), "s");
  EXPECT_EQ(as(world.viewer, {"admin"}), "sv");  // never more than its owner
  EXPECT_EQ(as(world.root, {"read"}), "sv");
  EXPECT_EQ(as(world.root, {"admin"}), "svdmaR");
  const auto robot = world.with_bearer(
      world.add_robot({"project:demo:developer"}));
  EXPECT_EQ(allowed(world, robot, "demo"), "svd");
  EXPECT_EQ(allowed(world, robot, "open"), "sv");
}

std::string names(const std::vector<Project>& projects) {
  std::string text;
  for (const Project& project : projects) text += project.name + " ";
  return text;
}

TEST(Projects, AreListedForThoseWhoSeeThem) {
  World world;
  EXPECT_EQ(names(world.service.projects_of(world.anonymous)), "open ");
  EXPECT_EQ(names(world.service.projects_of(world.stranger)), "open ");
  EXPECT_EQ(names(world.service.projects_of(world.viewer)), "demo open ");
  EXPECT_EQ(names(world.service.projects_of(world.root)), "demo open ");
  const auto narrow = world.with_bearer(
      world.add_token(world.root, {"project:open:viewer"}));
  EXPECT_EQ(names(world.service.projects_of(narrow)), "open ");
}

std::string actions(World& world, const Identity& who,
                    std::string_view project = "demo",
                    std::string_view name = "app/web") {
  std::string text;
  for (const char* action : {"pull", "push", "delete", "fly"}) {
    if (world.service.allows_repository(who, project, name, action)) {
      text += std::string(action) + " ";
    }
  }
  return text;
}

TEST(Repositories, FollowTheRole) {
  World world;
  EXPECT_EQ(actions(world, world.anonymous), "");
  EXPECT_EQ(actions(world, world.anonymous, "open"), "pull ");
  EXPECT_EQ(actions(world, world.viewer), "pull ");
  EXPECT_EQ(actions(world, world.developer), "pull push ");
  EXPECT_EQ(actions(world, world.maintainer), "pull push delete ");
}

TEST(SignedTokens, GiveOnlyWhatTheySay) {
  World world;
  const auto hour = std::chrono::seconds(3600);
  const auto identity = [&](const Identity& who, Scopes scopes) {
    return world.with_bearer(
        world.service.issue_scoped_token(who, std::move(scopes), hour));
  };
  const auto signed_owner =
      identity(world.owner, {"repository:demo/app/web:pull,push"});
  EXPECT_EQ(signed_owner.name, "owner");
  EXPECT_EQ(actions(world, signed_owner), "pull push ");
  EXPECT_EQ(actions(world, signed_owner, "demo", "app"), "");
  EXPECT_EQ(allowed(world, signed_owner, "demo"), "s");  // nothing else
  EXPECT_EQ(actions(world, identity(world.owner, {})), "");
  // A scope does not make a right of what is none.
  EXPECT_EQ(actions(world, identity(world.viewer,
                                    {"repository:demo/app/web:*"})),
            "pull ");
  const auto nobody =
      identity(world.anonymous, {"repository:open/x:pull",
                                 "repository:demo/x:pull"});
  EXPECT_TRUE(nobody.anonymous());
  EXPECT_EQ(actions(world, nobody, "open", "x"), "pull ");
  EXPECT_EQ(actions(world, nobody, "demo", "x"), "");
  const auto robot = identity(
      world.with_bearer(world.add_robot({"project:demo:developer"})),
      {"repository:demo/x:pull,push,delete"});
  EXPECT_EQ(actions(world, robot, "demo", "x"), "pull push ");
}

TEST(SignedTokens, CannotWidenTheTokenTheyWereGotWith) {
  World world;
  const auto narrow =
      world.with_bearer(world.add_token(world.owner, {"read"}));
  const auto widened = world.with_bearer(world.service.issue_scoped_token(
      narrow, {"repository:demo/x:pull,push"}, std::chrono::seconds(60)));
  EXPECT_EQ(actions(world, widened, "demo", "x"), "pull ");
  EXPECT_EQ(code_of([&] {
              world.service.issue_scoped_token(narrow, {"admin"},
                                               std::chrono::seconds(60));
            }),
            ErrorCode::denied);
}

TEST(SignedTokens, EndWithTimePasswordAndToken) {
  World world;
  const auto issue = [&](const Identity& who) {
    return world.service.issue_scoped_token(who, {"repository:demo/x:pull"},
                                            std::chrono::seconds(300));
  };
  const std::string timed = issue(world.owner);
  EXPECT_EQ(world.with_bearer(timed).name, "owner");
  world.clock.advance(std::chrono::seconds(300));
  EXPECT_EQ(status_of([&] { world.with_bearer(timed); }), 401);

  const std::string of_user = issue(world.owner);
  UserChange change;
  change.password_hash = "changed";
  world.db.write([&](Transaction& tx) { change_user(tx, "owner", change); });
  EXPECT_EQ(status_of([&] { world.with_bearer(of_user); }), 401);

  const auto robot =
      world.with_bearer(world.add_robot({"project:demo:viewer"}));
  const std::string of_robot = issue(robot);
  EXPECT_EQ(world.with_bearer(of_robot).name, "robot$ci");
  world.db.write([&](Transaction& tx) { remove_token(tx, robot.token_id); });
  EXPECT_EQ(status_of([&] { world.with_bearer(of_robot); }), 401);
}

TEST(Users, KeepAtLeastOneServerAdmin) {
  World world;
  const auto change = [&](UserChange what) {
    world.db.write([&](Transaction& tx) { change_user(tx, "root", what); });
  };
  UserChange demote;
  demote.server_admin = false;
  EXPECT_EQ(code_of([&] { change(demote); }), ErrorCode::conflict);
  UserChange disable;
  disable.disabled = true;
  EXPECT_EQ(code_of([&] { change(disable); }), ErrorCode::conflict);
  EXPECT_EQ(code_of([&] {
              world.db.write([](Transaction& tx) { remove_user(tx, "root"); });
            }),
            ErrorCode::conflict);
  world.add_user("second", true);
  change(demote);
}

}  // namespace
}  // namespace skerry::auth
