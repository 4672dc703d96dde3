// Finding the OAT inside its ELF file: the dynamic symbol `oatdata` says where it lies.
#pragma once

#include <optional>

#include "io/source.h"

namespace klik {

struct OatData {
  std::uint64_t at, length;
};

// Cheap for any file: a few small reads, and none beyond the first bytes for what is no small ELF shared object.
// nullopt: no ELF, or one without this symbol. The range lies inside the source and begins with "oat\n".
std::optional<OatData> find_oatdata(const Source& source);

}  // namespace klik
