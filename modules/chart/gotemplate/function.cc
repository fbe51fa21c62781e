#include "gotemplate/function.h"

namespace skerry::chart {

std::string_view type_name(Type type) {
  switch (type) {
    case Type::any: return "interface {}";
    case Type::value: return "reflect.Value";
    case Type::boolean: return "bool";
    case Type::integer: return "int";
    case Type::int64: return "int64";
    case Type::number: return "float64";
    case Type::string: return "string";
    case Type::map: return "map[string]interface {}";
    case Type::string_map: return "map[string]string";
    case Type::list: return "[]interface {}";
    case Type::strings: return "[]string";
    case Type::time: return "time.Time";
    case Type::uint32: return "uint32";
    case Type::certificate: return "sprig.certificate";
  }
  return "";
}

void FunctionTable::add(std::span<const Function> functions) {
  for (auto& function : functions) {
    functions_.insert_or_assign(function.name, function);
  }
}

const Function* FunctionTable::find(std::string_view name) const {
  auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : &found->second;
}

}  // namespace skerry::chart
