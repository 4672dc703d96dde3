// What the kernel itself sends over loopback, in a network of this process's own, so that nobody else's traffic is in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace made {

class Tap {
 public:
  // Moves the process into a network namespace of its own, with a user namespace around it when it is not root. Null when the system
  // forbids that; the process then stays where it was. REQUIRES: no other thread yet.
  static std::unique_ptr<Tap> open();
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;
  // Takes what has come; often, since the kernel keeps little.
  void drain();
  // Drops the kernel told of: none, or the capture is not whole.
  std::uint64_t dropped() const;
  const std::string& records() const { return records_; }   // of a pcap file with nanoseconds, Ethernet

 private:
  explicit Tap(int socket) : socket_(socket) {}
  int socket_;
  std::string records_;
};

// A pcap record: times in nanoseconds since 1970.
void append_record(std::string& to, std::uint64_t time, std::string_view ethernet);
// The whole file of such records.
bool save_capture(const std::string& path, const std::string& records);

}  // namespace made
