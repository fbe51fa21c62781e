// embed.mjs DIST PAGES OUTPUT: writes a C++ source that holds the files below
// DIST and the page patterns of PAGES (files.h says how).
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const content_types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
};

function list_files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function content_type_of(name) {
  const type = content_types[name.split('.').pop()];
  if (!type) throw new Error(`embed.mjs knows no content type for ${name}`);
  return type;
}

function array_of(name, bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 24) {
    lines.push(`    ${[...bytes.subarray(at, at + 24)].join(',')},`);
  }
  return `constexpr unsigned char ${name}[] = {\n${lines.join('\n')}\n};\n`;
}

const [dist, pages, output] = process.argv.slice(2);
const names = list_files(dist)
  .map((path) => relative(dist, path).split(sep).join('/'))
  .sort((a, b) => (a < b ? -1 : 1));
if (!names.includes('index.html')) throw new Error(`${dist} has no index.html`);

const arrays = [];
const rows = names.map((name, index) => {
  const content = readFileSync(join(dist, name));
  const packed = gzipSync(content, { level: 9 });
  const etag = createHash('sha256').update(content).digest('hex').slice(0, 20);
  arrays.push(array_of(`kContent${index}`, content));
  const gains = packed.length < content.length * 0.9;
  if (gains) arrays.push(array_of(`kGzip${index}`, packed));
  const gzip = gains ? `view(kGzip${index})` : '{}';
  return `      File{"${name}", "${content_type_of(name)}", "W/\\"${etag}\\"",\n` +
    `           view(kContent${index}), ${gzip}},`;
});
const patterns = JSON.parse(readFileSync(pages, 'utf8'));

writeFileSync(output, `// Made by web/embed.mjs; do not edit.
#include <array>
#include <cstddef>

#include "files.h"

namespace skerry::web {
namespace {

template <std::size_t size>
std::string_view view(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

${arrays.join('\n')}
}  // namespace

std::span<const File> files() {
  static const std::array<File, ${rows.length}> all = {
${rows.join('\n')}
  };
  return all;
}

std::span<const std::string_view> page_patterns() {
  static constexpr std::array<std::string_view, ${patterns.length}> all = {
${patterns.map((pattern) => `      "${pattern}",`).join('\n')}
  };
  return all;
}

}  // namespace skerry::web
`);
