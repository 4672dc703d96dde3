// The page at the end of OPPO's ofp (Qualcomm) and OnePlus's ops: plain numbers about an encrypted index.
// There is no public specification; the layout is what open decrypting tools agree on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/source.h"

namespace klik {

struct FlashTrailer {
  std::uint64_t at;          // of the page
  std::uint64_t page;        // 512 or 4096
  std::uint64_t index_at;    // where the encrypted index lies, by the trailer's account
  std::uint64_t index_size;
  std::string project;       // ops only: "19801"; raw
  std::string firmware;      // ops only: the build's name; raw
};

// The mark 0x7CEF stands at 0x10 of the last page.
std::optional<FlashTrailer> find_flash_trailer(const Source& source);

// "ops" or "ofp", without regard to case.
bool has_extension(std::string_view name, std::string_view extension);

}  // namespace klik
