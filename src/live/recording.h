// The file that a live capture leaves behind: pcapng with one interface, written in whole blocks, and at its end what the system
// says it lost. Source: draft-ietf-opsawg-pcapng, Section Header, Interface Description, Enhanced Packet and Interface Statistics Block.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::live {

struct RecordedInterface {
  std::string name;
  std::string filter;               // libpcap's expression, "" for none
  std::uint16_t link_type = 0;      // LINKTYPE_*
  std::uint32_t snap_length = 0;    // bytes
  std::string program;              // that records, with its version
};

// Counted by the system since the capture began.
struct CaptureLosses {
  std::uint64_t received = 0;       // frames that the interface gave
  std::uint64_t by_interface = 0;   // frames lost before the system saw them
  std::uint64_t by_system = 0;      // frames lost since nobody took them in time
};

class Recording {
 public:
  // Makes the file with mode 0600. Error io: it is there already, also as a link, or the folder may not be written.
  static Result<Recording> create(const std::string& path);
  ~Recording();
  Recording(Recording&& from) noexcept;
  Recording& operator=(Recording&&) = delete;

  // First, and once.
  Result<void> begin(const RecordedInterface& interface);
  // `time_ns` since 1970-01-01 UTC. REQUIRES: data.size() <= 262'144, wire_length >= data.size().
  Result<void> frame(std::int64_t time_ns, Bytes data, std::uint32_t wire_length);
  // Last, and once: losses, and everything to the disk.
  Result<void> end(std::int64_t begun_ns, std::int64_t ended_ns, CaptureLosses losses);
  // What is held back goes into the file. On an error the file is cut behind the last block that is whole; the frames that
  // were lost by that are counted as lost by the system, and end() still works when there is room for 100 bytes.
  Result<void> flush();

  std::uint64_t size() const { return flushed_ + held_.size(); }   // bytes
  std::uint64_t frames() const { return frames_; }

 private:
  explicit Recording(int fd) : fd_(fd) {}
  void number(std::uint64_t value, std::size_t size);
  void text_option(std::uint16_t code, std::string_view text, std::string_view before = {});
  void number_option(std::uint16_t code, std::uint64_t value);
  void time_option(std::uint16_t code, std::int64_t ns);
  void pad();
  std::size_t open_block(std::uint32_t type);
  void close_block(std::size_t from);

  int fd_;
  std::uint64_t flushed_ = 0, frames_ = 0;
  std::uint64_t held_frames_ = 0, unwritten_frames_ = 0;
  std::vector<std::uint8_t> held_;   // whole blocks, but while one is being made
};

}  // namespace klik::live
