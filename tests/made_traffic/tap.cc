#include "tap.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace made {
namespace {

constexpr int kBuffer = 32 << 20;

void little(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

// Switches the interface on; gives its index, 0 when that fails.
int loopback_up() {
  const int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s < 0) return 0;
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  bool up = ioctl(s, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags |= IFF_UP;
  up = up && ioctl(s, SIOCSIFFLAGS, &request) == 0;
  up = up && ioctl(s, SIOCGIFINDEX, &request) == 0;
  close(s);
  return up ? request.ifr_ifindex : 0;
}

}  // namespace

std::unique_ptr<Tap> Tap::open() {
  if (unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0) return nullptr;
  const int index = loopback_up();
  const int s = index ? socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL)) : -1;
  if (s < 0) return nullptr;
  sockaddr_ll place{};
  place.sll_family = AF_PACKET, place.sll_protocol = htons(ETH_P_ALL), place.sll_ifindex = index;
  std::unique_ptr<Tap> tap(new Tap(s));
  if (bind(s, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) return nullptr;
  if (setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) != 0) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer);
  return tap;
}

Tap::~Tap() { close(socket_); }

void Tap::drain() {
  static char buffer[1 << 17];
  for (;;) {
    sockaddr_ll from{};
    socklen_t size = sizeof from;
    const ssize_t n = recvfrom(socket_, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (n <= 0) return;
    if (from.sll_pkttype == PACKET_OUTGOING) continue;   // loopback shows each packet going and coming
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    append_record(records_, static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec), {buffer, static_cast<std::size_t>(n)});
  }
}

std::uint64_t Tap::dropped() const {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  return getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0 ? stats.tp_drops : 0;
}

void append_record(std::string& to, std::uint64_t time, std::string_view ethernet) {
  little(to, time / 1'000'000'000, 4), little(to, time % 1'000'000'000, 4), little(to, ethernet.size(), 4), little(to, ethernet.size(), 4);
  to.append(ethernet);
}

bool save_capture(const std::string& path, const std::string& records) {
  std::string header;
  little(header, 0xa1b23c4d, 4), little(header, 2, 2), little(header, 4, 2), little(header, 0, 8), little(header, 262'144, 4), little(header, 1, 4);
  std::ofstream out(path, std::ios::binary);
  out << header << records;
  return out.flush().good();
}

}  // namespace made
