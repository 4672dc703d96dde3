#include "traffic/content_coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace klik::traffic {
namespace {

enum class Coding : std::uint8_t { identity, gzip, zlib, deflate, brotli, zstd, other };
constexpr std::string_view kUndone[] = {"", "gzip", "zlib", "deflate", "br", "zstd", ""};
constexpr std::size_t kStep = 16 << 10;

struct Step {
  std::vector<std::uint8_t> bytes;
  CodingEnd end = CodingEnd::whole;
};

// Collects output up to a limit.
class Output {
 public:
  Output(Step& step, std::uint64_t limit) : step_(step), limit_(limit) {}
  // False when the limit is passed.
  bool add(const std::uint8_t* data, std::size_t size) {
    const std::size_t room = static_cast<std::size_t>(std::min<std::uint64_t>(limit_ - step_.bytes.size(), size));
    step_.bytes.insert(step_.bytes.end(), data, data + room);
    if (room == size) return true;
    step_.end = CodingEnd::over_limit;
    return false;
  }

 private:
  Step& step_;
  std::uint64_t limit_;
};

// window_bits as inflateInit2 takes them: 31 gzip, 15 zlib, -15 bare deflate.
Step undo_inflate(Bytes in, int window_bits, std::uint64_t limit) {
  Step step;
  z_stream z{};
  if (inflateInit2(&z, window_bits) != Z_OK) return {.bytes = {}, .end = CodingEnd::broken};
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&z, inflateEnd);
  std::array<std::uint8_t, kStep> buffer;
  Output out(step, limit);
  std::uint64_t at = 0;   // zlib counts in 32 bits, so a body is fed in parts
  z.next_in = const_cast<Bytef*>(in.data());
  while (true) {
    if (z.avail_in == 0 && at < in.size()) {
      const std::uint64_t part = std::min<std::uint64_t>(in.size() - at, std::uint64_t{1} << 30);
      z.next_in = const_cast<Bytef*>(in.data() + at);
      z.avail_in = static_cast<uInt>(part);
      at += part;
    }
    z.next_out = buffer.data();
    z.avail_out = kStep;
    const int got = inflate(&z, Z_NO_FLUSH);
    if (!out.add(buffer.data(), kStep - z.avail_out)) return step;
    if (got == Z_STREAM_END) {
      // A gzip body may be several members one after another (RFC 1952 §2.2); anything else that follows is padding.
      if (window_bits != 31 || z.avail_in < 2 || z.next_in[0] != 0x1f || z.next_in[1] != 0x8b || inflateReset(&z) != Z_OK) return step;
      continue;
    }
    if (got != Z_OK && got != Z_BUF_ERROR) {
      step.end = CodingEnd::broken;
      return step;
    }
    if (z.avail_out != 0 && z.avail_in == 0 && at == in.size()) {
      step.end = CodingEnd::early;
      return step;
    }
  }
}

