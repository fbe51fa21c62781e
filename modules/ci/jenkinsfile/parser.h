// From tokens to the syntax tree: recursive descent, bounded in depth.
//
//   text       := statement*                 separated by newlines or ";"
//   statement  := NAME "=" expression | "return" expression | expression
//   expression := or ["?" expression ":" expression | "?:" expression]
//   or         := and ("||" and)*
//   and        := equality ("&&" equality)*
//   equality   := sum (("==" | "!=") sum)*
//   sum        := unary ("+" unary)*
//   unary      := "!" unary | "-" NUMBER | postfix
//   postfix    := primary ("." NAME [ "(" arguments ")" ])*
//   primary    := NUMBER | TEXT | "true" | "false" | "null" | list | map
//               | block | "(" expression ")" | call | path
//   call       := path "(" arguments ")" [block] | path [arguments] [block]
//   block      := "{" statement* "}"
//
// The form of a call without parentheses is allowed to statements only. After
// a fault, parsing goes on with the next statement, so that all are found.
#pragma once

#include <string_view>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/syntax.h"

namespace skerry::ci {

std::vector<Statement> parse_syntax(std::string_view text, Origin origin,
                                    Faults& faults);

}  // namespace skerry::ci
