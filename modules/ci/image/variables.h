// Variables and quotes in the words of a Dockerfile
// (docs.docker.com/reference/dockerfile, "Environment replacement"). Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::ci {

using VariableLookup =
    std::function<std::optional<std::string>(std::string_view name)>;

// Replaces $X, ${X}, ${X:-word}, ${X-word}, ${X:+word}, ${X+word} and
// ${X:?message}, and removes quotes; '…' is literal. Throws invalid for other
// forms, too_large for results past 128 KiB.
std::string expand(std::string_view word, char escape,
                   const VariableLookup& lookup);

// Splits at spaces that are neither quoted nor escaped; quotes stay.
std::vector<std::string> split_words(std::string_view text, char escape);

// A path with the quotes and escapes of a word kept as they are: split at any
// space, as FROM, COPY and ADD do.
std::vector<std::string> split_at_spaces(std::string_view text);

}  // namespace skerry::ci
