// A host has one name, however it was written: everywhere a name enters, so that connections, requests and lookups of one host meet.
#pragma once

#include <string>
#include <string_view>

#include "base/ascii.h"

namespace klik::traffic {

// Lower case (RFC 4343), without the dots that end it (RFC 1034 §3.1).
inline std::string host_name(std::string_view as_written) { return text::lower(as_written.substr(0, as_written.find_last_not_of('.') + 1)); }

}  // namespace klik::traffic
