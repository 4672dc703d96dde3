#include "containers/payload_operation.h"

#include <algorithm>

#include "containers/patch/bsdiff.h"
#include "containers/patch/lz4diff.h"
#include "containers/patch/puffin.h"
#include "containers/patch/zucchini_stream.h"
#include "io/whole_stream.h"

namespace klik::payload {
namespace {

class OperationDecoder final : public UnitDecoder {
 public:
  OperationDecoder(SourceRef payload, SourceRef old_image, std::vector<Unit> units, const Budget& budget)
      : payload_(std::move(payload)), old_image_(std::move(old_image)), units_(std::move(units)), budget_(budget) {}

  Result<void> decode(std::size_t number, MutableBytes out) const override {
    const Unit& unit = units_[number];
    KLIK_TRY(const klik::Blob loaded, payload_->load(unit.at, unit.length));
    const Bytes data = loaded.bytes();
    if (unit.digest && sha256(data) != *unit.digest) return fail(Code::bad_checksum, unit.at, "an operation's data does not match its digest");
    const auto written = is_full(unit.type) ? decode_stream(unit.type, data, out) : apply(unit, data, out);
    if (!written) {
      Error error = written.error();
      // Those lie in the old bytes, or in what brotli makes of the data: no place in the payload.
      error.at = error.code == Code::conflict || unit.type == OperationType::zucchini ? unit.at : unit.at + error.at;
      if (error.code == Code::conflict) error.code = Code::absent;   // the patch is for other old bytes: the right ones were not handed in
      return fail(error);
    }
    std::ranges::fill(out.subspan(*written), std::uint8_t{0});
    return {};
  }

 private:
  static Result<std::uint64_t> decode_stream(OperationType type, Bytes in, MutableBytes out) {
    switch (type) {
      case OperationType::replace_bz: return decode_bzip2(in, out);
      case OperationType::replace_xz: return decode_xz(in, out);
      case OperationType::replace_zstd: return decode_zstd(in, out);
      default: return fail(Code::internal, 0, "not a compressed operation");
    }
  }

  Result<std::uint64_t> apply(const Unit& unit, Bytes data, MutableBytes out) const {
    if (!old_image_) return fail(Code::internal, 0, "a difference without an old image");
    KLIK_TRY(const auto old_bytes, read_sources(*old_image_, unit.sources, unit.source_digest));
    KLIK_TRY(const auto made, patched(unit.type, Bytes(old_bytes), data, out.size()));
    if (made.size() > out.size()) return fail(Code::internal, 0, "a patch makes more than it was allowed to");
    copy_bytes(out, 0, Bytes(made));
    return made.size();
  }

  // `most`: what its blocks hold, so that a patch that makes more is refused before it is made.
  Result<std::vector<std::uint8_t>> patched(OperationType type, Bytes old_bytes, Bytes data, std::uint64_t most) const {
    switch (type) {
      case OperationType::source_bsdiff:
      case OperationType::brotli_bsdiff: return patch::apply_bsdiff(old_bytes, data, std::min(most, budget_.unit_bytes));
      case OperationType::puffdiff: return patch::apply_puffin(old_bytes, data, budget_, most);
      case OperationType::zucchini: return patch::apply_zucchini(old_bytes, data, budget_, most);
      case OperationType::lz4diff_bsdiff:
      case OperationType::lz4diff_puffdiff: return patch::apply_lz4diff(old_bytes, data, budget_, most);
      default: return fail(Code::unsupported, 0, "an operation of an unknown kind");
    }
  }

  SourceRef payload_, old_image_;
  std::vector<Unit> units_;
  Budget budget_;
};

}  // namespace

bool is_full(OperationType type) {
  switch (type) {
    case OperationType::replace:
    case OperationType::replace_bz:
    case OperationType::replace_xz:
    case OperationType::replace_zstd:
    case OperationType::zero:
    case OperationType::discard: return true;
    default: return false;
  }
}

bool is_difference(OperationType type) {
  switch (type) {
    case OperationType::source_bsdiff:
    case OperationType::brotli_bsdiff:
    case OperationType::puffdiff:
    case OperationType::zucchini:
    case OperationType::lz4diff_bsdiff:
    case OperationType::lz4diff_puffdiff: return true;
    default: return false;
  }
}

Result<std::vector<std::uint8_t>> read_sources(const Source& old_image, const std::vector<Extent>& sources, const std::optional<Sha256Digest>& digest) {
  std::uint64_t size = 0;
  for (const Extent& e : sources) size += e.length;
  std::vector<std::uint8_t> bytes(size);
  std::uint64_t at = 0;
  for (const Extent& e : sources) {
    const MutableBytes part = MutableBytes(bytes).subspan(at, e.length);
    if (e.at != kHole) {
      auto read = old_image.read(e.at, part);
      if (!read) return fail(read.error().code, 0, read.error().code == Code::truncated ? "an operation reads behind the end of the old image" : read.error().what);
    }
    at += e.length;
  }
  if (digest && sha256(Bytes(bytes)) != *digest) return fail(Code::absent, 0, "the old image does not have the bytes that an operation builds on");
  return bytes;
}

std::unique_ptr<UnitDecoder> operation_decoder(SourceRef payload, SourceRef old_image, std::vector<Unit> units, const Budget& budget) {
  return std::make_unique<OperationDecoder>(std::move(payload), std::move(old_image), std::move(units), budget);
}

}  // namespace klik::payload
