// Parsed templates, kept by a digest of their name and text: the versions of a
// chart share what did not change, and so do charts that embed the same one.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/mutex.h"
#include "gotemplate/node.h"

namespace skerry::chart {

class FunctionTable;

// What a template file defines, by name; its own template is the first.
using TemplateFile = std::shared_ptr<const std::vector<TemplatePtr>>;

// Thread-safe.
class TemplateCache {
 public:
  // Texts of `max_bytes` are kept, and about ten times that as trees; the least
  // recently used go first.
  explicit TemplateCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // As parse_template; errors are not kept. Always with the same functions.
  TemplateFile parse(const std::string& name, std::string_view text,
                     const FunctionTable& functions);

 private:
  struct Entry {
    std::string key;
    TemplateFile file;
    std::size_t bytes;
  };
  TemplateFile find(const std::string& key);
  void keep(Entry entry);

  const std::size_t max_bytes_;
  Mutex mutex_;
  std::list<Entry> entries_ GUARDED_BY(mutex_);  // most recently used first
  std::map<std::string, std::list<Entry>::iterator, std::less<>> index_
      GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace skerry::chart
