// `skerry licenses`: what the program is made of and under which terms.
#pragma once

#include <iosfwd>

namespace skerry::app {

// Prints Skerry's own licence and those of all libraries in the binary.
void print_licenses(std::ostream& out);

}  // namespace skerry::app
