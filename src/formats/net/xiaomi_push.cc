#include "formats/net/xiaomi_push.h"

#include "base/hash.h"
#include "formats/protobuf.h"

namespace klik::net::xiaomi_push {
namespace {

using protobuf::Field;

struct FrameStart {
  U16be magic, version;
  U32be body_length;
};
static_assert(sizeof(FrameStart) == 8);

struct BodyStart {
  U16be type, header_length;
  U32be payload_length;
};
static_assert(sizeof(BodyStart) == 8);

Result<void> take(std::string& to, const Field& field) {
  KLIK_TRY(const Bytes bytes, protobuf::bytes(field));
  to = bytes.text();
  return {};
}

template <class Number>
Result<void> take(Number& to, const Field& field) {
  KLIK_TRY(const std::uint64_t number, protobuf::number(field));
  to = static_cast<Number>(number);
  return {};
}

Result<Header> read_header(Bytes bytes, std::uint64_t base) {
  Header h;
  KLIK_CHECK(protobuf::each(bytes, base, [&](const Field& f) -> Result<void> {
    switch (f.number) {
      case 1: return take(h.channel, f);
      case 2: return take(h.account, f);
      case 3: return take(h.server, f);
      case 4: return take(h.resource, f);
      case 5: return take(h.command, f);
      case 6: return take(h.subcommand, f);
      case 7: return take(h.id, f);
      case 8: return take(h.direction, f);
      case 9: return take(h.cipher, f);
      case 10: return take(h.error, f);
      case 11: return take(h.error_text, f);
      default: return {};
    }
  }));
  return h;
}

}  // namespace

Result<std::uint64_t> frame_size(Bytes start) {
  KLIK_TRY(const FrameStart* frame, start.view<FrameStart>(0));
  if (!start.starts_with(kMagic)) return fail(Code::bad_magic, 0, "not a frame of Xiaomi's push channel");
  if (frame->body_length > kLongestBody) return fail(Code::over_budget, 4, "a frame of Xiaomi's push channel is too long");
  return kFrameOverhead + frame->body_length;
}

Result<Frame> read_frame(Bytes bytes) {
  KLIK_TRY(const std::uint64_t size, frame_size(bytes));
  KLIK_TRY(const Bytes body, bytes.slice(sizeof(FrameStart), size - kFrameOverhead));
  KLIK_TRY(const Bytes covered, bytes.slice(0, size - sizeof(U32be)));
  KLIK_TRY(const std::uint32_t checksum, bytes.get<U32be>(covered.size()));
  return Frame{body, adler32(covered) == checksum};
}

Result<std::optional<Body>> read_body(Bytes body) {
  const auto start = body.view<BodyStart>(0);
  if (!start) return std::nullopt;
  const std::uint64_t header_length = (*start)->header_length, payload_length = (*start)->payload_length;
  if (sizeof(BodyStart) + header_length + payload_length != body.size()) return std::nullopt;
  KLIK_TRY(const Bytes header, body.slice(sizeof(BodyStart), header_length));
  Body out;
  out.type = (*start)->type;
  KLIK_TRY(out.header, read_header(header, sizeof(BodyStart)));
  KLIK_TRY(out.payload, body.slice(sizeof(BodyStart) + header_length, payload_length));
  return out;
}

Result<Connect> read_connect(Bytes payload) {
  Connect c;
  KLIK_CHECK(protobuf::each(payload, 0, [&](const Field& f) -> Result<void> {
    switch (f.number) {
      case 1: return take(c.version, f);
      case 2: return take(c.model, f);
      case 3: return take(c.os, f);
      case 4: return take(c.device_id_hash, f);
      case 5: return take(c.sdk, f);
      case 6: return take(c.connection, f);
      case 7: return take(c.host, f);
      case 8: return take(c.locale, f);
      case 9: c.config = true; return {};
      case 10: return take(c.android, f);
      case 11:
      case 12: c.public_key = true; return {};
      default: return {};
    }
  }));
  return c;
}

Result<Challenge> read_challenge(Bytes payload) {
  Challenge c;
  KLIK_CHECK(protobuf::each(payload, 0, [&](const Field& f) -> Result<void> {
    switch (f.number) {
      case 1: return take(c.challenge, f);
      case 2: return take(c.front_end, f);
      case 4: c.wrapped_key = !f.bytes.empty(); return {};
      default: return {};
    }
  }));
  return c;
}

}  // namespace klik::net::xiaomi_push
