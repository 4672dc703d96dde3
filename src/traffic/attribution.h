// Which app a frame belongs to, as programs that capture on the phone itself write it behind or beside the frame.
// Source: PCAPdroid's pcap_dump.h and pcap_dump.c.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace klik::traffic {

struct AppTrailer {
  std::int32_t uid = -1;        // of Android; -1: unknown to the program
  std::string_view name;        // cut to 19 bytes, or to 15 by older versions: a hint
};

inline constexpr std::uint64_t kSmallestTrailer = 28;

// The trailer at the end of a frame with an Ethernet header, when its checksum over the whole frame holds.
std::optional<AppTrailer> app_trailer(Bytes frame);

// Of a frame's comment: "u-10123".
std::optional<std::int32_t> uid_in_comment(std::string_view comment);

}  // namespace klik::traffic
