// What an ELF file holds beside its functions: constants, initialised data, and code that lies in no function. Two files with
// the same functions may still hold another key, table or address there.
#pragma once

#include <string>

#include "formats/native/functions.h"

namespace klik {

// Words that the dynamic linker sets are left out, and so is padding between functions: linking anew changes both.
std::string digest_of_rest(const elf::File& file, const elf::Functions& all);

}  // namespace klik
