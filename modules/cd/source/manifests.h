// The last steps from rendered documents to what is compared. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application.h"
#include "compare/compare.h"
#include "core/tree/tree.h"

namespace skerry::cd {

// The manifests in the YAML and JSON files of a folder.
std::vector<Json> read_directory(const Tree& tree, const std::string& path,
                                 const DirectoryOptions& options);

// Expands Lists, fills in namespaces, tells hooks from the rest, adds the
// tracking ids. Throws invalid for a document that is no manifest, and for two
// with one key. `revision` completes a hook's generateName.
Desired finish_manifests(const Application& app, std::vector<Json> documents,
                         std::string_view revision);

// $NAME and ${NAME} from `variables`; unknown ones are empty, "$$" is "$".
std::string substitute(
    std::string_view text,
    const std::vector<std::pair<std::string, std::string>>& variables);

}  // namespace skerry::cd
