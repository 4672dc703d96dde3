// The id that Alibaba's libraries (and Umeng's) give a phone, "utdid": 18 bytes in base64, in which a 32-bit hash of the IMEI stands in the
// clear, and a sum under a key that lies in every copy of the library. Where the IMEI was not given out, the hash is of a random number.
// Source: com.ta.utdid2.device.UTUtdid in those libraries, as taken apart by others: seconds (4 bytes), a random number (4), 3, 0, Java's
// String.hashCode() of the IMEI (4), the same of the base64 of an HMAC-SHA-1 over all of that (4); numbers with the high byte first.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace klik::traffic {

std::uint32_t java_hash(std::string_view text);

// The six bytes in the middle of such an id that depend on the IMEI alone, and where they stand in it.
std::string utdid_middle(std::string_view imei);
inline constexpr std::uint64_t kUtdidMiddle = 8, kUtdidBytes = 18;

// Whether the sum at the end of these kUtdidBytes bytes is right.
bool is_utdid(Bytes id);

}  // namespace klik::traffic
