#include "helm/template_cache.h"

#include "core/store/digest.h"
#include "gotemplate/parser.h"

namespace skerry::chart {

TemplateFile TemplateCache::find(const std::string& key) {
  MutexLock lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->file;
}

void TemplateCache::keep(Entry entry) {
  MutexLock lock(mutex_);
  if (entry.bytes > max_bytes_ || index_.contains(entry.key)) return;
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  index_[entries_.front().key] = entries_.begin();
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    index_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

TemplateFile TemplateCache::parse(const std::string& name,
                                  std::string_view text,
                                  const FunctionTable& functions) {
  Hasher hasher;
  hasher.update(name);
  hasher.update(std::string_view("\0", 1));
  hasher.update(text);
  std::string key = hasher.finish().hex;
  if (auto known = find(key)) return known;
  auto file = std::make_shared<const std::vector<TemplatePtr>>(
      parse_template(name, text, functions));
  keep({std::move(key), file, text.size()});
  return file;
}

}  // namespace skerry::chart
