// One value being checked against one schema. Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/print.h"
#include "helm/schema/complaint.h"
#include "helm/schema/exact.h"
#include "helm/schema/formats.h"
#include "helm/schema/model.h"

namespace skerry::chart::schema {

// The chain of schemas that led here.
struct Scope {
  const Schema* schema;
  std::string_view keyword;  // of the reference that was followed
  int value_id;              // equal for the same value
  int depth;
  const Scope* parent;
};

class Visit {
 public:
  Visit(const Schema& schema, const Value& value, std::string at,
        const Scope& scope, bool is_silent, std::uint64_t& steps,
        bool caller_needs = false);
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  // Nothing when the value fits. A silent visit complains without words.
  std::optional<Complaint> run();

 private:
  Complaint complain(std::string text) const;
  void add(std::optional<Complaint> complaint);
  void add_with(std::string text, std::vector<Complaint> causes);

  std::optional<Complaint> find_cycle() const;
  std::optional<Complaint> check_type_and_enum() const;
  std::optional<Complaint> check_format() const;
  void check_object();
  void check_members();
  void check_dependencies();
  void check_names();
  void check_dependents();
  void check_array();
  void check_items();
  void check_contains();
  void check_string();
  void check_number();
  void check_references();
  void check_conditions();
  void check_one_of();
  void check_any_of();
  void check_unevaluated();

  // The same value against another schema.
  std::optional<Complaint> check_self(const Schema& schema, bool is_silent,
                                      std::string_view keyword = "");
  // A part of the value.
  std::optional<Complaint> check_part(const Schema& schema, const Value& part,
                                      std::string_view token);
  std::optional<Complaint> check_reference(const Schema& schema,
                                           std::string_view keyword);
  std::vector<std::string> missing_of(const Value& required) const;
  std::optional<std::int64_t> count_at(std::string_view name) const;
  void complain_of_count(std::string_view name, std::int64_t got,
                         std::int64_t want);

  const Schema& schema_;
  const Value& value_;
  const std::string at_;
  const Scope& scope_;
  const bool is_silent_;
  std::uint64_t& steps_;
  std::vector<Complaint> complaints_;
  // What no schema has looked at yet, for the "unevaluated" keywords.
  std::set<std::string, std::less<>> left_properties_;
  std::set<std::size_t> left_items_;
};

}  // namespace skerry::chart::schema
