#include "live/recording.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace klik::live {
namespace {

constexpr std::size_t kHoldAtMost = std::size_t{1} << 20;

enum BlockType : std::uint32_t { kSectionHeader = 0x0A0D0D0A, kInterface = 1, kStatistics = 5, kPacket = 6 };
enum Option : std::uint16_t {
  kEnd = 0,
  kUserApplication = 4,   // of a section
  kInterfaceName = 2, kTimeResolution = 9, kFilter = 11,   // of an interface
  kStartTime = 2, kEndTime = 3, kReceived = 4, kDroppedByInterface = 5, kDroppedBySystem = 7,   // of statistics
};

}  // namespace

Result<Recording> Recording::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return fail(Code::io, 0, errno == EEXIST ? "it is there already, and a recording is never overwritten" : "it cannot be made");
  // Whatever the umask took away.
  if (::fchmod(fd, 0600) != 0) {
    ::close(fd);
    return fail(Code::io, 0, "its mode cannot be set");
  }
  return Recording(fd);
}

Recording::Recording(Recording&& from) noexcept
    : fd_(std::exchange(from.fd_, -1)), flushed_(from.flushed_), frames_(from.frames_), held_frames_(from.held_frames_), unwritten_frames_(from.unwritten_frames_), held_(std::move(from.held_)) {}

Recording::~Recording() {
  if (fd_ >= 0) ::close(fd_);
}

void Recording::number(std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) held_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void Recording::pad() { held_.resize((held_.size() + 3) / 4 * 4); }

void Recording::text_option(std::uint16_t code, std::string_view text, std::string_view before) {
  text = text.substr(0, 1024);   // lengths have 16 bits; no name or filter of ours comes near
  number(code, 2);
  number(before.size() + text.size(), 2);
  held_.insert(held_.end(), before.begin(), before.end());
  held_.insert(held_.end(), text.begin(), text.end());
  pad();
}

void Recording::number_option(std::uint16_t code, std::uint64_t value) {
  number(code, 2);
  number(8, 2);
  number(value, 8);
}

// The upper half comes first, in whatever byte order.
void Recording::time_option(std::uint16_t code, std::int64_t ns) {
  number(code, 2);
  number(8, 2);
  number(static_cast<std::uint64_t>(ns) >> 32, 4);
  number(static_cast<std::uint64_t>(ns), 4);
}

std::size_t Recording::open_block(std::uint32_t type) {
  const std::size_t from = held_.size();
  number(type, 4);
  number(0, 4);
  return from;
}

// Options end with an empty one; a block without any has none.
void Recording::close_block(std::size_t from) {
  const std::size_t length = held_.size() - from + 4;
  for (std::size_t i = 0; i < 4; ++i) held_[from + 4 + i] = static_cast<std::uint8_t>(length >> (8 * i));
  number(length, 4);
}

Result<void> Recording::begin(const RecordedInterface& interface) {
  const std::size_t section = open_block(kSectionHeader);
  number(0x1A2B3C4D, 4);
  number(1, 2);
  number(0, 2);
  number(~std::uint64_t{0}, 8);   // length not stated
  text_option(kUserApplication, interface.program);
  number(kEnd, 4);
  close_block(section);
  const std::size_t description = open_block(kInterface);
  number(interface.link_type, 2);
  number(0, 2);
  number(interface.snap_length, 4);
  text_option(kInterfaceName, interface.name);
  number(kTimeResolution, 2);
  number(1, 2);
  number(9, 4);   // nanoseconds, and the padding
  if (!interface.filter.empty()) text_option(kFilter, interface.filter, std::string_view("\0", 1));   // 0: a text for libpcap
  number(kEnd, 4);
  close_block(description);
  return flush();
}

Result<void> Recording::frame(std::int64_t time_ns, Bytes data, std::uint32_t wire_length) {
  const std::size_t block = open_block(kPacket);
  number(0, 4);
  number(static_cast<std::uint64_t>(time_ns) >> 32, 4);
  number(static_cast<std::uint64_t>(time_ns), 4);
  number(data.size(), 4);
  number(wire_length, 4);
  held_.insert(held_.end(), data.begin(), data.end());
  pad();
  close_block(block);
  ++frames_;
  ++held_frames_;
  return held_.size() < kHoldAtMost ? Result<void>{} : flush();
}

Result<void> Recording::flush() {
  std::size_t written = 0;
  while (written < held_.size()) {
    const ssize_t n = ::write(fd_, held_.data() + written, held_.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      // flushed_ is a boundary of blocks; where in held_ the last whole one ends is not known.
      held_.clear();
      frames_ -= held_frames_;
      unwritten_frames_ += std::exchange(held_frames_, 0);
      if (::ftruncate(fd_, static_cast<off_t>(flushed_)) != 0 || ::lseek(fd_, static_cast<off_t>(flushed_), SEEK_SET) < 0) return fail(Code::io, flushed_, "the recording can be neither written nor cut");
      return fail(Code::io, flushed_, "the recording cannot be written: is the disk full?");
    }
    written += static_cast<std::size_t>(n);
  }
  flushed_ += held_.size();
  held_.clear();
  held_frames_ = 0;
  return {};
}

Result<void> Recording::end(std::int64_t begun_ns, std::int64_t ended_ns, CaptureLosses losses) {
  KLIK_CHECK(flush());
  const std::size_t block = open_block(kStatistics);
  number(0, 4);
  number(static_cast<std::uint64_t>(ended_ns) >> 32, 4);
  number(static_cast<std::uint64_t>(ended_ns), 4);
  time_option(kStartTime, begun_ns);
  time_option(kEndTime, ended_ns);
  number_option(kReceived, losses.received);
  number_option(kDroppedByInterface, losses.by_interface);
  number_option(kDroppedBySystem, losses.by_system + unwritten_frames_);
  number(kEnd, 4);
  close_block(block);
  KLIK_CHECK(flush());
  if (::fsync(fd_) != 0) return fail(Code::io, flushed_, "the recording may not be whole on the disk");
  return {};
}

}  // namespace klik::live
