#include "package.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "core/text/semver.h"
#include "core/text/yaml.h"
#include "gotemplate/print.h"

namespace skerry::chart {
namespace {

struct FreeWriter {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

la_ssize_t append_to_string(archive*, void* target, const void* data,
                            size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(data),
                                            size);
  return static_cast<la_ssize_t>(size);
}

void check(archive* writer, int status) {
  if (status < ARCHIVE_WARN) {
    fail(ErrorCode::internal, "packing a chart: {}",
         archive_error_string(writer));
  }
}

// No owner, no time: the bytes depend on nothing but the files.
class ArchiveWriter {
 public:
  ArchiveWriter() : writer_(archive_write_new()) {
    check(writer_.get(),
          archive_write_set_format_pax_restricted(writer_.get()));
    check(writer_.get(), archive_write_add_filter_gzip(writer_.get()));
    check(writer_.get(),
          archive_write_set_options(writer_.get(), "gzip:!timestamp"));
    archive_write_set_bytes_in_last_block(writer_.get(), 1);
    check(writer_.get(), archive_write_open(writer_.get(), &bytes_, nullptr,
                                            append_to_string, nullptr));
  }

  void add(const std::string& name, const std::string& data) {
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), 0, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(data.size()));
    check(writer_.get(), archive_write_header(writer_.get(), entry.get()));
    if (archive_write_data(writer_.get(), data.data(), data.size()) < 0) {
      check(writer_.get(), ARCHIVE_FATAL);
    }
  }

  std::string finish() {
    check(writer_.get(), archive_write_close(writer_.get()));
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  const std::unique_ptr<archive, FreeWriter> writer_;
};

// What Helm packs of a chart, in its order.
void add_chart(ArchiveWriter& writer, const Chart& chart,
               const std::string& folder) {
  if (chart.name().find('/') != std::string::npos) {
    fail(ErrorCode::invalid, "{} is not a valid chart name",
         quote(chart.name()));
  }
  const std::string base = folder + chart.name() + "/";
  Json metadata = metadata_as_json(chart.metadata);
  const bool is_old = chart.metadata.api_version == "v1";
  if (is_old) metadata.erase("dependencies");
  writer.add(base + "Chart.yaml", to_yaml(metadata));
  if (!is_old && chart.lock) {
    writer.add(base + "Chart.lock", lock_as_yaml(*chart.lock));
  }
  for (const File& file : chart.raw) {
    if (file.name == "values.yaml") writer.add(base + file.name, file.data);
  }
  if (chart.schema) {
    if (!Json::accept(*chart.schema)) {
      fail(ErrorCode::invalid, "invalid JSON in values.schema.json");
    }
    writer.add(base + "values.schema.json", *chart.schema);
  }
  for (const auto* files : {&chart.templates, &chart.files}) {
    for (const File& file : *files) writer.add(base + file.name, file.data);
  }
  for (const auto& sub : chart.dependencies) {
    add_chart(writer, *sub, base + "charts/");
  }
}

void set_values(Chart& chart,
                const std::map<std::string, std::string>& values) {
  if (values.empty()) return;
  auto file = std::find_if(
      chart.raw.begin(), chart.raw.end(),
      [](const File& one) { return one.name == "values.yaml"; });
  if (file == chart.raw.end()) {
    file = chart.raw.insert(file, File{"values.yaml", ""});
  }
  for (const auto& [name, value] : values) {
    file->data = set_value_in_yaml(file->data, name, value);
  }
}

std::vector<std::string> split_name(std::string_view name) {
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (const std::string& part : parts) {
    if (part.empty()) {
      fail(ErrorCode::invalid, "'{}' is no name of a value", name);
    }
  }
  return parts;
}

// The document with the member set; what stands in the way is replaced.
Json with_member(Json document, const std::vector<std::string>& path,
                 std::string_view value) {
  if (!document.is_object()) document = Json::object();
  Json* at = &document;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    at = &(*at)[path[i]];
    if (!at->is_object()) *at = Json::object();
  }
  (*at)[path.back()] = value;
  return document;
}

struct Line {
  std::size_t begin = 0, end = 0;  // without the line's end
  std::size_t indent = 0;
  std::string_view key;        // "" when the line is no "key:" line
  std::size_t value_begin = 0;  // behind the colon
};

Line read_line(std::string_view text, std::size_t begin) {
  Line line;
  line.begin = begin;
  line.end = std::min(text.find('\n', begin), text.size());
  const std::string_view all = text.substr(begin, line.end - begin);
  line.indent = std::min(all.find_first_not_of(' '), all.size());
  const std::string_view rest = all.substr(line.indent);
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos || rest[0] == '#' || rest[0] == '-' ||
      (colon + 1 < rest.size() && rest[colon + 1] != ' ')) {
    return line;
  }
  line.key = rest.substr(0, colon);
  line.value_begin = begin + line.indent + colon + 1;
  return line;
}

std::string quoted(std::string_view value) {
  return Json(value).dump();  // a JSON string is a double-quoted YAML scalar
}

// Replaces the scalar of one plain "key: value" line; nothing when no such
// line is found. The caller checks what came of it.
std::optional<std::string> replace_line(std::string_view text,
                                        const std::vector<std::string>& path,
                                        std::string_view value) {
  std::size_t depth = 0;                 // how much of the path is matched
  std::vector<std::size_t> indents{0};   // of the key at each depth
  for (std::size_t at = 0; at < text.size();) {
    const Line line = read_line(text, at);
    at = line.end + 1;
    if (line.key.empty()) continue;
    while (depth > 0 && line.indent <= indents[depth - 1]) --depth;
    if (line.key != path[depth]) continue;
    if (depth + 1 < path.size()) {
      indents.resize(depth + 1);
      indents[depth] = line.indent;
      ++depth;
      continue;
    }
    const std::string_view old =
        text.substr(line.value_begin, line.end - line.value_begin);
    const std::size_t comment = old.find(" #");
    std::string out(text.substr(0, line.value_begin));
    out += " " + quoted(value);
    if (comment != std::string_view::npos) out += old.substr(comment);
    out += text.substr(line.end);
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::string set_value_in_yaml(std::string_view text, std::string_view name,
                              std::string_view value) {
  const std::vector<std::string> path = split_name(name);
  const Json wanted =
      with_member(parse_yaml(text, "values.yaml"), path, value);
  if (const auto edited = replace_line(text, path, value)) {
    try {
      if (parse_yaml(*edited, "values.yaml") == wanted) return *edited;
    } catch (const Error&) {
      // The line was not what it seemed: a block scalar's, say.
    }
  }
  return to_yaml(wanted);
}

Package package_chart(const Tree& tree, std::string_view folder,
                      const PackageOptions& options) {
  const auto chart = load_chart(
      tree, folder, [](std::string_view, std::string_view) {});
  return package_loaded_chart(*chart, options);
}

Package package_loaded_chart(Chart& chart, const PackageOptions& options) {
  Metadata& metadata = chart.metadata;
  if (!options.version.empty()) metadata.version = options.version;
  if (!options.app_version.empty()) metadata.app_version = options.app_version;
  for (const auto& [key, value] : options.annotations) {
    metadata.annotations[key] = value;
  }
  validate_metadata(metadata);
  if (options.needs_whole_version && !SemVer::parse(metadata.version)) {
    fail(ErrorCode::invalid,
         "chart {}: version '{}' is not a semantic version such as 1.2.3",
         metadata.name, metadata.version);
  }
  set_values(chart, options.values);
  ArchiveWriter writer;
  add_chart(writer, chart, "");
  return {metadata, writer.finish()};
}

}  // namespace skerry::chart
