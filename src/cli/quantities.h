// Durations and sizes as a user writes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace klik::cli {

// "90s", "10m", "2h", "1d", or several from large to small, as "1h30m". The unit is not optional: "10" could be anything.
// From one second to 366 days; nothing for everything else.
std::optional<std::chrono::seconds> read_duration(std::string_view text);

// "500MB", "10 GB", "64k"; units of 1000; a number alone is bytes. Nothing for what is no size, or not below 2^63.
std::optional<std::uint64_t> read_size(std::string_view text);

// "45 s", "10 min 00 s", "2 h 05 min".
std::string duration_text(double seconds);

// "312 bytes", "4.2 kB", "12.3 MB", "1.5 GB"; units of 1000.
std::string size_text(std::uint64_t bytes);

}  // namespace klik::cli
