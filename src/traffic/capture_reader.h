// A capture file of any size, read in one pass: parser, links, fragments, packets.
#pragma once

#include <functional>

#include "io/source.h"
#include "traffic/frames.h"
#include "traffic/secrets.h"

namespace klik::traffic {

// What the reader of a capture wants to be told. All but `packet` may be empty.
struct CaptureVisitor {
  std::function<void(const Packet&)> packet;   // in the order of the frames
  std::function<void(const net::Section&)> section;
  std::function<void(const Error&, EventSink::Severity)> problem;   // `error.at`: in the source
};

// Memory: one window of a megabyte, more only for a larger block (at most 40 MiB), and what Fragments may hold.
// Errors: bad_magic, truncated (not a capture at all), and those of the source. Damage inside is a problem told, not an error.
Result<FrameCounts> read_capture(const Source& source, const CaptureVisitor& visitor);

// Puts the key logs of a pcapng file's Decryption Secrets Blocks into `secrets`, wherever in the file they stand. Packets are
// passed over by their length. Returns how many secrets were new. Errors: those of read_capture.
Result<std::size_t> collect_secrets(const Source& source, Secrets& secrets);

}  // namespace klik::traffic
