#include "formats/net/socks.h"

#include <algorithm>

namespace klik::net::socks {
namespace {

constexpr std::uint64_t kLongestText = 255;   // also of version 4, which has no bound

struct Head4 {
  std::uint8_t version, command;
  U16be port;
  std::array<std::uint8_t, 4> address;
};
static_assert(sizeof(Head4) == 8);

struct Head5 {
  std::uint8_t version, command, reserved, address_type;
};
static_assert(sizeof(Head5) == 4);

void map_v4(Request& out, const std::array<std::uint8_t, 4>& address) {
  out.address[10] = out.address[11] = 0xFF;
  std::ranges::copy(address, out.address.begin() + 12);
}

// A text that ends in a zero byte. Errors: truncated, bad_value when it is too long.
Result<std::string_view> text_at(Bytes bytes, std::uint64_t at) {
  KLIK_TRY(const Bytes rest, bytes.from(at));
  const std::size_t end = rest.text().find('\0');
  if (end != std::string_view::npos && end <= kLongestText) return rest.text().substr(0, end);
  if (rest.size() > kLongestText) return fail(Code::bad_value, at, "a text of SOCKS is too long");
  return fail(Code::truncated, at, "a text of SOCKS without an end");
}

// The address behind a header of version 5.
Result<void> read_address(Bytes bytes, std::uint8_t type, Request& out) {
  std::uint64_t at = sizeof(Head5);
  if (type == 1) {
    KLIK_TRY(const auto address, (bytes.get<std::array<std::uint8_t, 4>>(at)));
    map_v4(out, address);
    at += 4;
  } else if (type == 4) {
    KLIK_TRY(out.address, (bytes.get<std::array<std::uint8_t, 16>>(at)));
    at += 16;
  } else if (type == 3) {
    KLIK_TRY(const std::uint8_t length, bytes.get<std::uint8_t>(at));
    KLIK_TRY(const Bytes name, bytes.slice(at + 1, length));
    out.by_name = true;
    out.host = name.text();
    at += 1u + length;
  } else {
    return fail(Code::bad_value, at - 1, "a kind of address that SOCKS does not have");
  }
  KLIK_TRY(const U16be port, bytes.get<U16be>(at));
  out.port = port;
  out.size = at + sizeof(U16be);
  return {};
}

}  // namespace

Result<Request> read_request4(Bytes bytes) {
  // Anything may begin with a 4, so what is there is looked at before more is waited for.
  if (bytes.size() > 1 && bytes[0] == 4 && bytes[1] != kConnect && bytes[1] != kBind) return fail(Code::bad_value, 1, "no command of SOCKS 4");
  if (!bytes.empty() && bytes[0] != 4) return fail(Code::bad_value, 0, "not SOCKS 4");
  KLIK_TRY(const Head4* head, bytes.view<Head4>(0));
  Result<Request> result;
  Request& out = *result;
  out.command = head->command;
  out.port = head->port;
  KLIK_TRY(out.user, text_at(bytes, sizeof(Head4)));
  out.size = sizeof(Head4) + out.user.size() + 1;
  const auto& a = head->address;
  // 0.0.0.x stands for a name behind the user (SOCKS 4A).
  out.by_name = a[0] == 0 && a[1] == 0 && a[2] == 0 && a[3] != 0;
  if (out.by_name) {
    KLIK_TRY(out.host, text_at(bytes, out.size));
    out.size += out.host.size() + 1;
  } else {
    map_v4(out, a);
  }
  return result;
}

Result<Request> read_request5(Bytes bytes) {
  KLIK_TRY(const Head5* head, bytes.view<Head5>(0));
  if (head->version != 5 || head->command < kConnect || head->command > kAssociate || head->reserved != 0) return fail(Code::bad_value, 0, "no request of SOCKS 5");
  Result<Request> result;
  result->command = head->command;
  KLIK_CHECK(read_address(bytes, head->address_type, *result));
  return result;
}

Result<Reply> read_reply4(Bytes bytes) {
  if (!bytes.empty() && bytes[0] != 0) return fail(Code::bad_value, 0, "no reply of SOCKS 4");
  KLIK_TRY(const Head4* head, bytes.view<Head4>(0));
  if (head->command < 90 || head->command > 93) return fail(Code::bad_value, 1, "no reply of SOCKS 4");
  return Reply{.granted = head->command == 90, .size = sizeof(Head4)};
}

Result<Reply> read_reply5(Bytes bytes) {
  KLIK_TRY(const Head5* head, bytes.view<Head5>(0));
  if (head->version != 5 || head->reserved != 0) return fail(Code::bad_value, 0, "no reply of SOCKS 5");
  Request bound;
  KLIK_CHECK(read_address(bytes, head->address_type, bound));
  return Reply{.granted = head->command == 0, .size = bound.size};
}

Result<std::uint64_t> greeting_size(Bytes bytes) {
  KLIK_TRY(const std::uint8_t version, bytes.get<std::uint8_t>(0));
  if (version != 5) return fail(Code::bad_value, 0, "not SOCKS 5");
  KLIK_TRY(const std::uint8_t methods, bytes.get<std::uint8_t>(1));
  if (methods == 0) return fail(Code::bad_value, 1, "a caller of SOCKS that can prove nothing");
  KLIK_CHECK(bytes.slice(0, 2u + methods));
  return 2u + methods;
}

Result<Login> read_login(Bytes bytes) {
  KLIK_TRY(const std::uint8_t version, bytes.get<std::uint8_t>(0));
  if (version != 1) return fail(Code::bad_value, 0, "another way to prove who calls than a password");
  KLIK_TRY(const std::uint8_t user_length, bytes.get<std::uint8_t>(1));
  KLIK_TRY(const Bytes user, bytes.slice(2, user_length));
  KLIK_TRY(const std::uint8_t word_length, bytes.get<std::uint8_t>(2u + user_length));
  KLIK_CHECK(bytes.slice(3u + user_length, word_length));
  return Login{.user = user.text(), .size = 3u + user_length + word_length};
}

}  // namespace klik::net::socks
