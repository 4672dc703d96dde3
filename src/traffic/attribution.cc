#include "traffic/attribution.h"

#include <bit>
#include <charconv>

#include "base/hash.h"

namespace klik::traffic {
namespace {

constexpr std::uint32_t kMagic = 0x01072021;

struct TrailerStart {
  U32be magic, uid;
};
static_assert(sizeof(TrailerStart) == 8);

}  // namespace

std::optional<AppTrailer> app_trailer(Bytes frame) {
  for (const std::uint64_t length : {std::uint64_t{32}, kSmallestTrailer}) {   // a name of 20 bytes, of 16 before
    if (frame.size() < length) continue;
    const auto start = frame.view<TrailerStart>(frame.size() - length);
    if (!start || (*start)->magic != kMagic) continue;
    const std::uint64_t checked = frame.size() - sizeof(U32le);
    const auto before = frame.slice(0, checked);
    const auto check = frame.get<U32le>(checked);
    if (!before || !check) continue;
    // In the byte order of the phone, which is little-endian on all that exist.
    const std::uint32_t computed = crc32(*before);
    if (*check != computed && *check != std::byteswap(computed)) continue;
    const auto name = frame.slice(frame.size() - length + sizeof(TrailerStart), length - sizeof(TrailerStart) - sizeof(U32le));
    if (!name) continue;
    const std::string_view text = name->text();
    return AppTrailer{.uid = static_cast<std::int32_t>(std::uint32_t{(*start)->uid}), .name = text.substr(0, text.find('\0'))};
  }
  return std::nullopt;
}

std::optional<std::int32_t> uid_in_comment(std::string_view comment) {
  if (!comment.starts_with("u-")) return std::nullopt;
  comment.remove_prefix(2);
  std::int32_t uid = 0;
  const auto [end, error] = std::from_chars(comment.data(), comment.data() + comment.size(), uid);
  if (error != std::errc() || end != comment.data() + comment.size()) return std::nullopt;
  return uid;
}

}  // namespace klik::traffic
