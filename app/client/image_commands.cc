#include "client/image_commands.h"

#include <fmt/format.h>

#include <iostream>
#include <utility>

#include "client/copy/copy_command.h"
#include "client/image_view.h"
#include "client/noun.h"
#include "client/output.h"
#include "client/sign/sign_commands.h"
#include "core/error.h"
#include "core/os/clock.h"

namespace skerry::app {
namespace {

constexpr const char* kForm = "PROJECT/REPOSITORY[:TAG|@DIGEST]";

struct ImageName {
  std::string project, repository;
  std::string reference;  // a tag or a digest; empty: the whole repository

  bool by_digest() const { return reference.find(':') != std::string::npos; }
  std::string images() const {
    return "/projects/" + encoded(project) + "/images";
  }
  // The query that names the repository, below one of the routes of images().
  std::string query() const { return "?repository=" + encoded(repository); }
  std::string manifest() const {
    return images() + "/manifest" + query() +
           "&reference=" + encoded(reference);
  }
};

// Neither a project's nor a repository's name has ':' or '@'.
ImageName image_name(const std::string& subject) {
  auto [project, rest] = two_parts(subject, kForm);
  const std::size_t end = rest.find_first_of(":@");
  ImageName name{std::move(project), rest.substr(0, end), ""};
  if (end != std::string::npos) name.reference = rest.substr(end + 1);
  if (name.repository.empty() ||
      (end != std::string::npos && name.reference.empty())) {
    fail(ErrorCode::invalid, "'{}' must have the form {}", subject, kForm);
  }
  return name;
}

void list_repositories(ClientOptions& o) {
  print_rows(std::cout,
             o.client()
                 .get("/projects/" + encoded(o.subject) + "/images")
                 .at("repositories"),
             {{"IMAGE", "/name"},
              {"TAGS", "/tags"},
              {"BYTES", "/size_bytes"},
              {"UPDATED", "/updated"}},
             o.json());
}

// By whom a tag's image is signed, as far as the policy knows the keys.
std::string signed_text(const Json& tag) {
  if (!tag.at("signed").get<bool>()) return "no";
  std::string names;
  for (const Json& name : tag.at("signed_by")) {
    names += (names.empty() ? "" : ",") + name.get<std::string>();
  }
  return names.empty() ? "yes" : "by " + names;
}

void list_tags(ClientOptions& o) {
  const auto name = image_name(o.subject);
  if (!name.reference.empty()) {
    fail(ErrorCode::invalid,
         "'{}' is one image: skerry image inspect shows it", o.subject);
  }
  Json tags =
      o.client().get(name.images() + "/tags" + name.query()).at("tags");
  if (!o.json()) {
    for (Json& tag : tags) {
      std::string platforms;
      for (const Json& one : tag.at("platforms")) {
        platforms += (platforms.empty() ? "" : ",") + one.get<std::string>();
      }
      tag["platforms"] = platforms.empty() ? "-" : platforms;
      tag["signed"] = signed_text(tag);
    }
  }
  print_rows(std::cout, tags,
             {{"TAG", "/name"},
              {"DIGEST", "/digest"},
              {"PLATFORMS", "/platforms"},
              {"BYTES", "/size_bytes"},
              {"PUSHED", "/pushed"},
              {"PULLS", "/pulls"},
              {"LAST PULL", "/last_pulled"},
              {"SIGNED", "/signed"}},
             o.json());
}

// What can be brought back; newest first.
Json deleted_of(ApiClient& client, const ImageName& name) {
  auto path = name.images() + "/deleted";
  if (!name.repository.empty()) path += name.query();
  return client.get(path).at("deleted");
}

void list_deleted(ClientOptions& o) {
  ApiClient client = o.client();
  const bool whole = o.subject.find('/') == std::string::npos;
  const auto name =
      whole ? ImageName{o.subject, "", ""} : image_name(o.subject);
  Json found = deleted_of(client, name);
  if (!o.json()) {
    for (Json& one : found) {
      if (!one.at("tag").is_null()) continue;
      std::string tags;
      for (const Json& tag : one.at("tags")) {
        tags += (tags.empty() ? "" : ",") + tag.get<std::string>();
      }
      one["tag"] = "image with " + (tags.empty() ? "no tags" : tags);
    }
  }
  print_rows(std::cout, found,
             {{"ID", "/id"},
              {"IMAGE", "/repository"},
              {"TAG", "/tag"},
              {"DIGEST", "/digest"},
              {"DELETED", "/deleted"},
              {"BY", "/deleted_by"},
              {"UNTIL", "/purged"}},
             o.json());
}

void list(ClientOptions& o) {
  if (o.deleted) return list_deleted(o);
  if (o.subject.find('/') == std::string::npos) return list_repositories(o);
  list_tags(o);
}

void inspect(ClientOptions& o) {
  auto name = image_name(o.subject);
  if (name.reference.empty()) name.reference = "latest";
  const Json details = o.client().get(name.manifest());
  if (o.json()) {
    std::cout << details.dump(2) << '\n';
    return;
  }
  print_image(std::cout,
              fmt::format("{}/{}{}{}", name.project, name.repository,
                          name.by_digest() ? '@' : ':', name.reference),
              details);
}

void say_undo(std::int64_t until, const std::string& subject) {
  if (until == 0) {
    std::cout << "This cannot be undone.\n";
    return;
  }
  std::cout << fmt::format(
      "Until {} it can be brought back: skerry image restore {}\n",
      to_rfc3339(until), subject);
}

// Until when the newest deletion there can be undone; 0: not at all.
std::int64_t undo_until(ApiClient& client, const ImageName& name) {
  const Json found = deleted_of(client, name);
  return found.empty() ? 0 : found[0].at("purged").get<std::int64_t>();
}

void remove_image(ApiClient& client, const ImageName& name,
                  const std::string& subject) {
  const Json details = client.get(name.manifest());
  client.send("DELETE", name.manifest());
  if (name.by_digest()) {
    std::cout << fmt::format(
        "{} is deleted with its {} tags; {} will be free when garbage is "
        "collected after that can no longer be undone.\n",
        subject, details.at("tags").size(),
        size_text(details.at("frees_bytes").get<std::int64_t>()));
  } else {
    std::cout << fmt::format(
        "The tag {} is deleted. It frees nothing by itself: the image stays "
        "as {}\n",
        subject, details.at("digest").get<std::string>());
  }
  const bool final = details.at("undo_ms").get<std::int64_t>() <= 0;
  say_undo(final ? 0 : undo_until(client, name), subject);
}

void remove(ClientOptions& o) {
  const auto name = image_name(o.subject);
  ApiClient client = o.client();
  if (!name.reference.empty()) return remove_image(client, name, o.subject);
  client.send("DELETE", name.images() + name.query());
  std::cout << fmt::format("{} is deleted with all its tags and images.\n",
                           o.subject);
  say_undo(undo_until(client, name), o.subject);
}

// Does this deleted tag or image go by the name that was given?
bool is_named(const Json& deleted, const ImageName& name) {
  if (name.by_digest()) return deleted.at("digest") == name.reference;
  if (!deleted.at("tag").is_null()) return deleted.at("tag") == name.reference;
  for (const Json& tag : deleted.at("tags")) {
    if (tag == name.reference) return true;
  }
  return false;
}

void restore_one(ApiClient& client, const ImageName& name,
                 const Json& deleted) {
  const Json answer =
      client.send("POST", fmt::format("{}/deleted/{}/restore", name.images(),
                                      deleted.at("id").dump()));
  for (const Json& tag : answer.at("skipped_tags")) {
    std::cerr << fmt::format("{} names another image by now and stays there\n",
                             tag.get<std::string>());
  }
}

// Everything that was deleted of a repository, in the order opposite to its
// deletion: an index needs its children, a tag its image.
bool restore_repository(ApiClient& client, const ImageName& name) {
  bool any = false;
  for (;;) {
    const Json page = deleted_of(client, name);
    if (page.empty()) return any;
    for (const Json& one : page) restore_one(client, name, one);
    any = true;
  }
}

// The newest deletion that fits.
bool restore_newest(ApiClient& client, const ImageName& name) {
  for (const Json& one : deleted_of(client, name)) {
    if (!is_named(one, name)) continue;
    restore_one(client, name, one);
    return true;
  }
  return false;
}

void restore(ClientOptions& o) {
  const auto name = image_name(o.subject);
  ApiClient client = o.client();
  const bool restored = name.reference.empty()
                            ? restore_repository(client, name)
                            : restore_newest(client, name);
  if (!restored) {
    fail(ErrorCode::not_found,
         "nothing that was deleted as {} can be brought back; skerry image ls "
         "--deleted {} lists what can",
         o.subject, name.project);
  }
  std::cout << fmt::format("{} is back.\n", o.subject);
}

}  // namespace

void add_image_commands(CLI::App& root, ClientOptions& o) {
  Noun image(root, "image", "Images");
  CLI::App* ls = image.verb(
      "ls", "A project's images, or the tags of one", [&o] { list(o); });
  ls->alias("list");
  ls->add_option("name", o.subject, "PROJECT or PROJECT/REPOSITORY")
      ->required();
  ls->add_flag("--deleted", o.deleted, "What can be brought back");
  image.verb("inspect", "What an image is made of", [&o] { inspect(o); })
      ->add_option("image", o.subject, kForm)
      ->required();
  CLI::App* rm = image.verb(
      "rm", "Delete a tag, by digest an image, or a repository with all of it",
      [&o] { remove(o); });
  rm->alias("delete");
  rm->add_option("image", o.subject, kForm)->required();
  image.verb("restore", "Bring back what was deleted", [&o] { restore(o); })
      ->add_option("image", o.subject, kForm)
      ->required();
  add_copy_command(image, o);
  add_sign_commands(image, o);
}

}  // namespace skerry::app
