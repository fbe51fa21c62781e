// From text to tokens.
//
// Newlines count only outside of ( ) and [ ], as in Groovy. Comments and
// escaped newlines are space. Faults are reported and lexing goes on.
#pragma once

#include <string_view>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/token.h"

namespace skerry::ci {

// The tokens of `text`, the last of kind end. `start` is the place of the
// first byte.
std::vector<Token> lex(std::string_view text, Place start, Faults& faults);

}  // namespace skerry::ci
