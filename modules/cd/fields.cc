#include "fields.h"

#include "core/error.h"

namespace skerry::cd {
namespace {

const Json kNull;

[[noreturn]] void wrong_type(const std::string& path, std::string_view wanted) {
  fail(ErrorCode::invalid, "{} must be {}", path, wanted);
}

}  // namespace

Fields::Fields(const Json& object, std::string path, std::string unknown)
    : object_(object), path_(std::move(path)), unknown_(std::move(unknown)) {
  if (!object.is_object() && !object.is_null()) {
    wrong_type(path_.empty() ? "the document" : path_, "an object");
  }
}

std::string Fields::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const Json* Fields::find(const char* key) {
  taken_.insert(key);
  if (!object_.is_object()) return nullptr;
  const auto it = object_.find(key);
  return it == object_.end() || it->is_null() ? nullptr : &*it;
}

bool Fields::has(const char* key) const {
  return object_.is_object() && object_.contains(key) &&
         !object_.at(key).is_null();
}

bool Fields::given(const char* key) {
  const Json* value = find(key);
  if (!value) return false;
  if (value->is_string()) return !value->get_ref<const std::string&>().empty();
  return !value->is_structured() || !value->empty();
}

const Json& Fields::any(const char* key) {
  const Json* value = find(key);
  return value ? *value : kNull;
}

std::string Fields::text(const char* key, std::string_view otherwise) {
  const Json* value = find(key);
  if (!value) return std::string(otherwise);
  if (!value->is_string()) wrong_type(path_of(key), "a string");
  return value->get<std::string>();
}

std::string Fields::scalar(const char* key) {
  const Json* value = find(key);
  if (!value) return {};
  if (value->is_string()) return value->get<std::string>();
  if (value->is_structured()) wrong_type(path_of(key), "a scalar");
  return value->dump();
}

bool Fields::boolean(const char* key, bool otherwise) {
  const Json* value = find(key);
  if (!value) return otherwise;
  if (!value->is_boolean()) wrong_type(path_of(key), "true or false");
  return value->get<bool>();
}

std::int64_t Fields::integer(const char* key, std::int64_t otherwise) {
  const Json* value = find(key);
  if (!value) return otherwise;
  if (!value->is_number_integer()) wrong_type(path_of(key), "a whole number");
  return value->get<std::int64_t>();
}

std::vector<std::string> Fields::texts(const char* key) {
  std::vector<std::string> result;
  const Json* value = find(key);
  if (!value) return result;
  if (!value->is_array()) wrong_type(path_of(key), "a list of strings");
  for (const Json& item : *value) {
    if (!item.is_string()) wrong_type(path_of(key), "a list of strings");
    result.push_back(item.get<std::string>());
  }
  return result;
}

void Fields::object(const char* key, const std::function<void(Fields&)>& read) {
  const Json* value = find(key);
  if (!value) return;
  Fields fields(*value, path_of(key), unknown_);
  read(fields);
  fields.done();
}

void Fields::list(const char* key, const std::function<void(Fields&)>& read) {
  const Json* value = find(key);
  if (!value) return;
  if (!value->is_array()) wrong_type(path_of(key), "a list");
  std::size_t index = 0;
  for (const Json& item : *value) {
    Fields fields(item, fmt::format("{}[{}]", path_of(key), index++),
                  unknown_);
    read(fields);
    fields.done();
  }
}

void Fields::refuse(std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (find(key)) {
      fail(ErrorCode::invalid, "{} is not supported", path_of(key));
    }
  }
}

void Fields::drop(std::initializer_list<const char*> keys) {
  for (const char* key : keys) taken_.insert(key);
}

void Fields::done() const {
  if (!object_.is_object()) return;
  for (const auto& [key, value] : object_.items()) {
    if (!taken_.contains(key)) {
      fail(ErrorCode::invalid, "{} {}", path_of(key), unknown_);
    }
  }
}

}  // namespace skerry::cd
