// Reads JSON schemas of the drafts 4, 6, 7, 2019-09 and 2020-12. References
// lead inside the schema or to the drafts' own schemas; nothing is loaded from
// elsewhere. Used by one thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "helm/schema/model.h"

namespace skerry::chart::schema {

// A schema with an id of its own, or a whole document.
struct Resource {
  std::string pointer, id;
  int draft = 2020;
  std::map<std::string, std::string, std::less<>> anchors{};  // pointers
  std::vector<std::string> dynamic_anchors{};
};

struct Document {
  std::string url;
  Value root;
  std::map<std::string, Resource, std::less<>> resources{};  // by pointer
  std::set<std::string, std::less<>> processed{};            // pointers

  // The innermost resource around a pointer.
  const Resource& resource_at(std::string pointer) const;
};

class Compiler {
 public:
  // Receives the URNs that are taken as "true".
  using UrnLog = std::function<void(const std::string&)>;
  explicit Compiler(bool asserts_formats, UrnLog log = {})
      : asserts_formats_(asserts_formats), log_(std::move(log)) {}
  Compiler(const Compiler&) = delete;
  Compiler& operator=(const Compiler&) = delete;

  // The compiler keeps what it returns. Throws invalid with the sentence that
  // Helm prints.
  const Schema& compile(const std::string& url, const Value& root);
  const Schema& compile(const std::string& url);  // one of the drafts' own

 private:
  struct Place {
    std::string url, pointer;
    auto operator<=>(const Place&) const = default;
  };
  Document& document(const std::string& url);
  Document& add_document(const std::string& url, const Value& root);
  void collect(Document& document, const Value& schema, const std::string& base,
               const std::string& pointer, int draft);
  void collect_anchors(const Document& document, const Value& schema,
                       const std::string& pointer, Resource& resource);
  void collect_below(Document& document, const Value& schema,
                     const std::string& base, const std::string& pointer,
                     int draft);
  void check(const Document& document, const Value& schema,
             const std::string& pointer);
  void ensure(Document& document, const std::string& pointer);

  const Schema& finish(Place place);
  Schema* enqueue(Place place);
  void compile_one(Schema& schema);
  void compile_object(Schema& schema, const Value& object, Document& document);
  void compile_applicators(Schema& schema, const Value& object);
  void compile_later_drafts(Schema& schema, const Value& object);
  void compile_items(Schema& schema, const Value& object);
  const Schema* reference(const Schema& schema, const Value& object,
                          const Document& document, std::string_view keyword);
  Place resolve(const Document& document, const std::string& url,
                const std::string& fragment);
  const Schema* below(const Schema& schema, const Value& object,
                      std::string_view keyword);
  SchemaList list_below(const Schema& schema, const Value& object,
                        std::string_view keyword);
  SchemaMap map_below(const Schema& schema, const Value& object,
                      std::string_view keyword);

  const bool asserts_formats_;
  const UrnLog log_;
  std::map<std::string, Document, std::less<>> documents_;
  std::map<Place, std::unique_ptr<Schema>> schemas_;
  std::deque<Schema*> queue_;
};

// The schema that schemas of a draft fit. Thread-safe.
const Schema& metaschema(int draft);
// Its text, or that of one of its parts, by URL; nothing for other URLs.
std::string_view metaschema_text(std::string_view url);
std::string_view draft_url(int draft);

}  // namespace skerry::chart::schema
