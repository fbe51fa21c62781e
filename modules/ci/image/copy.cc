#include "image/copy.h"

#include <algorithm>

#include "core/error.h"
#include "image/pattern.h"
#include "image/tar.h"

namespace skerry::ci {
namespace {

// Paths of `from` that match, sorted; symlinks in folders are followed.
void match_sources(const SourceFiles& from, const std::string& folder,
                   std::string_view pattern, std::vector<std::string>& out) {
  const std::size_t slash = pattern.find('/');
  const std::string_view part = pattern.substr(0, slash);
  for (const std::string& name : from.list(folder)) {
    if (!match_pattern(part, name)) continue;
    const std::string path = folder.empty() ? name : folder + '/' + name;
    if (slash == std::string_view::npos) {
      out.push_back(path);
      continue;
    }
    const std::string inside = from.resolve(path);
    const auto node = from.find(inside);
    if (node && node->kind == FileNode::Kind::folder) {
      match_sources(from, inside, pattern.substr(slash + 1), out);
    }
  }
}

bool leaves_root(std::string_view path) {
  int depth = 0;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part == "..") {
      if (--depth < 0) return true;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return false;
}

class Copier {
 public:
  Copier(const SourceFiles& from, const CopyRequest& request,
         LayerBuilder& layer)
      : from_(from), request_(request), layer_(layer) {}

  void run() {
    const std::vector<std::string> sources = find_sources();
    const bool is_folder_form = request_.target.ends_with('/');
    if (sources.size() > 1 && !is_folder_form) {
      fail(ErrorCode::invalid,
           "with more than one source the target must end with '/', unlike "
           "'{}'",
           request_.target);
    }
    for (const std::string& source : sources) copy(source, is_folder_form);
  }

 private:
  std::vector<std::string> find_sources() const {
    std::vector<std::string> out;
    for (const std::string& written : request_.sources) {
      if (written.find("://") != std::string::npos) {
        fail(ErrorCode::invalid,
             "'{}': fetching from other servers is not supported", written);
      }
      if (request_.refuse_outside && leaves_root(written)) {
        fail(ErrorCode::invalid, "'{}' leaves {}", written, request_.from_name);
      }
      const std::string path = clean_rooted(written);
      if (!is_pattern(path)) {
        out.push_back(path);
        continue;
      }
      if (const auto fault = pattern_fault(path); !fault.empty()) {
        fail(ErrorCode::invalid, "'{}': {}", written, fault);
      }
      const std::size_t before = out.size();
      match_sources(from_, "", path, out);
      if (out.size() == before) {
        fail(ErrorCode::invalid, "nothing in {} matches '{}'",
             request_.from_name, written);
      }
    }
    return out;
  }

  Owner owner_of(const FileNode& node) const {
    return request_.owner.value_or(Owner{node.user, node.group});
  }

  FileNode adopt(FileNode node) const {
    const Owner owner = owner_of(node);
    node.user = owner.user;
    node.group = owner.group;
    if (request_.mode && node.kind != FileNode::Kind::symlink) {
      node.mode = *request_.mode;
    }
    if (node.kind == FileNode::Kind::other) {
      fail(ErrorCode::invalid, "devices and pipes cannot be copied");
    }
    return node;
  }

  void copy(const std::string& source, bool is_folder_form) {
    const std::string path = resolve(source);
    auto node = from_.find(path);
    if (!node) {
      fail(ErrorCode::not_found, "'{}' is not in {}", source,
           request_.from_name);
    }
    if (node->kind == FileNode::Kind::folder) {
      copy_content(path, clean_rooted(request_.target));
      return;
    }
    if (request_.unpack_to && unpack(*node)) return;
    std::string target = clean_rooted(request_.target);
    const auto there = layer_.files().find(layer_.files().resolve(target));
    if (is_folder_form || (there && there->kind == FileNode::Kind::folder)) {
      target = join(target, base_of(source));
    }
    put(target, adopt(std::move(*node)), /*follow=*/true);
  }

