// The names of TLS alerts. A client that refuses a certificate says so in one.
// Source: RFC 8446 §6, RFC 5246 §7.2, and IANA's TLS Alerts.
#pragma once

#include <cstdint>
#include <string_view>

namespace klik::tls {

constexpr std::uint8_t kCloseNotify = 0;

// "certificate_unknown"; "" for a number that is not assigned.
std::string_view alert_name(std::uint8_t description);

}  // namespace klik::tls
