// How `skerry template` puts out a release: as one text, as the parts that
// --show-only asks for, or as files.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "helm/release.h"

namespace skerry::chart {

struct TemplateOutput {
  std::vector<Hook> hooks;  // those that are wanted
  std::string folder;       // --output-dir; empty: standard output
  // Between the folder and a manifest's path: the release's name, or nothing.
  std::string sub_folder;
  std::vector<std::string> only;  // --show-only
};

// Throws not_found when one of `only` names nothing.
void put_out(const Release& release, const TemplateOutput& output,
             std::ostream& out);

}  // namespace skerry::chart
