#include "runs/server_host.h"

#include <unistd.h>

#include <algorithm>

#include "core/error.h"
#include "core/os/random.h"
#include "core/text/json.h"
#include "image/build.h"
#include "runs/reports.h"
#include "runs/retention.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxChangedPaths = 10'000;

// The paths of a local clone, without Git's own folder.
class WithoutGit : public Tree {
 public:
  explicit WithoutGit(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
  std::string id() const override { return tree_->id(); }
  std::optional<TreeEntry> find(std::string_view path) const override {
    return tree_->find(path);
  }
  std::vector<TreeEntry> list(std::string_view folder) const override {
    auto entries = tree_->list(folder);
    if (folder.empty()) {
      std::erase_if(entries,
                    [](const TreeEntry& e) { return e.name == ".git"; });
    }
    return entries;
  }
  std::string read(std::string_view path, std::uint64_t limit) const override {
    return tree_->read(path, limit);
  }

 private:
  std::unique_ptr<Tree> tree_;
};

// The registry as a pipeline of one project may read it: its own images and
// those that anyone may pull. It writes to its own project only.
class ProjectImages : public ImageStore {
 public:
  ProjectImages(ImageStore& images, auth::Accounts& accounts,
                std::string project)
      : images_(images), accounts_(accounts), project_(std::move(project)) {}

  std::optional<StoredManifest> find_manifest(
      std::string_view repository, std::string_view reference) const override {
    check(repository);
    return images_.find_manifest(repository, reference);
  }
  Fd open_blob(std::string_view repository,
               const Digest& digest) const override {
    check(repository);
    return images_.open_blob(repository, digest);
  }
  std::unique_ptr<BlobWriter> create_blob(
      std::string_view repository) override {
    return images_.create_blob(repository);
  }
  void link_blob(std::string_view repository, const Digest& digest,
                 std::string_view from_repository) override {
    check(from_repository);
    images_.link_blob(repository, digest, from_repository);
  }
  Digest put_manifest(std::string_view repository,
                      const std::vector<std::string>& tags,
                      std::string_view media_type,
                      std::string_view bytes) override {
    return images_.put_manifest(repository, tags, media_type, bytes);
  }

 private:
  void check(std::string_view repository) const {
    const std::string_view project = repository.substr(0, repository.find('/'));
    if (project == project_ ||
        accounts_.allows({}, http::Access::project_viewer, project)) {
      return;
    }
    fail(ErrorCode::denied,
         "a pipeline of the project {} may not read the image {}", project_,
         repository);
  }

  ImageStore& images_;
  auth::Accounts& accounts_;
  const std::string project_;
};

}  // namespace

std::string registry_host(const std::string& base_url) {
  const auto scheme = base_url.find("://");
  std::string host =
      scheme == std::string::npos ? base_url : base_url.substr(scheme + 3);
  return host.substr(0, host.find('/'));
}

std::vector<std::string> differing_paths(const Tree& before, const Tree& after,
                                         std::size_t limit) {
  std::vector<std::string> paths;
  const auto add = [&](const std::string& path) {
    if (paths.size() < limit) paths.push_back(path);
  };
  const auto same = [&](const std::string& path, const TreeEntry& a,
                        const TreeEntry& b) {
    if (a.kind != b.kind || a.size != b.size) return false;
    if (a.kind == EntryKind::folder || a.kind == EntryKind::submodule) {
      return true;
    }
    return before.read(path) == after.read(path);
  };
  walk(after, "", [&](const std::string& path, const TreeEntry& entry) {
    if (entry.kind == EntryKind::folder || paths.size() >= limit) return;
    const auto old = before.find(path);
    if (!old || !same(path, *old, entry)) add(path);
  });
  walk(before, "", [&](const std::string& path, const TreeEntry& entry) {
    if (entry.kind == EntryKind::folder || paths.size() >= limit) return;
    if (!after.find(path)) add(path);
  });
  return paths;
}

ServerHost::ServerHost(Context& context, const Run& run,
                       std::filesystem::path folder)
    : context_(context), run_(run), folder_(std::move(folder)) {}

void ServerHost::stage_started(int stage, std::uint64_t log_offset) {
  context_.store.start_stage(run_.id, stage, context_.services.clock.now(),
                             log_offset);
  context_.board.touch(run_.id);
}

