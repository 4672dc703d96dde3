#include "formats/net/quic_frames.h"

#include "formats/net/quic.h"

namespace klik::quic {
namespace {

constexpr std::uint64_t kOffsets = std::uint64_t{1} << 62;   // RFC 9000 §4.5: no stream is longer

// Frame types of gQUIC, before the bits of STREAM and ACK.
constexpr std::uint8_t kGooglePadding = 0, kGooglePing = 7, kGoogleCrypto = 8;

}  // namespace

void Frames::skip_zeros() {
  for (net::Cursor ahead = in_; !ahead.done(); in_ = ahead) {
    const auto byte = ahead.u8();
    if (!byte || *byte != 0) return;
  }
}

Result<void> Frames::skip_varints(unsigned count) {
  for (; count > 0; --count) KLIK_CHECK(in_.varint());
  return {};
}

Result<void> Frames::read_ack(bool congestion_counts) {
  KLIK_CHECK(skip_varints(2));   // the largest number, the delay
  KLIK_TRY(const std::uint64_t ranges, in_.varint());
  // A range takes two bytes at least.
  if (ranges > in_.left() / 2) return fail(Code::bad_value, in_.at(), "more ranges in a QUIC ACK than bytes");
  KLIK_CHECK(skip_varints(1));
  for (std::uint64_t i = 0; i < ranges; ++i) KLIK_CHECK(skip_varints(2));
  if (congestion_counts) KLIK_CHECK(skip_varints(3));
  return {};
}

Result<void> Frames::read_data(Frame& frame, bool has_length) {
  if (has_length) {
    KLIK_TRY(frame.data, in_.sized());
  } else {
    frame.data = in_.rest();
  }
  if (frame.offset > kOffsets - 1 - frame.data.size()) return fail(Code::bad_value, in_.at(), "bytes of a QUIC stream past its greatest length");
  return {};
}

Result<Frame> Frames::next_ietf() {
  Frame f;
  const std::uint64_t at = in_.at();
  KLIK_TRY(f.type, in_.varint());
  if (f.type >= 0x08 && f.type <= 0x0f) {
    f.kind = FrameKind::stream;
    KLIK_TRY(f.stream, in_.varint());
    if (f.type & 4) {
      KLIK_TRY(f.offset, in_.varint());
    }
    f.fin = (f.type & 1) != 0;
    KLIK_CHECK(read_data(f, (f.type & 2) != 0));
    return f;
  }
  switch (f.type) {
    case 0x00: skip_zeros(); break;
    case 0x01: f.kind = FrameKind::ping; break;
    case 0x02:
    case 0x03:
      f.kind = FrameKind::ack;
      KLIK_CHECK(read_ack(f.type == 0x03));
      break;
    case 0x04: {
      f.kind = FrameKind::reset_stream;
      KLIK_TRY(f.stream, in_.varint());
      KLIK_CHECK(skip_varints(2));
      break;
    }
    case 0x05: {
      f.kind = FrameKind::stop_sending;
      KLIK_TRY(f.stream, in_.varint());
      KLIK_CHECK(skip_varints(1));
      break;
    }
    case 0x06: {
      f.kind = FrameKind::crypto;
      KLIK_TRY(f.offset, in_.varint());
      KLIK_CHECK(read_data(f, true));
      break;
    }
    case 0x07:
      f.kind = FrameKind::new_token;
      KLIK_CHECK(in_.sized());
      break;
    case 0x10:
    case 0x12:
    case 0x13:
    case 0x14:
    case 0x16:
    case 0x17:
      f.kind = FrameKind::flow;
      KLIK_CHECK(skip_varints(1));
      break;
    case 0x11:
    case 0x15:
      f.kind = FrameKind::flow;
      KLIK_CHECK(skip_varints(2));
      break;
    case 0x18: {
      f.kind = FrameKind::new_connection_id;
      KLIK_CHECK(skip_varints(2));
      KLIK_TRY(f.connection_id, in_.vector8());
      if (f.connection_id.empty() || f.connection_id.size() > kLongestId) return fail(Code::bad_value, at, "a new QUIC connection id of a length that is not allowed");
      KLIK_CHECK(in_.take(16));   // the stateless reset token
      break;
    }
    case 0x19:
      f.kind = FrameKind::retire_connection_id;
      KLIK_CHECK(skip_varints(1));
      break;
    case 0x1a:
    case 0x1b:
      f.kind = FrameKind::path;
      KLIK_CHECK(in_.take(8));
      break;
    case 0x1c:
    case 0x1d:
      f.kind = FrameKind::connection_close;
      KLIK_CHECK(skip_varints(f.type == 0x1c ? 2 : 1));
      KLIK_CHECK(in_.sized());   // the reason, free text
      break;
    case 0x1e: f.kind = FrameKind::handshake_done; break;
    case 0x1f: f.kind = FrameKind::ping; break;   // IMMEDIATE_ACK asks for one, as PING does
    case 0xaf:                                    // ACK_FREQUENCY
      f.kind = FrameKind::flow;
      KLIK_CHECK(skip_varints(4));
      break;
    case 0x2f5:   // TIMESTAMP
      f.kind = FrameKind::flow;
      KLIK_CHECK(skip_varints(1));
      break;
    case 0x30:
    case 0x31:
      f.kind = FrameKind::datagram;
      KLIK_CHECK(read_data(f, f.type == 0x31));
      break;
    default: return fail(Code::unsupported, at, "a QUIC frame of an unknown type");
  }
  return f;
}

Result<Frame> Frames::next_google() {
  Frame f;
  const std::uint64_t at = in_.at();
  KLIK_TRY(const std::uint8_t type, in_.u8());
  f.type = type;
  switch (type) {
    case kGooglePadding: skip_zeros(); break;
    case kGooglePing: f.kind = FrameKind::ping; break;
    case kGoogleCrypto: {
      f.kind = FrameKind::crypto;
      KLIK_TRY(f.offset, in_.varint());
      KLIK_CHECK(read_data(f, true));
      break;
    }
    default: return fail(Code::unsupported, at, "a frame of gQUIC that is not read");
  }
  return f;
}

}  // namespace klik::quic
