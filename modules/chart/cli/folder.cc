#include "cli/folder.h"

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/os/file.h"
#include "helm/log.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

class ChartFolder : public Tree {
 public:
  ChartFolder(std::string root, const Log& log)
      : root_(std::move(root)), log_(log) {}

  std::string id() const override { return {}; }

  std::optional<TreeEntry> find(std::string_view path) const override {
    std::error_code error;
    fs::path file = place_of(path);
    auto status = fs::status(file, error);
    if (!fs::exists(status)) return std::nullopt;
    return describe(file, status);
  }

  std::vector<TreeEntry> list(std::string_view folder) const override {
    std::vector<TreeEntry> entries;
    std::error_code error;
    fs::directory_iterator items(place_of(folder), error);
    if (error) fail_errno(place_of(folder).native(), error.value());
    for (auto& item : items) {
      if (item.is_symlink()) tell_of_link(item.path());
      entries.push_back(describe(item.path(), fs::status(item.path())));
    }
    std::sort(entries.begin(), entries.end(), [](auto& a, auto& b) {
      return a.name < b.name;
    });
    return entries;
  }

  std::string read(std::string_view path, std::uint64_t limit) const override {
    fs::path file = place_of(path);
    std::error_code error;
    if (!fs::is_regular_file(fs::status(file, error))) {
      fail(ErrorCode::invalid,
           "cannot load irregular file {} as it has file mode type bits set",
           file.native());
    }
    return read_file(file, limit);
  }

 private:
  fs::path place_of(std::string_view path) const {
    return path.empty() ? fs::path(root_)
                        : fs::path(root_ + "/" + std::string(path));
  }

  // Pipes and devices are shown as files: reading them is refused.
  static TreeEntry describe(const fs::path& file, fs::file_status status) {
    TreeEntry entry{file.filename().native(), EntryKind::file, 0};
    std::error_code ignored;
    if (fs::is_directory(status)) {
      entry.kind = EntryKind::folder;
    } else if (fs::is_regular_file(status)) {
      entry.size = fs::file_size(file, ignored);
    }
    return entry;
  }

  // The first place on a link's way that does not exist.
  static fs::path missing_of(fs::path link) {
    std::error_code ignored;
    for (int i = 0; i < 40 && fs::is_symlink(fs::symlink_status(link, ignored));
         ++i) {
      link = fs::weakly_canonical(
          link.parent_path() / fs::read_symlink(link, ignored), ignored);
    }
    fs::path so_far;
    for (const fs::path& part : link) {
      so_far /= part;
      if (!fs::exists(so_far, ignored)) break;
    }
    return so_far;
  }

  void tell_of_link(const fs::path& link) const {
    std::error_code error;
    fs::path resolved = fs::canonical(link, error);
    if (error) {
      fail(ErrorCode::not_found,
           "error evaluating symlink {}: lstat {}: no such file or directory",
           link.native(), missing_of(link).native());
    }
    log_("INFO", fmt::format("msg=\"found symbolic link in path. Contents of "
                             "linked file included and used\" path={} "
                             "resolved={}",
                             log_value(link.native()),
                             log_value(resolved.native())));
  }

  const std::string root_;
  const Log& log_;
};

}  // namespace

std::string absolute_path(const std::string& path) {
  std::string out = fs::absolute(path).lexically_normal().native();
  while (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

std::unique_ptr<Tree> open_chart_folder(const std::string& path,
                                        const Log& log) {
  return std::make_unique<ChartFolder>(absolute_path(path), log);
}

}  // namespace skerry::chart
