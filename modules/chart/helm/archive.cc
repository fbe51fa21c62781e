#include "helm/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "gotemplate/funcs/common.h"

namespace skerry::chart {

namespace {

struct FreeReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, FreeReader>;

[[noreturn]] void fail_read(archive* reader) {
  const char* text = archive_error_string(reader);
  std::string_view why = text ? text : "";
  if (why.find("runcated") != why.npos) {
    fail(ErrorCode::invalid, "unexpected EOF");
  }
  if (why.find("Unrecognized") != why.npos ||
      why.find("Damaged tar") != why.npos) {
    fail(ErrorCode::invalid, "archive/tar: invalid tar header");
  }
  fail(ErrorCode::invalid, "chart archive is damaged: {}", why);
}

Reader open_reader(std::string_view bytes) {
  if (bytes.empty()) fail(ErrorCode::invalid, "EOF");
  if (bytes.size() < 10) fail(ErrorCode::invalid, "unexpected EOF");
  if (!bytes.starts_with("\x1F\x8B\x08")) {
    fail(ErrorCode::invalid, "gzip: invalid header");
  }
  Reader reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_empty(reader.get());
  archive_read_support_filter_gzip(reader.get());
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) !=
      ARCHIVE_OK) {
    fail_read(reader.get());
  }
  return reader;
}

// Go's path.Clean of a relative path.
std::string cleaned(std::string_view path) {
  std::vector<std::string> kept;
  for (auto& part : go_split(path, "/", -1)) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else {
      kept.push_back(part);
    }
  }
  std::string out;
  for (auto& part : kept) out += (out.empty() ? "" : "/") + part;
  return out.empty() ? "." : out;
}

bool names_a_drive(std::string_view name) {
  auto is_letter = [](char c) {
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
  };
  return name.size() > 2 && is_letter(name[0]) && name[1] == ':' &&
         name[2] == '/';
}

// "app/templates/x.yaml" -> "templates/x.yaml"; archives of Windows may have
// backslashes.
std::string name_in_chart(std::string_view path) {
  char delimiter = path.find('\\') == path.npos ? '/' : '\\';
  if (path.starts_with(delimiter)) {
    fail(ErrorCode::invalid, "chart illegally contains absolute paths");
  }
  std::size_t end = path.find(delimiter);
  std::string_view base = path.substr(0, end);
  std::string rest(end == path.npos ? "" : path.substr(end + 1));
  std::replace(rest.begin(), rest.end(), delimiter, '/');
  if (rest.starts_with('/')) {
    fail(ErrorCode::invalid, "chart illegally contains absolute paths");
  }
  std::string name = cleaned(rest);
  if (name == ".") {
    fail(ErrorCode::invalid,
         "chart illegally contains content outside the base directory: {}",
         quote(path));
  }
  if (name.starts_with("..") || base == "..") {
    fail(ErrorCode::invalid, "chart illegally references parent directory");
  }
  if (names_a_drive(name)) {
    fail(ErrorCode::invalid, "chart contains illegally named files");
  }
  if (base == "Chart.yaml") {
    fail(ErrorCode::invalid, "chart yaml not in base directory");
  }
  return name;
}

[[noreturn]] void fail_too_large(const LoadLimits& limits) {
  fail(ErrorCode::too_large,
       "decompressed chart is larger than the maximum size {}",
       limits.max_total);
}

std::string read_content(archive* reader, std::string_view path,
                         const LoadLimits& limits, UnpackRoom& room) {
  std::string content;
  char buffer[16 << 10];
  for (;;) {
    const la_ssize_t got = archive_read_data(reader, buffer, sizeof buffer);
    if (got < 0) fail_read(reader);
    if (got == 0) return content;
    const auto size = static_cast<std::uint64_t>(got);
    if (size >= room.bytes) fail_too_large(limits);
    room.bytes -= size;
    if (content.size() + size > limits.max_file) {
      fail(ErrorCode::too_large,
           "decompressed chart file {} is larger than the maximum file size {}",
           quote(path), limits.max_file);
    }
    content.append(buffer, static_cast<std::size_t>(size));
  }
}

