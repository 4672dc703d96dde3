#include "containers/patch/imgdiff.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "containers/patch/bsdiff.h"

namespace klik::patch {
namespace {

struct Header {
  char magic[8];
  U32le pieces;
};
static_assert(sizeof(Header) == 12);

// Where a piece comes from: a range of the old file, and the place of a bsdiff patch in this one.
struct Normal {
  U64le old_at, old_size, patch_at;
};
static_assert(sizeof(Normal) == 24);

struct Deflate {
  Normal from;
  U64le old_unpacked, new_unpacked;
  U32le level, method, window_bits, memory_level, strategy;
};
static_assert(sizeof(Deflate) == 60);

constexpr std::uint32_t kNormal = 0, kDeflate = 2, kRaw = 3;

// Few bytes of patch may name the same stream again and again: what is unpacked in all is bounded.
constexpr std::uint64_t kUnpackedFloor = std::uint64_t{256} << 20, kUnpackedRatio = 16;

Error moved(Error error, std::uint64_t by) {
  error.at += by;
  return error;
}

// A raw deflate stream that must give exactly `size` bytes.
Result<std::vector<std::uint8_t>> unpack(Bytes in, std::uint64_t size, std::uint64_t at) {
  std::vector<std::uint8_t> out(size);
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) return fail(Code::over_budget, at, "no memory for deflate");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = const_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  std::uint8_t none = 0;   // zlib wants a place even for nothing
  stream.next_out = out.empty() ? &none : out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  if (inflate(&stream, Z_FINISH) != Z_STREAM_END || stream.avail_out != 0) return fail(Code::bad_value, at, "imgdiff: a deflate stream of the old file is not as the patch says");
  return out;
}

Result<void> pack_onto(std::vector<std::uint8_t>& out, Bytes in, const Deflate& how, std::uint64_t most, std::uint64_t at) {
  const auto setting = [](U32le value) { return static_cast<int>(static_cast<std::uint32_t>(value)); };
  z_stream stream{};
  if (deflateInit2(&stream, setting(how.level), setting(how.method), setting(how.window_bits), setting(how.memory_level), setting(how.strategy)) != Z_OK)
    return fail(Code::bad_value, at, "imgdiff: settings that deflate does not have");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  stream.next_in = const_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  std::vector<std::uint8_t> buffer(std::size_t{64} << 10);
  for (int result = Z_OK; result != Z_STREAM_END;) {
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<uInt>(buffer.size());
    result = deflate(&stream, Z_FINISH);
    if (result != Z_OK && result != Z_STREAM_END) return fail(Code::bad_value, at, "imgdiff: deflate failed");
    const std::size_t made = buffer.size() - stream.avail_out;
    if (made > most - out.size()) return fail(Code::over_budget, at, "imgdiff: the new file is larger than it may be");
    out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(made));
  }
  return {};
}

class Applier {
 public:
  Applier(Bytes old_bytes, Bytes patch, std::uint64_t most)
      : old_(old_bytes), patch_(patch), most_(most), unpacked_left_(std::max(kUnpackedFloor, most > ~std::uint64_t{0} / kUnpackedRatio ? ~std::uint64_t{0} : most * kUnpackedRatio)) {}

  Result<std::vector<std::uint8_t>> run() {
    KLIK_TRY(const Header* header, patch_.view<Header>(0));
    if (!patch_.starts_with("IMGDIFF2")) return fail(Code::bad_magic, 0, "not an imgdiff patch");
    at_ = sizeof(Header);
    for (std::uint32_t n = header->pieces; n > 0; --n) {   // each takes its header of the patch
      KLIK_TRY(const std::uint32_t kind, patch_.get<U32le>(at_));
      const std::uint64_t start = at_;
      at_ += 4;
      if (kind == kNormal) { KLIK_CHECK(normal()); }
      else if (kind == kRaw) { KLIK_CHECK(raw()); }
      else if (kind == kDeflate) { KLIK_CHECK(deflated()); }
      else return fail(Code::unsupported, start, "imgdiff: a piece of an unknown kind");
    }
    return std::move(out_);
  }

 private:
  Result<void> append(Bytes bytes, std::uint64_t at) {
    if (bytes.size() > most_ - out_.size()) return fail(Code::over_budget, at, "imgdiff: the new file is larger than it may be");
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return {};
  }

  Result<Bytes> range(const Normal& from, std::uint64_t at) {
    const auto part = old_.slice(from.old_at, from.old_size);
    if (!part) return fail(Code::bad_value, at, "imgdiff: a piece lies outside the old file");
    return *part;
  }
  // `most`: what may come out of it.
  Result<std::vector<std::uint8_t>> patched(Bytes from, std::uint64_t patch_at, std::uint64_t most, std::uint64_t at) {
    const auto inner = patch_.from(patch_at);
    if (!inner) return fail(Code::bad_value, at, "imgdiff: the patch of a piece lies outside this one");
    auto made = apply_bsdiff(from, *inner, most);
    if (!made) return fail(moved(made.error(), patch_at));
    return made;
  }

  Result<void> normal() {
    const std::uint64_t start = at_;
    KLIK_TRY(const Normal* piece, patch_.view<Normal>(at_));
    at_ += sizeof(Normal);
    KLIK_TRY(const Bytes from, range(*piece, start));
    KLIK_TRY(const auto made, patched(from, piece->patch_at, most_ - out_.size(), start));
    return append(Bytes(made), start);
  }

  Result<void> raw() {
    KLIK_TRY(const std::uint32_t size, patch_.get<U32le>(at_));
    KLIK_TRY(const Bytes bytes, patch_.slice(at_ + 4, size));
    const std::uint64_t start = at_;
    at_ += 4 + std::uint64_t{size};
    return append(bytes, start);
  }

  Result<void> take_unpacked(std::uint64_t bytes, std::uint64_t at) {
    if (bytes > 0x7FFFFFFF || bytes > unpacked_left_) return fail(Code::over_budget, at, "imgdiff: unpacks more than its budget");
    unpacked_left_ -= bytes;
    return {};
  }

  Result<void> deflated() {
    const std::uint64_t start = at_;
    KLIK_TRY(const Deflate* piece, patch_.view<Deflate>(at_));
    at_ += sizeof(Deflate);
    KLIK_TRY(const Bytes packed, range(piece->from, start));
    KLIK_CHECK(take_unpacked(packed.size(), start));
    // No stream of deflate expands further; what claims to is refused before memory is taken for it.
    if (piece->old_unpacked / 1040 > packed.size()) return fail(Code::bad_value, start, "imgdiff: a deflate stream of the old file cannot be that large");
    KLIK_CHECK(take_unpacked(piece->old_unpacked, start));
    KLIK_TRY(const auto from, unpack(packed, piece->old_unpacked, start));
    KLIK_TRY(const auto made, patched(Bytes(from), piece->from.patch_at, std::min<std::uint64_t>(unpacked_left_, 0x7FFFFFFF), start));
    KLIK_CHECK(take_unpacked(made.size(), start));
    return pack_onto(out_, Bytes(made), *piece, most_, start);
  }

  Bytes old_, patch_;
  std::uint64_t most_, unpacked_left_, at_ = 0;
  std::vector<std::uint8_t> out_;
};

}  // namespace

Result<std::vector<std::uint8_t>> apply_imgdiff(Bytes old_bytes, Bytes patch, std::uint64_t most) { return Applier(old_bytes, patch, most).run(); }

}  // namespace klik::patch
