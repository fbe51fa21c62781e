#include "objects.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/error.h"

namespace skerry::git {
namespace {

// Takes "<key> <40 hex>\n" off the front.
bool take_oid_line(std::string_view* data, std::string_view key, Oid* id) {
  std::size_t size = key.size() + 1 + kOidHex + 1;
  if (data->size() < size || !data->starts_with(key) ||
      (*data)[key.size()] != ' ' || (*data)[size - 1] != '\n') {
    return false;
  }
  auto parsed = Oid::parse(data->substr(key.size() + 1, kOidHex));
  if (!parsed) return false;
  *id = *parsed;
  data->remove_prefix(size);
  return true;
}

// Takes "<key> <value>\n" off the front.
bool take_line(std::string_view* data, std::string_view key,
               std::string_view* value) {
  if (!data->starts_with(key) || data->size() <= key.size() ||
      (*data)[key.size()] != ' ') {
    return false;
  }
  std::size_t end = data->find('\n');
  if (end == std::string_view::npos) return false;
  *value = data->substr(key.size() + 1, end - key.size() - 1);
  data->remove_prefix(end + 1);
  return true;
}

// The seconds in "Name <mail> 1700000000 +0100".
std::int64_t seconds_of(std::string_view signature) {
  std::size_t close = signature.rfind('>');
  if (close == std::string_view::npos || close + 2 > signature.size()) {
    return 0;
  }
  std::int64_t seconds = 0;
  const char* end = signature.data() + signature.size();
  std::from_chars(signature.data() + close + 2, end, seconds);
  return seconds;
}

// "Name <mail> <seconds> <+hhmm>"
bool is_signature(std::string_view text) {
  std::size_t open = text.find('<');
  std::size_t close = text.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos ||
      close < open || text.find('<', open + 1) != std::string_view::npos ||
      text.find('>', close + 1) != std::string_view::npos) {
    return false;
  }
  std::string_view rest = text.substr(close + 1);
  if (rest.size() < 8 || rest[0] != ' ') return false;
  rest.remove_prefix(1);
  std::size_t space = rest.find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string_view time = rest.substr(0, space);
  std::string_view zone = rest.substr(space + 1);
  return std::all_of(time.begin(), time.end(), is_digit) && zone.size() == 5 &&
         (zone[0] == '+' || zone[0] == '-') &&
         std::all_of(zone.begin() + 1, zone.end(), is_digit);
}

bool is_dot_git(std::string_view name) {
  auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  constexpr std::string_view kDotGit = ".git";
  if (name.size() != kDotGit.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower(name[i]) != kDotGit[i]) return false;
  }
  return true;
}

bool is_known_mode(unsigned mode) {
  switch (mode) {
    case 0100644:
    case 0100755:
    case 0100664:  // written by very old versions of Git
    case kModeTree:
    case kModeLink:
    case kModeSubmodule:
      return true;
    default:
      return false;
  }
}

// Git's order: bytewise, a tree's name as if it ended in '/'.
int compare_items(const TreeItem& a, const TreeItem& b) {
  std::size_t common = std::min(a.name.size(), b.name.size());
  int order = std::memcmp(a.name.data(), b.name.data(), common);
  if (order != 0) return order;
  auto after = [common](const TreeItem& item) -> int {
    if (item.name.size() > common) {
      return static_cast<unsigned char>(item.name[common]);
    }
    return item.is_tree() ? '/' : 0;
  };
  return after(a) - after(b);
}

void check_tree(std::string_view data) {
  TreeItem previous, item;
  bool first = true;
  while (next_tree_item(&data, &item)) {
    if (item.name == "." || item.name == ".." || is_dot_git(item.name) ||
        item.name.find('/') != std::string_view::npos) {
      fail(ErrorCode::invalid, "a tree has an entry named '{}'", item.name);
    }
    if (!is_known_mode(item.mode)) {
      fail(ErrorCode::invalid, "the tree entry '{}' has the mode {:o}",
           item.name, item.mode);
    }
    if (item.id.is_zero()) {
      fail(ErrorCode::invalid, "the tree entry '{}' names no object",
           item.name);
    }
    if (!first &&
        (compare_items(previous, item) >= 0 || previous.name == item.name)) {
      fail(ErrorCode::invalid, "the tree entry '{}' is out of order or double",
           item.name);
    }
    previous = item;
    first = false;
  }
}

void check_commit(std::string_view data) {
  Oid id;
  std::string_view author, committer;
  bool good = take_oid_line(&data, "tree", &id);
  while (good && take_oid_line(&data, "parent", &id)) {
  }
  good = good && take_line(&data, "author", &author) && is_signature(author) &&
         take_line(&data, "committer", &committer) && is_signature(committer);
  if (!good) fail(ErrorCode::invalid, "a commit has a malformed header");
}

}  // namespace

CommitHeader parse_commit(std::string_view data) {
  CommitHeader header;
  if (!take_oid_line(&data, "tree", &header.tree)) {
    fail(ErrorCode::invalid, "a commit does not begin with its tree");
  }
  Oid parent;
  while (take_oid_line(&data, "parent", &parent)) {
    header.parents.push_back(parent);
  }
  std::string_view value;
  while (take_line(&data, "author", &value)) {
  }
  if (take_line(&data, "committer", &value)) {
    header.committed = seconds_of(value);
  }
  return header;
}

TagHeader parse_tag(std::string_view data) {
  TagHeader tag{};
  std::string_view type;
  if (!take_oid_line(&data, "object", &tag.target) ||
      !take_line(&data, "type", &type)) {
    fail(ErrorCode::invalid, "a tag has a malformed header");
  }
  for (ObjectType known : {ObjectType::commit, ObjectType::tree,
                           ObjectType::blob, ObjectType::tag}) {
    if (type == to_string(known)) {
      tag.type = known;
      return tag;
    }
  }
  fail(ErrorCode::invalid, "a tag names an object of unknown type '{}'",
       type.substr(0, 20));
}

bool next_tree_item(std::string_view* data, TreeItem* item) {
  if (data->empty()) return false;
  std::size_t at = 0;
  unsigned mode = 0;
  while (at < data->size() && (*data)[at] >= '0' && (*data)[at] <= '7' &&
         at < 8) {
    mode = mode << 3 | static_cast<unsigned>((*data)[at] - '0');
    ++at;
  }
  if (at == 0 || at >= data->size() || (*data)[at] != ' ') {
    fail(ErrorCode::invalid, "a tree entry has no mode");
  }
  ++at;
  std::size_t end = data->find('\0', at);
  if (end == std::string_view::npos || end == at ||
      data->size() - end - 1 < kOidBytes) {
    fail(ErrorCode::invalid, "a tree ends inside an entry");
  }
  item->mode = mode;
  item->name = data->substr(at, end - at);
  item->id = Oid::from_raw(data->data() + end + 1);
  data->remove_prefix(end + 1 + kOidBytes);
  return true;
}

void check_object(ObjectType type, std::string_view data) {
  if (type == ObjectType::tree) {
    check_tree(data);
  } else if (type == ObjectType::commit) {
    check_commit(data);
  } else if (type == ObjectType::tag) {
    parse_tag(data);
  }
}

}  // namespace skerry::git