File read_entry(archive* reader, archive_entry* entry, std::string_view path,
                const LoadLimits& limits, UnpackRoom& room) {
  std::string name = name_in_chart(path);
  if (archive_entry_filetype(entry) == AE_IFLNK ||
      archive_entry_hardlink(entry)) {
    fail(ErrorCode::invalid,
         "chart archive holds a link, which is not allowed: {}", path);
  }
  if (archive_entry_filetype(entry) != AE_IFREG) {
    fail(ErrorCode::invalid, "chart archive holds a device, a pipe or a "
         "socket, which is not allowed: {}", path);
  }
  const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
  if (archive_entry_size_is_set(entry)) {
    if (size > room.bytes) fail_too_large(limits);
    if (size > limits.max_file) {
      fail(ErrorCode::too_large,
           "decompressed chart file {} is larger than the maximum file size {}",
           quote(path), limits.max_file);
    }
  }
  std::string data = read_content(reader, path, limits, room);
  strip_byte_order_mark(data);
  return {std::move(name), std::move(data)};
}

// The part of Go's http.DetectContentType that tells texts from the rest.
std::string content_type(std::string_view head) {
  struct Magic {
    std::string_view bytes, type;
  };
  for (auto [bytes, type] : std::initializer_list<Magic>{
           {"%PDF-", "application/pdf"},
           {"%!PS-Adobe-", "application/postscript"},
           {"\x89PNG\r\n\x1A\n", "image/png"},
           {"GIF87a", "image/gif"},
           {"GIF89a", "image/gif"},
           {"\xFF\xD8\xFF", "image/jpeg"},
           {"BM", "image/bmp"},
           {"PK\x03\x04", "application/zip"},
           {"Rar!\x1A\x07", "application/x-rar-compressed"},
           {"\xFE\xFF", "text/plain; charset=utf-16be"},
           {"\xFF\xFE", "text/plain; charset=utf-16le"},
           {"\xEF\xBB\xBF", "text/plain; charset=utf-8"},
           {"<?xml", "text/xml; charset=utf-8"}}) {
    if (head.starts_with(bytes)) return std::string(type);
  }
  bool is_binary = std::any_of(head.begin(), head.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) ||
           (byte >= 0x1C && byte <= 0x1F);
  });
  return is_binary ? "application/octet-stream" : "text/plain; charset=utf-8";
}

}  // namespace

void strip_byte_order_mark(std::string& data) {
  if (data.starts_with("\xEF\xBB\xBF")) data.erase(0, 3);
}

void require_archive(const std::string& file, std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B\x08")) return;
  if (file.ends_with(".yml") || file.ends_with(".yaml")) {
    fail(ErrorCode::invalid,
         "file '{}' seems to be a YAML file, but expected a gzipped archive",
         file);
  }
  // Helm looks at 512 bytes, whether the file has so many or not.
  std::string head(bytes.substr(0, 512));
  head.resize(512);
  fail(ErrorCode::invalid,
       "file '{}' does not appear to be a gzipped archive; got '{}'", file,
       content_type(head));
}

std::vector<File> read_chart_archive(std::string_view archive,
                                     const LoadLimits& limits,
                                     UnpackRoom& room) {
  const Reader reader = open_reader(archive);
  std::vector<File> files;
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) fail_read(reader.get());
    if (room.files == 0) {
      fail(ErrorCode::too_large, "chart archive holds more than {} files",
           limits.max_files);
    }
    --room.files;
    const char* path = archive_entry_pathname(entry);
    if (!path) fail(ErrorCode::invalid, "archive/tar: invalid tar header");
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    files.push_back(read_entry(reader.get(), entry, path, limits, room));
  }
  if (files.empty()) fail(ErrorCode::invalid, "no files in chart archive");
  return files;
}

}  // namespace skerry::chart
