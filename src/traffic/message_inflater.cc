#include "traffic/message_inflater.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "traffic/content_coding.h"

namespace klik::traffic {

struct MessageInflater::State {
  z_stream z{};
  bool usable = false;
  std::uint64_t given = 0, got = 0;   // of this message
};

MessageInflater::MessageInflater() : state_(std::make_unique<State>()) { state_->usable = inflateInit2(&state_->z, -15) == Z_OK; }
MessageInflater::~MessageInflater() { inflateEnd(&state_->z); }

bool MessageInflater::add(Bytes part, Collected& out) {
  State& s = *state_;
  s.given += part.size();
  std::array<std::uint8_t, 16 << 10> buffer;
  while (s.usable) {
    const std::uint64_t now = std::min<std::uint64_t>(part.size(), std::uint64_t{1} << 30);
    s.z.next_in = const_cast<Bytef*>(part.data());
    s.z.avail_in = static_cast<uInt>(now);
    s.z.next_out = buffer.data();
    s.z.avail_out = static_cast<uInt>(buffer.size());
    const int result = inflate(&s.z, Z_SYNC_FLUSH);
    part = Bytes(part.span().subspan(now - s.z.avail_in));
    const std::uint64_t made = buffer.size() - s.z.avail_out;
    s.got += made;
    const bool fits = out.add(Bytes(buffer.data(), made)) && s.got <= std::max(kFloorBytes, s.given * kGrowth);
    if (result == Z_STREAM_END) s.usable = fits && inflateReset(&s.z) == Z_OK;   // a last block ends the deflate stream, not the message
    else s.usable = fits && (result == Z_OK || result == Z_BUF_ERROR);
    if (part.empty() && s.z.avail_out != 0) break;
    if (result == Z_BUF_ERROR && made == 0) break;
  }
  return s.usable;
}

bool MessageInflater::finish(Collected& out, bool forget) {
  constexpr std::array<std::uint8_t, 4> kTail = {0x00, 0x00, 0xff, 0xff};
  add(Bytes(std::span(kTail)), out);
  state_->given = state_->got = 0;
  if (forget) state_->usable = state_->usable && inflateReset(&state_->z) == Z_OK;
  return state_->usable;
}

}  // namespace klik::traffic
