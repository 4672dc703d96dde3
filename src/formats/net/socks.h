// What a caller and a proxy of SOCKS tell each other before the proxy passes everything on. Views point into the bytes.
// Source: RFC 1928 (version 5), RFC 1929 (user and password); the memos "SOCKS: A protocol for TCP proxy across firewalls" and
// "SOCKS 4A" (version 4).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace klik::net::socks {

constexpr std::uint8_t kConnect = 1, kBind = 2, kAssociate = 3;

// All: errors are truncated when more bytes may make it whole, and bad_value otherwise. `size`: bytes that it takes.

struct Request {
  std::uint8_t command = 0;
  bool by_name = false;
  std::string_view host;                    // when by name
  std::array<std::uint8_t, 16> address{};   // otherwise; IPv4 in its mapped form, ::ffff:a.b.c.d
  std::uint16_t port = 0;
  std::string_view user;                    // of version 4
  std::uint64_t size = 0;
};
Result<Request> read_request4(Bytes bytes);
Result<Request> read_request5(Bytes bytes);

struct Reply {
  bool granted = false;
  std::uint64_t size = 0;
};
Result<Reply> read_reply4(Bytes bytes);
Result<Reply> read_reply5(Bytes bytes);

// What the caller of version 5 begins with: the ways in which it can prove who it is.
Result<std::uint64_t> greeting_size(Bytes bytes);

struct Login {
  std::string_view user;
  std::uint64_t size = 0;
};
Result<Login> read_login(Bytes bytes);

}  // namespace klik::net::socks