void ServerHost::stage_finished(int stage, Result result,
                                std::uint64_t log_offset) {
  context_.store.finish_stage(run_.id, stage, result,
                              context_.services.clock.now(), log_offset);
  context_.board.touch(run_.id);
}

std::unique_ptr<Site> ServerHost::prepare_site() {
  const std::string network =
      context_.configuration.network(run_.project)
          .value_or(context_.services.settings.text("ci.network"));
  SiteRequest request;
  request.name =
      fmt::format("{}-{}-{}", run_.project, run_.repo, run_.number);
  request.host_network = network == "host";
  if (keep_time(context_).count() > 0) {
    request.keep_at = context_.kept_folder(run_) /
                      fmt::format("workspace-{}", ++workspaces_);
  }
  return context_.executor->prepare(request);
}

void ServerHost::check_out_scm(
    Site& site, std::string_view folder,
    const std::function<void(std::string_view)>& note) {
  const auto tree =
      context_.sources.tree(run_.project, run_.repo, run_.commit);
  note(fmt::format("Checking out {}/{} at {}", run_.project, run_.repo,
                   run_.commit));
  check_out(*tree, site.workspace(), folder, note);
}

// A run reads its own project and what is public; for anything else the
// credential must belong to someone who may.
void ServerHost::check_access(const LocalRepository& repository,
                              const Credential& credential) {
  if (repository.project == run_.project) return;
  auth::Accounts& accounts = context_.services.accounts;
  http::Identity who;
  if (!credential.secret.empty()) {
    auto known = accounts.check_credentials(credential.user, credential.secret,
                                            "pipeline");
    if (!known) {
      fail(ErrorCode::denied, "the credential is not accepted for {}/{}",
           repository.project, repository.repo);
    }
    who = *known;
  }
  if (!accounts.allows(who, http::Access::project_viewer, repository.project)) {
    fail(ErrorCode::denied,
         "{}/{} is not readable for this pipeline; give a credentialsId that "
         "may read it",
         repository.project, repository.repo);
  }
}

void ServerHost::check_out_git(
    const std::string& url, const std::string& branch,
    const std::string& credentials_id, Site& site, std::string_view folder,
    const std::function<void(std::string_view)>& note, std::stop_token stop) {
  Credential login;
  if (!credentials_id.empty()) {
    login = credential(credentials_id);
    if (login.kind != Credential::Kind::username_password) {
      fail(ErrorCode::invalid,
           "the credential '{}' is not of the kind username_password",
           credentials_id);
    }
  }
  if (const auto local = context_.sources.local_repository(url)) {
    check_access(*local, login);
    const auto commit = context_.sources.resolve(local->project, local->repo,
                                                 "refs/heads/" + branch);
    if (!commit) {
      fail(ErrorCode::not_found, "{}/{} has no branch '{}'", local->project,
           local->repo, branch);
    }
    note(fmt::format("Checking out {}/{} at {}", local->project, local->repo,
                     *commit));
    check_out(*context_.sources.tree(local->project, local->repo, *commit),
              site.workspace(), folder, note);
    return;
  }
  const auto clone = folder_ / ("clone-" + random_name(8));
  std::filesystem::create_directories(clone);
  note(fmt::format("Cloning {} ({})", url, branch));
  const std::string commit = context_.sources.clone_external(
      {url, branch, login.user, login.secret}, clone, stop);
  note(fmt::format("Checking out {}", commit));
  check_out(WithoutGit(open_folder_tree(clone.native())), site.workspace(),
            folder, note);
  std::filesystem::remove_all(clone);
}

Credential ServerHost::credential(const std::string& id) {
  return context_.credentials.open(run_.project, id);
}

void ServerHost::add_artifact(const std::string& path, const Fd& content) {
  const auto limit = static_cast<std::uint64_t>(
      context_.services.settings.integer("ci.max_artifact_size"));
  auto writer = context_.services.blobs.create();
  char buffer[64 << 10];
  for (;;) {
    const ssize_t got = ::read(content.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path);
    if (got == 0) break;
    writer->write({buffer, static_cast<std::size_t>(got)});
    if (writer->size() > limit) {
      fail(ErrorCode::too_large,
           "{} is larger than {} bytes (setting ci.max_artifact_size)", path,
           limit);
    }
  }
  const auto size = static_cast<std::int64_t>(writer->size());
  const Digest digest = writer->commit();
  context_.store.add_artifact(run_.id, {path, digest.to_string(), size});
}

