#include "client/copy/tar.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <vector>

#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = 1u << 20;
constexpr std::uint64_t kMostPax = 64u << 10;
constexpr std::uint64_t kMostOctal = 077777777777;  // 8 GiB - 1

[[noreturn]] void fail_tar(const char* what) {
  fail(ErrorCode::invalid, "that is no tar archive: {}", what);
}

std::string_view text_in(std::string_view field) {
  return field.substr(0, std::min(field.find('\0'), field.size()));
}

// Octal digits, or base 256 when the first bit is set (GNU).
std::uint64_t number_in(std::string_view field) {
  std::uint64_t value = 0;
  if ((static_cast<unsigned char>(field[0]) & 0x80) != 0) {
    for (std::size_t i = 0; i < field.size(); ++i) {
      const auto byte = static_cast<unsigned char>(field[i]) & (i ? 0xff : 0x7f);
      if (value >> 55 != 0) fail_tar("a number is too large");
      value = value << 8 | byte;
    }
    return value;
  }
  for (const char c : text_in(field)) {
    if (c == ' ') continue;
    if (c < '0' || c > '7') fail_tar("a number is none");
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::uint64_t checksum(std::string_view block) {
  std::uint64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(block[i]);
  }
  return sum;
}

std::uint64_t padding(std::uint64_t size) {
  return (kTarBlock - size % kTarBlock) % kTarBlock;
}

std::string header_block(std::string_view name, std::uint64_t size,
                         char type) {
  std::string block(kTarBlock, '\0');
  const auto put = [&](std::size_t at, std::string_view text) {
    block.replace(at, text.size(), text);
  };
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", std::min(size, kMostOctal)));
  put(136, "00000000000");
  put(156, std::string_view(&type, 1));
  put(257, std::string_view("ustar\00000", 8));
  put(148, fmt::format("{:06o}", checksum(block)));
  block[155] = ' ';
  return block;
}

// "<length> <key>=<value>\n", the length counting itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (fmt::format("{}", length).size() + rest != length) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

// A file that is read from front to back.
class Reader {
 public:
  explicit Reader(const fs::path& path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!fd_) {
      fail(ErrorCode::not_found, "{}: {}", path.string(),
           std::strerror(errno));
    }
  }
  // Exactly so many bytes, piece by piece.
  void read(std::uint64_t count,
            const std::function<void(std::string_view)>& sink) {
    buffer_.resize(kBuffer);
    while (count > 0) {
      const auto want = std::min<std::uint64_t>(count, buffer_.size());
      const auto got = ::read(fd_.get(), buffer_.data(), want);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        fail(ErrorCode::io, "{}: {}", path_.string(), std::strerror(errno));
      }
      if (got == 0) fail(ErrorCode::invalid, "{} is cut off", path_.string());
      sink(std::string_view(buffer_.data(), static_cast<std::size_t>(got)));
      count -= static_cast<std::uint64_t>(got);
    }
  }
  std::string text(std::uint64_t count) {
    std::string bytes;
    read(count, [&](std::string_view piece) { bytes += piece; });
    return bytes;
  }
  void skip(std::uint64_t count) {
    read(count, [](std::string_view) {});
  }

 private:
  const fs::path path_;
  const Fd fd_;
  std::string buffer_;
};

Fd create(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) {
    fail(ErrorCode::io, "cannot write {}: {}", path.string(),
         std::strerror(errno));
  }
  return fd;
}

// The place in a layout of an entry that belongs there: no other name can
// lead anywhere.
std::optional<fs::path> place_in_layout(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  if (name == "index.json" || name == "oci-layout") return fs::path(name);
  for (const std::string_view algorithm : {"sha256", "sha512"}) {
    const auto folder = fmt::format("blobs/{}/", algorithm);
    if (!name.starts_with(folder)) continue;
    const auto hex = name.substr(folder.size());
    if (Digest::parse(fmt::format("{}:{}", algorithm, hex))) {
      return fs::path(name);
    }
  }
  return {};
}

bool is_file(char type) { return type == '0' || type == '\0'; }

