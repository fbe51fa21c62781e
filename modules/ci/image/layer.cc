#include "image/layer.h"

#include <fcntl.h>

#include "core/error.h"
#include "core/os/fd.h"
#include "image/tar.h"

namespace skerry::ci {

std::string LayerBuilder::make_folders(std::string_view path,
                                       const Owner& owner, unsigned mode) {
  std::string done;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    const std::string wanted =
        done.empty() ? std::string(part) : done + '/' + std::string(part);
    done = files_.resolve(wanted);
    const auto found = files_.find(done);
    if (!found) {
      FileNode folder;
      folder.kind = FileNode::Kind::folder;
      folder.mode = rest.empty() ? mode : 0755;
      folder.user = owner.user;
      folder.group = owner.group;
      // A link may lead to a folder whose own parents are missing.
      if (done != wanted) make_folders(parent_of(done), owner);
      put(done, std::move(folder));
    } else if (found->kind != FileNode::Kind::folder) {
      fail(ErrorCode::invalid, "'/{}' is not a folder in the image", wanted);
    }
  }
  return done;
}

void LayerBuilder::put(const std::string& path, FileNode node) {
  const auto found = files_.find(path);
  const bool is_folder = node.kind == FileNode::Kind::folder;
  if (found && !is_folder && found->kind == FileNode::Kind::folder) {
    fail(ErrorCode::invalid,
         "'/{}' is a folder in the image; a file cannot take its place", path);
  }
  files_.put(path, node);
  added_.insert_or_assign(path, std::move(node));
}

LayerFile LayerBuilder::write(const std::filesystem::path& file,
                              std::int64_t modified) const {
  const Fd fd(
      ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (!fd) fail_errno(file.string());
  TarWriter writer(fd.get(), modified);
  for (const bool hard_links : {false, true}) {
    for (const auto& [path, node] : added_) {
      if ((node.kind == FileNode::Kind::hardlink) == hard_links) {
        writer.add(path, node);
      }
    }
  }
  LayerFile out{file, writer.finish(), 0};
  out.size = writer.size();
  return out;
}

}  // namespace skerry::ci
