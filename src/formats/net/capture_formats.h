// What the readers of pcap and pcapng share. Not for use outside this folder.
#pragma once

#include <algorithm>
#include <bit>

#include "formats/net/capture_file.h"

namespace klik::net {

class CaptureParser::Format {
 public:
  explicit Format(CaptureSink& sink) : sink_(sink) {}
  virtual ~Format() = default;
  virtual Result<Fed> feed(Bytes window, std::uint64_t at, bool last) = 0;
  virtual std::uint64_t name_blocks() const { return 0; }

 protected:
  void tell(Weight weight, Code code, std::uint64_t at, const char* what, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (told_++ < kMostProblems) sink_.problem(Error{code, at, what, file, line}, weight);
  }
  std::uint32_t u32(U32le field) const { return swap_ ? std::byteswap(std::uint32_t{field}) : std::uint32_t{field}; }
  std::uint16_t u16(U16le field) const { return swap_ ? std::byteswap(std::uint16_t{field}) : std::uint16_t{field}; }

  CaptureSink& sink_;
  bool swap_ = false;   // the file, or the section, is big-endian

 private:
  std::uint32_t told_ = 0;
};

// Takes the frame check off: `check` bytes at the end of the frame on the wire, of which the capture may hold none.
inline void drop_frame_check(CapturedFrame& frame, std::uint32_t check) {
  if (check == 0 || check > frame.wire_length) return;
  frame.wire_length -= check;
  if (frame.data.size() > frame.wire_length) frame.data = Bytes(frame.data.span().first(frame.wire_length));
}

std::unique_ptr<CaptureParser::Format> pcap_format(CaptureSink& sink);
std::unique_ptr<CaptureParser::Format> pcapng_format(CaptureSink& sink, Wanted wanted);

}  // namespace klik::net
