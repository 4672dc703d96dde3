// PKTAP: what Apple's kernels say of a packet before the packet itself, among it the process that sent or gets it.
// Source: xnu's bsd/net/pktap.h (struct pktap_header, struct pktap_v2_hdr, PTH_*); tcpdump.org/linktypes.html, LINKTYPE_PKTAP.
// Little-endian on all machines that write it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "formats/net/capture_file.h"

namespace klik::net {

inline constexpr std::uint32_t kPktap = 258;
inline constexpr std::uint32_t kPktapAsUser2 = 149;   // Darwin's own number, which stands for anything elsewhere; Mac OS X 10.9 wrote it to files

struct Pktap {
  Bytes header;
  Bytes rest;                      // what follows the header
  bool packet = false;             // it is a packet; else nothing, or the record of a packet that the kernel dropped
  std::uint32_t link_type = 0;     // of the packet: a DLT_* of Darwin; of the layers that are read here the number is that of the file format
  FrameSide side = FrameSide::unknown;
};

// Errors: truncated, bad_value for lengths that contradict each other.
Result<Pktap> read_pktap(Bytes frame);

// The process on whose behalf the packet travels, else the one that holds the socket; "" when neither is named. Cut to 16 bytes by
// the kernel. `header`: of a Pktap.
std::string_view pktap_process(Bytes header);

}  // namespace klik::net
