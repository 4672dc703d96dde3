#include "traffic/compressed.h"

#include <lz4frame.h>

#include <algorithm>
#include <array>
#include <memory>

#include "traffic/content_coding.h"

namespace klik::traffic {
namespace {

std::optional<Decompressed> lz4(Bytes in, std::uint64_t limit) {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) return std::nullopt;
  const std::unique_ptr<LZ4F_dctx, LZ4F_errorCode_t (*)(LZ4F_dctx*)> closer(context, LZ4F_freeDecompressionContext);
  Decompressed out;
  std::array<std::uint8_t, 16 << 10> buffer;
  const std::uint64_t most = std::min(limit, std::max(kFloorBytes, in.size() > limit / kGrowth ? limit : in.size() * kGrowth));
  std::uint64_t at = 0;
  while (true) {
    const auto rest = in.from(at);
    if (!rest) break;
    std::size_t given = buffer.size(), taken = rest->size();
    const std::size_t hint = LZ4F_decompress(context, buffer.data(), &given, rest->data(), &taken, nullptr);
    if (LZ4F_isError(hint)) break;
    at += taken;
    const std::size_t room = static_cast<std::size_t>(std::min<std::uint64_t>(most - out.bytes.size(), given));
    out.bytes.insert(out.bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(room));
    out.cut = room < given;
    out.whole = hint == 0;
    if (out.cut || hint == 0 || (given == 0 && taken == 0)) break;
  }
  if (out.bytes.empty()) return std::nullopt;
  return out;
}

}  // namespace

std::string_view compression_of(Bytes b) {
  if (b.size() < 8) return {};
  if (b[0] == 0x1f && b[1] == 0x8b && b[2] == 8) return "gzip";
  if (b.starts_with("\x28\xb5\x2f\xfd")) return "zstd";
  if (b.starts_with("\x04\x22\x4d\x18")) return "lz4";
  if ((b[0] & 0x0f) == 8 && (b[0] >> 4) <= 7 && (b[0] * 256 + b[1]) % 31 == 0 && (b[1] & 0x20) == 0) return "zlib";
  return {};
}

std::optional<Decompressed> decompressed(Bytes bytes, std::string_view name, std::uint64_t limit) {
  if (name == "lz4") return lz4(bytes, limit);
  Uncoded uncoded = undo_codings(bytes, name == "zlib" ? "deflate" : name, limit);
  if (uncoded.undone.empty() || uncoded.bytes.empty()) return std::nullopt;
  return Decompressed{std::move(uncoded.bytes), uncoded.end == CodingEnd::over_limit, uncoded.end == CodingEnd::whole};
}

}  // namespace klik::traffic
