#include "api.h"

#include "core/error.h"
#include "core/http/numbers.h"
#include "core/text/encoding.h"
#include "core/text/unicode.h"
#include "git_tree.h"
#include "history.h"
#include "receive_pack.h"

namespace skerry::git::api {
namespace {

namespace fs = std::filesystem;

Repository asked(Context& context, const http::Request& request) {
  return context.repositories.need(request.param("project"),
                                   request.param("repo"));
}

std::uint64_t size_of(const fs::path& folder) {
  std::uint64_t total = 0;
  std::error_code fault;
  for (fs::recursive_directory_iterator it(folder / "objects", fault), end;
       !fault && it != end; it.increment(fault)) {
    std::error_code ignored;
    std::uint64_t size =
        it->is_regular_file(ignored) ? it->file_size(ignored) : 0;
    if (!ignored) total += size;
  }
  return total;
}

std::string short_branch(std::string_view ref) {
  constexpr std::string_view kHeads = "refs/heads/";
  if (ref.starts_with(kHeads)) ref.remove_prefix(kHeads.size());
  return std::string(ref);
}

Json describe(Context& context, const http::Request& request,
              const Repository& repository) {
  auto lease = context.repositories.open(repository);
  auto refs = context.repositories.refs(repository, lease);
  return {
      {"project", repository.project},
      {"name", repository.name},
      {"description", repository.description},
      {"default_branch", unicode::repaired(short_branch(refs->head_target))},
      {"clone_url",
       fmt::format("{}/git/{}.git", request.base_url, repository.full_name())},
      {"size_bytes", size_of(context.repositories.folder(repository))},
      {"updated", repository.updated},
      {"created", repository.created},
      {"empty", refs->refs.empty()}};
}

// The commit that ?ref= names; HEAD without it.
Oid asked_commit(Context& context, const Repository& repository,
                 const http::Request& request) {
  std::string revision = request.query_param("ref").value_or("HEAD");
  auto commit = resolve(context, repository, revision);
  if (!commit) {
    fail(ErrorCode::not_found, "{} has no commit named '{}'",
         repository.full_name(), revision);
  }
  return *commit;
}

std::size_t asked_limit(const http::Request& request) {
  constexpr std::int64_t kDefault = 50, kMost = 1000;
  return static_cast<std::size_t>(
      http::query_number(request, "limit", kDefault, 1, kMost));
}

std::string_view kind_name(EntryKind kind) {
  switch (kind) {
    case EntryKind::file:
      return "file";
    case EntryKind::executable:
      return "executable";
    case EntryKind::symlink:
      return "symlink";
    case EntryKind::folder:
      return "folder";
    case EntryKind::submodule:
      return "submodule";
  }
  return "file";
}

Json list_folder(const Tree& tree, const std::string& path) {
  Json entries = Json::array();
  for (const TreeEntry& entry : tree.list(path)) {
    entries.push_back({{"name", unicode::repaired(entry.name)},
                       {"kind", kind_name(entry.kind)},
                       {"size", entry.size}});
  }
  return entries;
}

Json read_content(const Tree& tree, const std::string& path,
                  const TreeEntry& entry) {
  constexpr std::uint64_t kMost = 4u << 20;
  std::string content = tree.read(path, kMost);
  bool text =
      unicode::is_valid(content) && content.find('\0') == std::string::npos;
  return {{"kind", kind_name(entry.kind)},
          {"size", entry.size},
          {"encoding", text ? "utf-8" : "base64"},
          {"content", text ? content : to_base64(content)}};
}

}  // namespace

void list_repos(Context& context, http::Request& request,
                http::Response& response) {
  Json repos = Json::array();
  for (const Repository& repository :
       context.repositories.list(request.param("project"))) {
    repos.push_back(describe(context, request, repository));
  }
  response.send_json({{"repos", std::move(repos)}});
}

void create_repo(Context& context, http::Request& request,
                 http::Response& response) {
  Json body = request.read_json();
  refuse_unknown_members(body, {"name", "description", "default_branch"},
                         "the repository");
  Repository repository = context.repositories.create(
      request.identity, request.param("project"), required_string(body, "name"),
      optional_string(body, "description"),
      optional_string(body, "default_branch", "main"));
  response.status = 201;
  response.send_json(describe(context, request, repository));
}

void get_repo(Context& context, http::Request& request,
              http::Response& response) {
  response.send_json(describe(context, request, asked(context, request)));
}

void change_repo(Context& context, http::Request& request,
                 http::Response& response) {
  Repository repository = asked(context, request);
  Json body = request.read_json();
  refuse_unknown_members(body, {"name", "description", "default_branch"},
                         "the repository");
  if (body.contains("description")) {
    context.repositories.describe(request.identity, repository,
                                  required_string(body, "description"));
  }
  if (body.contains("default_branch")) {
    context.repositories.set_default_branch(
        request.identity, repository, required_string(body, "default_branch"));
  }
  std::string name = optional_string(body, "name", repository.name);
  if (name != repository.name) {
    repository =
        context.repositories.rename(request.identity, repository, name);
  }
  response.send_json(describe(
      context, request, context.repositories.need(repository.project, name)));
}

void delete_repo(Context& context, http::Request& request,
                 http::Response& response) {
  Repository repository = asked(context, request);
  context.repositories.remove(request.identity, repository);
  context.plans.forget(fmt::format("{}:", repository.id));
  response.status = 204;
}

void get_refs(Context& context, http::Request& request,
              http::Response& response) {
  Repository repository = asked(context, request);
  auto lease = context.repositories.open(repository);
  Json refs = Json::array();
  for (const Ref& ref : context.repositories.refs(repository, lease)->refs) {
    refs.push_back({{"name", unicode::repaired(ref.name)},
                    {"commit", ref.peeled.value_or(ref.id).hex()}});
  }
  response.send_json({{"refs", std::move(refs)}});
}

void get_commits(Context& context, http::Request& request,
                 http::Response& response) {
  Repository repository = asked(context, request);
  std::size_t limit = asked_limit(request);
  Json commits = Json::array();
  Oid start = asked_commit(context, repository, request);
  for (const CommitInfo& commit : read_log(context, repository, start, limit)) {
    commits.push_back({{"id", commit.id},
                       {"message", unicode::repaired(commit.message)},
                       {"author_name", unicode::repaired(commit.author_name)},
                       {"author_email", unicode::repaired(commit.author_email)},
                       {"time", commit.time},
                       {"parents", commit.parents}});
  }
  response.send_json({{"commits", std::move(commits)}});
}

void get_files(Context& context, http::Request& request,
               http::Response& response) {
  Repository repository = asked(context, request);
  Oid commit = asked_commit(context, repository, request);
  std::string path = clean_path(request.query_param("path").value_or(""));
  auto tree = open_git_tree(context, repository, commit);
  auto entry = tree->find(path);
  if (!entry) fail(ErrorCode::not_found, "{} does not exist", path);
  Json answer;
  if (entry->kind == EntryKind::folder) {
    answer["entries"] = list_folder(*tree, path);
  } else if (entry->kind == EntryKind::submodule) {
    fail(ErrorCode::invalid, "{} is a submodule, its files are not here", path);
  } else {
    answer = read_content(*tree, path, *entry);
  }
  answer["path"] = unicode::repaired(path);
  answer["commit"] = commit.hex();
  response.send_json(answer);
}

void get_protection(Context& context, http::Request& request,
                    http::Response& response) {
  Repository repository = asked(context, request);
  auto lease = context.repositories.open(repository);
  auto refs = context.repositories.refs(repository, lease);
  Json patterns = Json::array();
  for (const std::string& pattern : protection_of(repository, *refs)) {
    patterns.push_back(unicode::repaired(pattern));
  }
  response.send_json({{"patterns", std::move(patterns)}});
}

void put_protection(Context& context, http::Request& request,
                    http::Response& response) {
  Repository repository = asked(context, request);
  Json body = request.read_json();
  refuse_unknown_members(body, {"patterns"}, "the protection");
  auto patterns = body.find("patterns");
  if (patterns == body.end() || !patterns->is_array() ||
      patterns->size() > 100) {
    fail(ErrorCode::invalid, "patterns must be a list of at most 100 texts");
  }
  std::vector<std::string> list;
  for (const Json& pattern : *patterns) {
    if (!pattern.is_string() || pattern.get<std::string>().size() > 500 ||
        !pattern.get<std::string>().starts_with("refs/")) {
      fail(ErrorCode::invalid,
           "each pattern is a text like \"refs/heads/release/*\"");
    }
    list.push_back(pattern.get<std::string>());
  }
  context.repositories.protect(request.identity, repository, list);
  response.send_json({{"patterns", list}});
}

}  // namespace skerry::git::api
