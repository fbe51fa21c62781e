// Random bytes from the kernel. Thread-safe.
#pragma once

#include <cstddef>
#include <string>

namespace skerry {

std::string random_bytes(std::size_t count);
// `count` characters of [a-z0-9], about 5.17 bits each.
std::string random_name(std::size_t count);

}  // namespace skerry
