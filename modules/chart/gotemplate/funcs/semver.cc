// sprig: semantic versions.
#include "core/text/semver.h"

#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string;

std::string prerelease_text(const SemVer& version) {
  std::string out;
  for (auto& part : version.prerelease) {
    if (!out.empty()) out += '.';
    out += part;
  }
  return out;
}

// *semver.Version
class VersionObject : public Object {
 public:
  VersionObject(SemVer version, std::string original)
      : version_(std::move(version)), original_(std::move(original)) {}
  std::string type_name() const override { return "*semver.Version"; }
  std::string kind_name() const override { return "ptr"; }
  Value to_plain() const override { return version_.to_string(); }
  std::string to_text() const override { return version_.to_string(); }
  bool has_method(std::string_view name) const override {
    return name == "Major" || name == "Minor" || name == "Patch" ||
           name == "Prerelease" || name == "Metadata" || name == "Original" ||
           name == "String" || name == "IncMajor" || name == "IncMinor" ||
           name == "IncPatch" || is_comparison(name);
  }
  std::size_t method_arguments(std::string_view name) const override {
    return is_comparison(name) ? 1 : 0;
  }
  Type method_argument_type(std::string_view) const override {
    return Type::any;
  }
  Value call(std::string_view name, Invocation& in) const override {
    if (is_comparison(name)) return compare(name, in);
    if (name == "Major") return Value::of_uint64(version_.major);
    if (name == "Minor") return Value::of_uint64(version_.minor);
    if (name == "Patch") return Value::of_uint64(version_.patch);
    if (name == "Prerelease") return prerelease_text(version_);
    if (name == "Metadata") return version_.build;
    if (name == "Original") return original_;
    if (name == "String") return to_text();
    return raised(name);
  }

 private:
  static bool is_comparison(std::string_view name) {
    return name == "Compare" || name == "Equal" || name == "LessThan" ||
           name == "GreaterThan" || name == "LessThanEqual" ||
           name == "GreaterThanEqual";
  }

  Value compare(std::string_view name, Invocation& in) const {
    auto* other = in[0].kind() == Kind::object
                      ? dynamic_cast<const VersionObject*>(&in[0].object())
                      : nullptr;
    if (!other) {
      fail_call("wrong type for value; expected *semver.Version; got {}",
                skerry::chart::type_name(in[0]));
    }
    auto order = version_ <=> other->version_;
    int sign = order < 0 ? -1 : order > 0 ? 1 : 0;
    if (name == "Compare") return Value(sign);
    if (name == "Equal") return Value(sign == 0);
    if (name == "LessThan") return Value(sign < 0);
    if (name == "LessThanEqual") return Value(sign <= 0);
    if (name == "GreaterThan") return Value(sign > 0);
    return Value(sign >= 0);
  }

  Value raised(std::string_view name) const {
    SemVer next = version_;
    bool was_prerelease = !next.prerelease.empty();
    next.prerelease.clear();
    next.build.clear();
    if (name == "IncMajor") {
      ++next.major;
      next.minor = next.patch = 0;
    } else if (name == "IncMinor") {
      ++next.minor;
      next.patch = 0;
    } else if (!was_prerelease) {
      ++next.patch;
    }
    std::string text = next.to_string();
    return Value(ObjectPtr(std::make_shared<VersionObject>(next, text)));
  }

  SemVer version_;
  std::string original_;
};

SemVer parse(const std::string& text) {
  auto version = SemVer::parse(text, false);
  if (!version) fail_call("invalid semantic version");
  return *version;
}

Value compare(In in) {
  const std::string& constraint = in.string(0);
  try {
    semver_satisfies(SemVer{}, constraint);
  } catch (const Error&) {
    fail_call("improper constraint: {}", constraint);
  }
  return semver_satisfies(parse(in.string(1)), constraint);
}

}  // namespace

std::span<const Function> semver_functions() {
  static const Function kTable[] = {
      {"semver", {S}, false,
       [](In in) {
         return Value(ObjectPtr(std::make_shared<VersionObject>(
             parse(in.string(0)), in.string(0))));
       }},
      {"semverCompare", {S, S}, false, compare},
  };
  return kTable;
}

}  // namespace skerry::chart
