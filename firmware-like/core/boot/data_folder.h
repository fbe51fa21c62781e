// The data folder: made, checked and locked, so that one daemon owns it.
#pragma once

#include <string>

#include "core/boot/module.h"
#include "core/os/fd.h"

namespace skerry::boot {

// Holds the lock while it lives.
class DataFolder {
 public:
  // Makes what is missing. Throws denied when the folder cannot be written,
  // conflict when another daemon holds it, unavailable when the disk is full.
  explicit DataFolder(const std::filesystem::path& folder);

  const Paths& paths() const { return paths_; }
  // keys/<name>, 32 random bytes made on first use, readable by the owner.
  std::string secret_key(std::string_view name) const;
  // Empties the scratch folder, which a clean stop has left empty.
  void empty_work() const;

 private:
  Paths paths_;
  Fd lock_;
};

}  // namespace skerry::boot