void ServerHost::add_tests(const std::vector<TestSuite>& suites) {
  auto writer = context_.services.blobs.create();
  writer->write(suites_to_json(suites));
  const TestCounts counts = count(suites);
  context_.store.add_tests(run_.id, writer->commit().to_string(), counts.total,
                           counts.failed, counts.skipped);
  context_.board.touch(run_.id);
}

// "hello", "demo/hello", "ci.example:8080/demo/hello" -> "demo/hello".
std::string ServerHost::repository_of(const std::string& image) const {
  std::string name = image;
  const std::string host = registry_host(context_.base_url()) + "/";
  if (name.starts_with(host)) name = name.substr(host.size());
  if (name.find('/') == std::string::npos) {
    return fmt::format("{}/{}", run_.project, name);
  }
  if (!name.starts_with(run_.project + "/")) {
    fail(ErrorCode::denied,
         "a pipeline of the project {} may not push the image {}", run_.project,
         image);
  }
  return name;
}

BuiltImage ServerHost::build_image(
    const Tree& context, const ImageOrder& order,
    const std::function<void(std::string_view)>& log, std::stop_token stop) {
  std::string image = order.image;
  BuildRequest request;
  request.tags = order.tags;
  const auto colon = image.rfind(':');
  const auto slash = image.rfind('/');
  if (colon != std::string::npos &&
      (slash == std::string::npos || colon > slash)) {
    request.tags.insert(request.tags.begin(), image.substr(colon + 1));
    image.resize(colon);
  }
  if (request.tags.empty()) request.tags.push_back(run_.commit.substr(0, 12));
  const std::string host = registry_host(context_.base_url());
  const CommitInfo commit =
      context_.sources.commit(run_.project, run_.repo, run_.commit);
  request.context = &context;
  request.dockerfile = order.dockerfile;
  request.repository = repository_of(image);
  request.build_args = order.build_args;
  request.target = order.target;
  request.epoch = commit.time / 1000;
  request.registry_hosts = {host};
  request.labels = {{"org.opencontainers.image.revision", run_.commit}};
  request.work_folder = folder_ / ("image-" + random_name(8));
  request.log = log;
  request.stop = stop;
  std::filesystem::create_directories(request.work_folder);
  ProjectImages images(context_.images, context_.services.accounts,
                       run_.project);
  const BuildResult built = skerry::ci::build_image(request, images);
  std::filesystem::remove_all(request.work_folder);
  return {fmt::format("{}/{}", host, request.repository), request.tags.front(),
          built.digest.to_string(), request.tags};
}

std::string ServerHost::run_url() const {
  return fmt::format("{}/projects/{}/repos/{}/runs/{}", context_.base_url(),
                     run_.project, run_.repo, run_.number);
}

PublishedChart ServerHost::publish_chart(const Tree& workspace,
                                         const ChartOrder& order) {
  ChartPublication chart;
  chart.project = run_.project;
  chart.workspace = &workspace;
  chart.path = order.path;
  chart.version = order.version;
  chart.app_version = order.app_version;
  chart.values = order.values;
  chart.provenance = {{"commit", run_.commit},
                      {"ref", run_.ref},
                      {"run", run_url()},
                      {"repository", run_.job_name()}};
  const ChartPublicationResult done = context_.charts.publish(chart);
  return {done.name, done.version, done.digest};
}

std::optional<std::vector<std::string>> ServerHost::changed_paths() {
  const auto previous = context_.store.previous(run_);
  if (!previous) return std::nullopt;
  try {
    const auto before = context_.sources.tree(run_.project, run_.repo,
                                              previous->commit);
    const auto after =
        context_.sources.tree(run_.project, run_.repo, run_.commit);
    return differing_paths(*before, *after, kMaxChangedPaths);
  } catch (const Error& error) {
    // Its commit was forced away and collected: unknown, as without one.
    if (error.code() != ErrorCode::not_found) throw;
    return std::nullopt;
  }
}

}  // namespace skerry::ci
