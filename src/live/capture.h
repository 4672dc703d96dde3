// Packets of one interface, as they pass, through libpcap.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/recording.h"

namespace klik::live {

inline constexpr std::uint32_t kSnapLength = 262'144;   // longer than any frame, also those that the network card puts together

struct CaptureLimits {
  std::optional<std::chrono::seconds> duration;   // none: until asked to stop
  std::uint64_t bytes = 0;                        // of the recording; it stops before the frame that would pass this
};

struct CaptureCounts {
  std::chrono::milliseconds elapsed{};
  std::uint64_t frames = 0, bytes = 0;            // in the recording
  CaptureLosses losses;
};

enum class CaptureEnd : std::uint8_t {
  time,        // it took as long as it should
  asked,       // the user ended it
  size,        // the recording is as large as it may be
  interface,   // the interface is gone or down
  disk,        // the recording cannot be written
};

class Capture {
 public:
  // Opens what has this name ("wlan0", or "any" for all), which needs root or CAP_NET_RAW; after that no right is needed.
  // With a filter (phone_filter) the system gives only what matches it, and the interface is asked for frames to other machines
  // too, as on a port that mirrors another; without, only for the machine's own. Nothing is read yet.
  // Errors, with `what` for the user: absent (no such interface), io, unsupported (the filter does not fit this kind of link).
  static Result<Capture> open(const std::string& interface, const std::string& filter);
  ~Capture();
  Capture(Capture&&) noexcept;

  // LINKTYPE_* of its frames.
  std::uint16_t link_type() const;

  // Reads packets into `recording`, which has begun, until a limit is reached or stop() is true, and ends it with the
  // losses. `tell` is called about five times a second. Error io: nothing can be written any more, not even the end.
  Result<CaptureEnd> record(Recording& recording, const CaptureLimits& limits, const std::function<bool()>& stop, const std::function<void(const CaptureCounts&)>& tell);

 private:
  struct State;
  explicit Capture(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Names of what open() can be given, in the system's order.
std::vector<std::string> interfaces();

}  // namespace klik::live
