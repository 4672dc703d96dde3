#include "formats/net/quic_parameters.h"

#include "formats/net/cursor.h"

namespace klik::quic {
namespace {

constexpr std::uint64_t kPreferredAddress = 0x0d;
constexpr std::uint64_t kAddresses = 4 + 2 + 16 + 2;   // IPv4 and IPv6, each with a port

}  // namespace

Result<Bytes> preferred_address_id(Bytes parameters) {
  for (net::Cursor in(parameters); !in.done();) {
    KLIK_TRY(const std::uint64_t id, in.varint());
    KLIK_TRY(const Bytes value, in.sized());
    if (id != kPreferredAddress) continue;
    net::Cursor inside(value);
    KLIK_CHECK(inside.take(kAddresses));
    return inside.vector8();
  }
  return Bytes();
}

}  // namespace klik::quic
