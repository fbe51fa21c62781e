// The images that applications have deployed or are about to.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cd/cd.h"
#include "source/sources.h"
#include "store.h"

namespace skerry::cd {

// Those of each application's history, which it may go back to; of what its
// target was told to hold; and of what its sources say now. Throws unavailable
// when an entry of a history cannot be told.
std::vector<UsedImage> used_images(Store& store, Sources& sources);

// Every image that an object names, whatever its kind. ConfigMaps and Secrets
// name none.
void add_images(const Json& object, std::set<std::string>& images);

}  // namespace skerry::cd