Step undo_brotli(Bytes in, std::uint64_t limit) {
  Step step;
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> decoder(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!decoder) return {.bytes = {}, .end = CodingEnd::broken};
  std::array<std::uint8_t, kStep> buffer;
  Output out(step, limit);
  std::size_t avail_in = in.size();
  const std::uint8_t* next_in = in.data();
  while (true) {
    std::size_t avail_out = kStep;
    std::uint8_t* next_out = buffer.data();
    const BrotliDecoderResult got = BrotliDecoderDecompressStream(decoder.get(), &avail_in, &next_in, &avail_out, &next_out, nullptr);
    if (!out.add(buffer.data(), kStep - avail_out) || got == BROTLI_DECODER_RESULT_SUCCESS) return step;
    if (got == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
    step.end = got == BROTLI_DECODER_RESULT_ERROR ? CodingEnd::broken : CodingEnd::early;
    return step;
  }
}

Step undo_zstd(Bytes in, std::uint64_t limit) {
  Step step;
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> decoder(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!decoder) return {.bytes = {}, .end = CodingEnd::broken};
  ZSTD_DCtx_setParameter(decoder.get(), ZSTD_d_windowLogMax, 23);   // RFC 9659
  std::array<std::uint8_t, kStep> buffer;
  Output out(step, limit);
  ZSTD_inBuffer from{in.data(), in.size(), 0};
  while (true) {
    ZSTD_outBuffer to{buffer.data(), kStep, 0};
    const std::size_t got = ZSTD_decompressStream(decoder.get(), &to, &from);
    if (ZSTD_isError(got)) {
      step.end = CodingEnd::broken;
      return step;
    }
    if (!out.add(buffer.data(), to.pos)) return step;
    if (from.pos < from.size || to.pos == to.size) continue;   // a frame may follow, or output waits
    if (got != 0) step.end = CodingEnd::early;
    return step;
  }
}

bool is_gzip(Bytes in) { return in.size() >= 2 && in[0] == 0x1f && in[1] == 0x8b; }
bool is_zlib(Bytes in) { return in.size() >= 2 && (in[0] & 0x0f) == 8 && (in[0] >> 4) <= 7 && (in[0] * 256 + in[1]) % 31 == 0; }
bool is_zstd(Bytes in) { return in.starts_with(std::string_view("\x28\xb5\x2f\xfd", 4)); }

Step undo(Coding coding, Bytes in, std::uint64_t limit) {
  switch (coding) {
    case Coding::gzip: return undo_inflate(in, 31, limit);
    case Coding::zlib: return undo_inflate(in, 15, limit);
    case Coding::deflate: return undo_inflate(in, -15, limit);
    case Coding::brotli: return undo_brotli(in, limit);
    case Coding::zstd: return undo_zstd(in, limit);
    default: return {};
  }
}

// Nothing that is coded starts with a row of printable characters, except by a chance of less than one in a thousand.
bool is_text(Bytes in) {
  const std::span<const std::uint8_t> start = in.span().first(std::min<std::uint64_t>(in.size(), 32));
  return start.size() >= 8 && std::ranges::all_of(start, [](std::uint8_t b) { return (b >= 0x20 && b < 0x7f) || b == '\t' || b == '\r' || b == '\n'; });
}

// What the bytes are coded with, given what they are said to be. Brotli and bare deflate have no mark, so only the decoder can tell.
Coding recognised(Coding declared, Bytes in) {
  if (is_gzip(in)) return Coding::gzip;
  if (is_zstd(in)) return Coding::zstd;
  if (declared != Coding::brotli && is_zlib(in)) return Coding::zlib;
  if (declared == Coding::gzip || declared == Coding::zstd || is_text(in)) return Coding::identity;
  return declared;
}

Coding named(std::string_view token) {
  std::string lower(token);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower.empty() || lower == "identity") return Coding::identity;
  if (lower == "gzip" || lower == "x-gzip") return Coding::gzip;
  if (lower == "deflate") return Coding::deflate;
  if (lower == "br") return Coding::brotli;
  if (lower == "zstd") return Coding::zstd;
  return Coding::other;
}

std::vector<Coding> codings_of(std::string_view list) {
  std::vector<Coding> found;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view token = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    token.remove_prefix(std::min(token.find_first_not_of(" \t"), token.size()));
    token = token.substr(0, token.find_last_not_of(" \t") + 1);
    const Coding coding = named(token);
    if (coding == Coding::identity) continue;
    if (found.size() == kMostCodings) {
      found.front() = Coding::other;
      break;
    }
    found.push_back(coding);
  }
  return found;
}

}  // namespace

std::string_view coding_end_words(CodingEnd end) {
  constexpr std::string_view kWords[] = {"", "coded body ends early", "coded body is broken", "decoded body cut at a limit", "content coding not read"};
  return kWords[static_cast<std::size_t>(end)];
}

bool is_coded(std::string_view declared) { return !codings_of(declared).empty(); }

Uncoded undo_codings(Bytes body, std::string_view declared, std::uint64_t limit) {
  Uncoded result;
  result.bytes.assign(body.begin(), body.begin() + std::min(body.size(), limit));
  if (body.size() > limit) result.end = CodingEnd::over_limit;
  const std::vector<Coding> codings = codings_of(declared);
  for (auto step = codings.rbegin(); step != codings.rend(); ++step) {
    if (result.bytes.empty()) break;
    if (*step == Coding::other) {
      if (result.end == CodingEnd::whole) result.end = CodingEnd::unknown;
      break;
    }
    const Bytes in(result.bytes);
    const std::uint64_t most = std::min(limit, std::max(kFloorBytes, in.size() > limit / kGrowth ? limit : in.size() * kGrowth));
    const Coding coding = recognised(*step, in);
    // "deflate" means zlib (RFC 9110 §8.4.1.2); so many send it bare that both count as right.
    if (coding != *step && !(*step == Coding::deflate && coding == Coding::zlib)) result.mislabelled = true;
    if (coding == Coding::identity) continue;
    Step undone = undo(coding, in, most);
    const bool marked = coding != Coding::brotli && coding != Coding::deflate;
    // Coded in a way that is not known, or not at all: kept as it is. What has no mark may give some bytes of nonsense first.
    if ((undone.bytes.empty() && undone.end == CodingEnd::early) || (undone.end == CodingEnd::broken && (undone.bytes.empty() || !marked))) {
      result.mislabelled = undone.end == CodingEnd::broken;
      if (result.end == CodingEnd::whole) result.end = undone.end;
      break;
    }
    if (result.end == CodingEnd::whole) result.end = undone.end;
    result.bytes = std::move(undone.bytes);
    if (!result.undone.empty()) result.undone += '/';
    result.undone += kUndone[static_cast<std::size_t>(coding)];
  }
  return result;
}

}  // namespace klik::traffic