  std::string resolve(const std::string& source) const {
    try {
      return from_.resolve(source);
    } catch (const Error& e) {
      throw e.in("'" + source + "'");
    }
  }

  static std::string join(std::string_view folder, std::string_view name) {
    return folder.empty() ? std::string(name)
                          : std::string(folder) + '/' + std::string(name);
  }

  // Folders on the way belong to --chown's owner, otherwise to root.
  void put(const std::string& target, FileNode node, bool follow) {
    const std::string folder = layer_.make_folders(
        parent_of(target), request_.owner.value_or(Owner{}));
    std::string path = join(folder, base_of(target));
    if (follow) {
      path = layer_.files().resolve(path);
      layer_.make_folders(parent_of(path), request_.owner.value_or(Owner{}));
    }
    layer_.put(path, std::move(node));
  }

  // What is in the folder; the target itself is made as any missing folder is.
  void copy_content(const std::string& source, const std::string& target) {
    const std::string into =
        layer_.make_folders(target, request_.owner.value_or(Owner{}));
    for (const std::string& name : from_.list(source)) {
      const std::string path = join(source, name);
      auto node = from_.find(path);
      if (!node) continue;
      const std::string to = join(into, name);
      if (node->kind != FileNode::Kind::folder) {
        put(to, adopt(std::move(*node)), /*follow=*/false);
        continue;
      }
      const FileNode as = adopt(std::move(*node));
      layer_.make_folders(to, {as.user, as.group}, as.mode);
      copy_content(path, to);
    }
  }

  // Whether it is an archive; then its files are in the layer.
  bool unpack(const FileNode& node) {
    if (node.kind != FileNode::Kind::file) return false;
    const std::string bytes = node.content.read(request_.max_file_bytes);
    if (!is_tar(bytes)) return false;
    const std::string root = clean_rooted(request_.target);
    layer_.make_folders(root, request_.owner.value_or(Owner{}));
    TarReader reader(bytes);
    while (auto entry = reader.next()) unpack_entry(reader, *entry, root);
    return true;
  }

  void unpack_entry(TarReader& reader, TarEntry& entry,
                    const std::string& root) {
    if (entry.path.starts_with('/') || leaves_root(entry.path)) {
      fail(ErrorCode::invalid, "the archive's entry '{}' leaves the archive",
           entry.path);
    }
    const std::string path = join(root, clean_rooted(entry.path));
    if (clean_rooted(entry.path).empty()) return;
    FileNode node = adopt(std::move(entry.node));
    if (node.kind == FileNode::Kind::folder) {
      layer_.make_folders(path, {node.user, node.group}, node.mode);
      return;
    }
    if (node.kind == FileNode::Kind::hardlink) {
      node.target =
          layer_.files().resolve(join(root, clean_rooted(node.target)));
      const auto there = layer_.files().find(node.target);
      if (!there || there->kind != FileNode::Kind::file) {
        fail(ErrorCode::invalid, "the archive links '{}' to what is no file",
             entry.path);
      }
    } else if (node.kind == FileNode::Kind::file) {
      keep_content(reader, node);
    }
    put(path, std::move(node), /*follow=*/false);
  }

  void keep_content(TarReader& reader, FileNode& node) const {
    Spool& spool = *request_.unpack_to;
    node.content.offset = spool.size();
    node.content.spool = request_.unpack_to;
    std::uint64_t size = 0;
    reader.read([&](std::string_view piece) {
      if (spool.size() + piece.size() > request_.max_unpacked_bytes) {
        fail(ErrorCode::too_large, "the archive unpacks to more than {} bytes",
             request_.max_unpacked_bytes);
      }
      spool.append(piece);
      size += piece.size();
    });
    node.content.size = size;
  }

  const SourceFiles& from_;
  const CopyRequest& request_;
  LayerBuilder& layer_;
};

}  // namespace

void copy_files(const SourceFiles& from, const CopyRequest& request,
                LayerBuilder& layer) {
  Copier(from, request, layer).run();
}

}  // namespace skerry::ci