void add_file(int out, const fs::path& folder, const fs::path& file) {
  const auto name = fs::relative(file, folder).generic_string();
  const auto size = fs::file_size(file);
  std::string pax;
  if (name.size() > 100) pax += pax_record("path", name);
  if (size > kMostOctal) pax += pax_record("size", fmt::format("{}", size));
  if (!pax.empty()) {
    write_all(out, header_block("pax", pax.size(), 'x'));
    pax.resize(pax.size() + padding(pax.size()));
    write_all(out, pax);
  }
  write_all(out, header_block(name, size, '0'));
  Reader(file).read(size, [&](std::string_view bytes) {
    write_all(out, bytes);
  });
  write_all(out, std::string(padding(size), '\0'));
}

}  // namespace

TarHeader parse_tar_header(std::string_view block) {
  if (block.size() != kTarBlock) fail_tar("a header is cut off");
  TarHeader header;
  if (block.find_first_not_of('\0') == block.npos) {
    header.end = true;
    return header;
  }
  if (number_in(block.substr(148, 8)) != checksum(block)) {
    fail_tar("a header's checksum is wrong");
  }
  header.name = text_in(block.substr(0, 100));
  if (block.substr(257, 5) == "ustar" && block[345] != '\0' &&
      block[262] == '\0') {
    header.name =
        fmt::format("{}/{}", text_in(block.substr(345, 155)), header.name);
  }
  header.size = number_in(block.substr(124, 12));
  header.type = block[156];
  return header;
}

PaxRecords parse_pax(std::string_view records) {
  PaxRecords found;
  while (!records.empty()) {
    std::size_t length = 0, at = 0;
    for (; at < records.size() && at < 6 && records[at] >= '0' &&
           records[at] <= '9';
         ++at) {
      length = length * 10 + static_cast<std::size_t>(records[at] - '0');
    }
    if (length < at + 2 || length > records.size() || records[at] != ' ' ||
        records[length - 1] != '\n') {
      fail_tar("a pax header is none");
    }
    const auto record = records.substr(at + 1, length - at - 2);
    const auto equals = std::min(record.find('='), record.size());
    const auto key = record.substr(0, equals);
    const auto value = record.substr(std::min(equals + 1, record.size()));
    if (key == "path") found.path = std::string(value);
    if (key == "size") {
      std::uint64_t size = 0;
      for (const char c : value) {
        if (c < '0' || c > '9' || size >> 59 != 0) fail_tar("a size is none");
        size = size * 10 + static_cast<std::uint64_t>(c - '0');
      }
      found.size = size;
    }
    records.remove_prefix(length);
  }
  return found;
}

void unpack_layout(const fs::path& archive, const fs::path& folder) {
  Reader in(archive);
  PaxRecords pax;
  for (;;) {
    auto header = parse_tar_header(in.text(kTarBlock));
    if (header.end) return;
    if (header.type == 'x') {
      if (header.size > kMostPax) fail_tar("a pax header is too long");
      pax = parse_pax(in.text(header.size));
      in.skip(padding(header.size));
      continue;
    }
    if (pax.path) header.name = *pax.path;
    if (pax.size) header.size = *pax.size;
    pax = {};
    const auto place = place_in_layout(header.name);
    if (place && is_file(header.type)) {
      const auto path = folder / *place;
      fs::create_directories(path.parent_path());
      const Fd out = create(path);
      in.read(header.size,
              [&](std::string_view bytes) { write_all(out.get(), bytes); });
    } else {
      in.skip(header.size);
    }
    in.skip(padding(header.size));
  }
}

void pack_layout(const fs::path& folder, const fs::path& archive) {
  std::vector<fs::path> files{folder / "oci-layout", folder / "index.json"};
  for (const auto& entry :
       fs::recursive_directory_iterator(folder / "blobs")) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin() + 2, files.end());
  auto part = archive;
  part += ".part";
  const Fd out = create(part);
  for (const auto& file : files) add_file(out.get(), folder, file);
  write_all(out.get(), std::string(2 * kTarBlock, '\0'));
  fsync_file(out.get());
  fs::rename(part, archive);
  fsync_folder(fs::absolute(archive).parent_path());
}

}  // namespace skerry::app
