#include "helm/schema/complaint.h"

#include "helm/schema/exact.h"

namespace skerry::chart::schema {

namespace {

void write(const Complaint& complaint, std::size_t indent, std::string& out) {
  bool is_left_out = complaint.kind == Complaint::Kind::reference &&
                     complaint.causes.size() == 1;
  if (!is_left_out) {
    out += '\n' + std::string((indent - 1) * 2, ' ') + "- at " +
           single_quoted(complaint.at) + ": " + complaint.text;
    ++indent;
  }
  for (auto& cause : complaint.causes) write(cause, indent, out);
}

}  // namespace

std::string display(const std::string& head,
                    const std::vector<Complaint>& complaints) {
  std::string out = head;
  for (auto& complaint : complaints) write(complaint, 1, out);
  return out;
}

}  // namespace skerry::chart::schema
