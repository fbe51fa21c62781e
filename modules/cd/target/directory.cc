#include "target/directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "core/text/yaml.h"
#include "order.h"

namespace skerry::cd {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kLargestManifest = 16u << 20;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Names may hold ':' and '/' (roles): everything but letters, digits, '-' and
// '.' becomes %XX.
std::string file_safe(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    result += plain ? std::string(1, c)
                    : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

bool is_below(const fs::path& path, const fs::path& root) {
  const auto [end, rest] =
      std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end();
}

bool is_manifest(const std::string& name) {
  return name.size() > 5 && name[0] != '.' && name.ends_with(".yaml");
}

// ".<manifest>.<8 characters>": what write_file_atomically leaves when the
// process dies.
bool is_leftover(const std::string& name) {
  return name.size() > 14 && name[0] == '.' && name[name.size() - 9] == '.' &&
         is_manifest(name.substr(1, name.size() - 10));
}

std::vector<std::string> file_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    names.push_back(it->path().filename().native());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    fail_errno(folder.native(), error.value());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The manifest in a file when it is one of the application's; nothing for a
// file that cannot be read as a manifest, which is then simply missing.
std::optional<LiveResource> read_manifest(const fs::path& path,
                                          const std::string& application) {
  try {
    Json object =
        parse_yaml(read_file(path, kLargestManifest), path.filename().native());
    if (!object.is_object() || !is_tracked_by(object, application)) {
      return std::nullopt;
    }
    ResourceKey key = key_of(object);
    // A copy under another name is not ours: removing the key would not
    // remove it.
    if (path.filename().native() != manifest_file_name(key)) {
      return std::nullopt;
    }
    return LiveResource{std::move(key), std::move(object)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

class DirectoryTarget : public Target {
 public:
  explicit DirectoryTarget(DirectoryRoots roots) : roots_(std::move(roots)) {}

  void prepare(const TargetApp&, std::vector<Json>&) override {}

  Review review(const TargetApp& app,
                const std::vector<Json>& desired) override {
    folder(app);
    Review result;
    const bool argo =
        std::any_of(desired.begin(), desired.end(), has_argo_hook);
    for (const Json& object : desired) {
      const auto hook = hook_of(object, !argo);
      if (hook && !hook->skip) {
        result.problems[key_of(object)] =
            "is a hook, and a directory target cannot run hooks";
      }
    }
    return result;
  }

  std::string fingerprint(const TargetApp& app) override {
    const fs::path where = folder(app);
    Hasher hasher;
    for (const std::string& name : file_names(where)) {
      struct stat info {};
      if (::lstat((where / name).c_str(), &info) != 0) continue;
      hasher.update(fmt::format("{}\n{} {} {}.{} {}.{}\n", name, info.st_ino,
                                info.st_size, info.st_mtim.tv_sec,
                                info.st_mtim.tv_nsec, info.st_ctim.tv_sec,
                                info.st_ctim.tv_nsec));
    }
    return hasher.finish().hex;
  }

  std::vector<LiveResource> live(const TargetApp& app) override {
    std::vector<LiveResource> result;
    const fs::path where = folder(app);
    for (const std::string& name : file_names(where)) {
      if (!is_manifest(name) || !fs::is_regular_file(
                                    fs::symlink_status(where / name))) {
        continue;
      }
      auto found = read_manifest(where / name, app.name);
      if (found) result.push_back(std::move(*found));
    }
    return result;
  }

  void apply(const TargetApp& app, const Json& object,
             const std::vector<Json>&) override {
    const fs::path where = folder(app);
    make_folder(where);
    for (const std::string& name : file_names(where)) {
      if (is_leftover(name)) ::unlink((where / name).c_str());
    }
    write_file_atomically(where / manifest_file_name(key_of(object)),
                          to_yaml(object), 0644);
  }

  void remove(const TargetApp& app, const ResourceKey& key) override {
    const fs::path where = folder(app);
    const fs::path path = where / manifest_file_name(key);
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT) return;
      fail_errno(path.native());
    }
    fsync_folder(where);
  }

  void forget(const TargetApp& app) override {
    const fs::path where = folder(app);
    if (::rmdir(where.c_str()) != 0 && errno != ENOENT && errno != ENOTEMPTY) {
      fail_errno(where.native());
    }
  }

  void stop() override {}
  std::string health() override { return {}; }

 private:
  fs::path folder(const TargetApp& app) const {
    const fs::path where =
        directory_of(app.server, app.project, roots_()) / app.name;
    if (fs::is_symlink(fs::symlink_status(where))) {
      fail(ErrorCode::denied, "{} is a symbolic link", where.native());
    }
    return where;
  }

  // The root must be there (a share that is not mounted must not fill the
  // disk below it); the application's own folder is made.
  static void make_folder(const fs::path& where) {
    if (!fs::is_directory(where.parent_path())) {
      fail(ErrorCode::unavailable, "the folder {} does not exist",
           where.parent_path().native());
    }
    if (::mkdir(where.c_str(), 0755) == 0) {
      fsync_folder(where.parent_path());
    } else if (errno != EEXIST) {
      fail_errno(where.native());
    }
  }

  const DirectoryRoots roots_;
};

}  // namespace

std::unique_ptr<Target> make_directory_target(DirectoryRoots roots) {
  return std::make_unique<DirectoryTarget>(std::move(roots));
}

fs::path directory_of(std::string_view server, std::string_view project,
                      const std::string& roots) {
  constexpr std::string_view kScheme = "directory://";
  if (!server.starts_with(kScheme) || server.size() == kScheme.size() ||
      server[kScheme.size()] != '/') {
    fail(ErrorCode::invalid,
         "destination \"{}\" must be directory:///an/absolute/path", server);
  }
  const fs::path path =
      fs::weakly_canonical(fs::path(server.substr(kScheme.size())));
  std::string_view rest = roots;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view entry = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    const auto equals = entry.find('=');
    const bool named =
        equals != std::string_view::npos && equals < entry.find('/');
    if (named && entry.substr(0, equals) != project) continue;
    if (named) entry.remove_prefix(equals + 1);
    if (entry.empty() || entry[0] != '/') continue;
    std::string root = fs::weakly_canonical(fs::path(entry)).native();
    while (root.size() > 1 && root.ends_with('/')) root.pop_back();
    if (is_below(path, root)) return path;
  }
  fail(ErrorCode::denied,
       "the folder {} is below none of the folders in the setting "
       "cd.directory_roots that project {} may use",
       path.native(), project);
}

std::string manifest_file_name(const ResourceKey& key) {
  const std::string group = key.group.empty() ? "" : "." + key.group;
  return fmt::format("{:02}-{}_{}_{}.yaml", kind_rank(key.kind),
                     file_safe(lower(key.kind) + group),
                     file_safe(key.namespace_name), file_safe(key.name));
}

}  // namespace skerry::cd
