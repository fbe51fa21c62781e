// The tables of accounts.
#pragma once

#include <span>

#include "core/store/sqlite.h"

namespace skerry::auth {

std::span<const Migration> migrations();

}  // namespace skerry::auth
