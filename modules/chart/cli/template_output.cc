#include "cli/template_output.h"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>

#include "core/error.h"
#include "gotemplate/funcs/common.h"
#include "helm/glob.h"

namespace skerry::chart {

namespace {

std::string source_comment(const Manifest& manifest) {
  return fmt::format("---\n# Source: {}\n{}\n", manifest.path,
                     manifest.content);
}

// Documents of one template go into one file.
class OutputFiles {
 public:
  explicit OutputFiles(std::ostream& out) : out_(out) {}

  // Hooks are put behind what the file holds, whoever wrote that.
  void write(const std::string& folder, const Manifest& manifest,
             bool is_hook) {
    std::string file = folder + "/" + manifest.path;
    std::filesystem::path path(file);
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) {
      fail_errno("mkdir " + path.parent_path().native(), error.value());
    }
    bool appends = !written_.insert(file).second ||
                   (is_hook && std::filesystem::exists(path, error));
    std::ofstream stream(path, appends ? std::ios::app : std::ios::trunc);
    stream << source_comment(manifest);
    stream.close();
    if (!stream) fail(ErrorCode::io, "{} cannot be written", file);
    out_ << "wrote " << file << '\n';
  }

 private:
  std::ostream& out_;
  std::set<std::string> written_;
};

void write_files(const Release& release, const TemplateOutput& output,
                 std::ostream& out) {
  OutputFiles files(out);
  std::string folder = output.folder;
  if (!output.sub_folder.empty()) folder.append("/").append(output.sub_folder);
  for (auto& crd : release.crds) files.write(output.folder, crd, false);
  for (auto& manifest : release.manifests) {
    files.write(folder, manifest, false);
  }
  for (auto& hook : output.hooks) files.write(folder, hook.manifest, true);
}

// "# Source: app/templates/x.yaml" -> "templates/x.yaml"
std::string source_of(const std::string& document) {
  constexpr std::string_view kMark = "# Source: ";
  std::size_t found = document.find(kMark);
  if (found == document.npos) return "";
  std::size_t start = found + kMark.size();
  std::size_t end = std::min(document.find('\n', start), document.size());
  std::string path = document.substr(start, end - start);
  std::size_t slash = path.find('/');
  return slash == path.npos ? "" : path.substr(slash + 1);
}

std::string only_parts(const std::vector<std::string>& patterns,
                       const std::string& text) {
  auto documents = split_manifests(text);
  std::string out;
  for (auto& pattern : patterns) {
    bool is_missing = true;
    for (auto& document : documents) {
      std::string source = source_of(document);
      if (source.empty() || !path_match(pattern, source).value_or(false)) {
        continue;
      }
      out.append("---\n").append(document).append("\n");
      is_missing = false;
    }
    if (is_missing) {
      fail(ErrorCode::not_found, "could not find template {} in chart",
           pattern);
    }
  }
  return out;
}

}  // namespace

void put_out(const Release& release, const TemplateOutput& output,
             std::ostream& out) {
  std::string text;
  if (!output.folder.empty()) {
    write_files(release, output, out);
    text += '\n';
  } else {
    for (auto& crd : release.crds) text += source_comment(crd);
    for (auto& manifest : release.manifests) text += source_comment(manifest);
    text = fmt::format("{}\n", trim_space(text));
    for (auto& hook : output.hooks) text += source_comment(hook.manifest);
  }
  out << (output.only.empty() ? text : only_parts(output.only, text));
}

}  // namespace skerry::chart
