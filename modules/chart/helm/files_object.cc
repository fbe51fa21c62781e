#include "helm/files_object.h"

#include <algorithm>

#include "core/text/encoding.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/go_yaml.h"
#include "helm/glob.h"

namespace skerry::chart {

namespace {

// engine.files, a map[string][]byte
class Files : public Object {
 public:
  explicit Files(Value files) : files_(std::move(files)) {}
  std::string type_name() const override { return "engine.files"; }
  std::string kind_name() const override { return "map"; }
  Value as_collection() const override { return files_; }
  Value to_plain() const override { return files_; }
  std::string to_text() const override { return format_value(files_); }
  bool has_method(std::string_view name) const override {
    return name == "Get" || name == "GetBytes" || name == "Glob" ||
           name == "AsConfig" || name == "AsSecrets" || name == "Lines";
  }
  // A member, as with any map.
  std::optional<Value> field(std::string_view name) const override {
    const Value* found = files_.find(name);
    return found ? *found : Value();
  }
  std::size_t method_arguments(std::string_view name) const override {
    return name == "AsConfig" || name == "AsSecrets" ? 0 : 1;
  }

  Value call(std::string_view name, Invocation& in) const override {
    if (name == "AsConfig") return flatten(in, false);
    if (name == "AsSecrets") return flatten(in, true);
    if (name == "Glob") return glob(in.string(0));
    const Value* found = files_.find(in.string(0));
    if (name == "Lines") return lines(in, found);
    if (name == "Get") return found ? found->string() : std::string();
    return found ? *found : Value::of_bytes("");
  }

 private:
  Value flatten(Invocation& in, bool encoded) const {
    Value map = Value::new_map();
    for (auto& [path, data] : files_.entries()) {
      in.execution().charge_bytes(data.string().size());
      map.set(path.substr(path.rfind('/') + 1),
              encoded ? to_base64(data.string()) : data.string());
    }
    return write_yaml(map);
  }

  Value glob(const std::string& pattern) const {
    auto compiled = Glob::compile(pattern);
    Value matching = Value::new_map();
    for (auto& [path, data] : files_.entries()) {
      if (!compiled || compiled->match(path)) matching.set(path, data);
    }
    return Value(ObjectPtr(std::make_shared<Files>(std::move(matching))));
  }

  static Value lines(Invocation& in, const Value* found) {
    if (!found) return Value::of_strings({});
    std::string_view text = found->string();
    if (text.empty()) {
      fail_call("runtime error: index out of range [-1]");
    }
    auto breaks = std::count(text.begin(), text.end(), '\n') + 1;
    in.execution().charge_bytes(static_cast<std::size_t>(breaks) *
                                kMemberBytes);
    if (text.back() == '\n') text.remove_suffix(1);
    return Value::of_strings(go_split(text, "\n", -1));
  }

  Value files_;
};

}  // namespace

Value make_files(const std::vector<File>& files) {
  Value map = Value::new_map();
  for (auto& file : files) map.set(file.name, Value::of_bytes(file.data));
  return Value(ObjectPtr(std::make_shared<Files>(std::move(map))));
}

}  // namespace skerry::chart
