// The module list: which modules the program has, and how each gets what it
// asks of the others.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/boot/module.h"

namespace skerry::app {

class Modules {
 public:
  // `base_url` answers how clients reach this server, once it listens.
  Modules(Services& services, std::function<std::string()> base_url);
  ~Modules();
  std::vector<Module> tables();

 private:
  struct List;
  std::unique_ptr<List> list_;
};

}  // namespace skerry::app
