// What boot loaders refuse of a vbmeta structure although its signature holds. They start nothing then.
// Source: AOSP external/avb libavb avb_slot_verify.c (load_and_verify_vbmeta), avb_chain_partition_descriptor.c.
#pragma once

#include "formats/android/avb.h"

namespace klik::avb {

enum class Role : std::uint8_t {
  main,      // where the boot loader starts
  chained,   // what a chain descriptor of the main structure leads to
};

// A literal; "" for a structure that is taken in this role.
const char* refusal(const VbMeta& meta, Role role);

}  // namespace klik::avb
