// Times as exports write them.
// Source: RFC 3339 §5.6 (a profile of ISO 8601): "2022-04-27T10:53:24.555-04:00".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace klik {

// Nanoseconds since 1970-01-01 UTC; finer digits are dropped. Years 1970 to 2261. Nothing when the text is no such time, or has no
// zone: local times mean nothing without one.
std::optional<std::int64_t> nanoseconds_of(std::string_view rfc3339);

}  // namespace klik
