// Strings: '…', "…", '''…''', """…""" and /…/, with escapes and interpolation.
#pragma once

#include <vector>

#include "jenkinsfile/cursor.h"
#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/token.h"

namespace skerry::ci {

bool is_word_start(char c);
bool is_word_part(char c);

// Reads the string that starts at the cursor, which stands on its quote.
std::vector<TextPiece> lex_text(Cursor& cursor, Faults& faults);

}  // namespace skerry::ci
