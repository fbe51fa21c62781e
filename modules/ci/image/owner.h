// Who owns files: --chown=USER[:GROUP] and USER, numbers or names of the
// image's /etc/passwd and /etc/group; --chmod.
#pragma once

#include <optional>
#include <string_view>

#include "image/file_index.h"
#include "image/layer.h"

namespace skerry::ci {

// Throws invalid for a name that the image does not know.
Owner parse_owner(std::string_view text, const FileIndex& files);

// "755", "0644"; throws invalid for anything but octal digits.
unsigned parse_mode(std::string_view text);

}  // namespace skerry::ci
