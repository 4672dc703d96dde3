// Names inside a DNS message, compressed or not. Source: RFC 1035 §3.1, §4.1.4; RFC 4343 (case).
#pragma once

#include <string>

#include "base/bytes.h"

namespace klik::net::dns {

// Where the name that starts at `at` ends in the message: behind its zero or its first pointer.
// Errors: truncated, bad_value (label types that were never in use).
Result<std::uint64_t> name_end(Bytes message, std::uint64_t at);

// The name in the form that dns.h describes. Each pointer must lead to before where the last one led, so there are no loops.
// Errors: truncated, bad_value (above 255 bytes, a pointer that does not lead back, label types that were never in use).
// `sent`: gets the labels' bytes as they stand in the message, with dots between.
Result<std::string> name_at(Bytes message, std::uint64_t at, std::string* sent = nullptr);

// Appends raw bytes as they stand in a label.
void append_label(std::string& to, Bytes label);

}  // namespace klik::net::dns
