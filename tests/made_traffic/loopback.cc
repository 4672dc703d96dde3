#include "loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace made {
namespace {

constexpr std::size_t kPart = 16'384;   // fits the buffers of a socket, so that one thread cannot block itself

struct Place {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* address() { return reinterpret_cast<sockaddr*>(&storage); }
};

Place loopback(bool v6) {
  Place place;
  if (v6) {
    auto* in = reinterpret_cast<sockaddr_in6*>(&place.storage);
    in->sin6_family = AF_INET6, in->sin6_addr = in6addr_loopback;
    place.size = sizeof *in;
  } else {
    auto* in = reinterpret_cast<sockaddr_in*>(&place.storage);
    in->sin_family = AF_INET, in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place.size = sizeof *in;
  }
  return place;
}

void need(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("loopback: ") + what + ": " + std::strerror(errno));
}

int bound(int type, bool v6, Place& place) {
  const int s = socket(v6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
  need(s >= 0, "socket");
  place = loopback(v6);
  need(bind(s, place.address(), place.size) == 0, "bind");
  need(getsockname(s, place.address(), &place.size) == 0, "getsockname");
  return s;
}

bool has_v6() {
  Place place = loopback(true);
  const int s = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool has = s >= 0 && bind(s, place.address(), place.size) == 0;
  if (s >= 0) close(s);
  return has;
}

}  // namespace

Loopback::Loopback(Kind kind, bool v6) : kind_(kind) {
  static const bool kHasV6 = has_v6();
  v6 = v6 && kHasV6;
  Place phone, server;
  if (kind == Kind::udp) {
    ends_[0] = bound(SOCK_DGRAM, v6, phone), ends_[1] = bound(SOCK_DGRAM, v6, server);
    need(connect(ends_[0], server.address(), server.size) == 0 && connect(ends_[1], phone.address(), phone.size) == 0, "connect");
    return;
  }
  const int listener = bound(SOCK_STREAM, v6, server);
  need(listen(listener, 1) == 0, "listen");
  ends_[0] = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need(ends_[0] >= 0 && connect(ends_[0], server.address(), server.size) == 0, "connect");
  ends_[1] = accept(listener, nullptr, nullptr);
  need(ends_[1] >= 0, "accept");
  close(listener);
  const int on = 1;
  for (const int end : ends_) setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Loopback::~Loopback() {
  for (const int end : ends_)
    if (end >= 0) close(end);
}

std::string Loopback::carry(Way way, std::string_view bytes) {
  const int from = ends_[index(way)], to = ends_[index(other(way))];
  std::string arrived;
  char buffer[65'536];
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view part = bytes.substr(at, kind_ == Kind::udp ? bytes.size() : kPart);
    need(send(from, part.data(), part.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(part.size()), "send");
    for (std::size_t got = 0; got < part.size();) {
      const ssize_t n = recv(to, buffer, sizeof buffer, 0);
      need(n > 0, "recv");
      arrived.append(buffer, static_cast<std::size_t>(n));
      got += static_cast<std::size_t>(n);
    }
    at += part.size();
  }
  return arrived;
}

}  // namespace made
