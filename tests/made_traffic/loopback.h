// Real sockets on the loopback interface, both ends in one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire.h"

namespace made {

class Loopback {
 public:
  enum class Kind : std::uint8_t { tcp, udp };
  // Over IPv4 where there is no IPv6. Throws std::runtime_error when the system refuses.
  Loopback(Kind kind, bool v6);
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;
  // Sends from one end and gives what arrives at the other: the same bytes, or of UDP the same datagram.
  std::string carry(Way way, std::string_view bytes);

 private:
  int ends_[2] = {-1, -1};            // the phone's, the server's
  Kind kind_;
};

}  // namespace made
