// What a schema finds wrong with a value, as a tree.
#pragma once

#include <string>
#include <vector>

namespace skerry::chart::schema {

struct Complaint {
  // A group stands for several complaints about one value, a reference for
  // those of the schema that it names.
  enum class Kind { plain, group, reference };
  Kind kind = Kind::plain;
  std::string at;  // a JSON pointer into the value
  std::string text;
  std::vector<Complaint> causes{};
};

// One line each, below `head`.
std::string display(const std::string& head,
                    const std::vector<Complaint>& complaints);

}  // namespace skerry::chart::schema
