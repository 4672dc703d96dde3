#include "containers/payload_partition.h"

#include <algorithm>

#include "io/unit_source.h"
#include "io/whole_stream.h"

namespace klik::payload {
namespace {

struct Blob {
  OperationType type;
  std::uint64_t at, length;       // in the payload
  std::optional<Sha256Digest> digest;
};

class OperationDecoder final : public UnitDecoder {
 public:
  OperationDecoder(SourceRef payload, std::vector<Blob> blobs) : payload_(std::move(payload)), blobs_(std::move(blobs)) {}

  // Errors tell the place in the payload.
  Result<void> decode(std::size_t unit, MutableBytes out) const override {
    const Blob& blob = blobs_[unit];
    KLIK_TRY(const klik::Blob loaded, payload_->load(blob.at, blob.length));
    const Bytes data = loaded.bytes();
    if (blob.digest && sha256(data) != *blob.digest) return fail(Code::bad_checksum, blob.at, "an operation's data does not match its digest");
    const auto written = decode_stream(blob.type, data, out);
    if (!written) {
      Error error = written.error();
      error.at += blob.at;
      return fail(error);
    }
    std::ranges::fill(out.subspan(*written), std::uint8_t{0});   // as the updater pads
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

  SourceRef payload_;
  std::vector<Blob> blobs_;
};

// Stands where the payload was cut off: zeros would pass for content.
class AbsentSource final : public Source {
 public:
  explicit AbsentSource(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes) const override {
    return fail(Code::truncated, at, "the data of this operation lies past the end of the payload");
  }

 private:
  std::uint64_t size_;
};

class Builder {
 public:
  Builder(const SourceRef& payload, std::uint64_t blobs_at, std::uint32_t block_size, const PartitionUpdate& partition, OpenContext& context)
      : payload_(payload), blobs_at_(blobs_at), block_size_(block_size), partition_(partition), context_(context),
        size_(partition.after ? partition.after->size : 0), blocks_(size_ / block_size + (size_ % block_size != 0)), left_(blocks_), holes_left_(blocks_) {}

  Result<PartitionImage> build() {
    if (size_ > context_.budget.item_bytes) return fail(Code::over_budget, partition_.at, "the partition is larger than the budget for one item");
    absent_ = std::make_shared<AbsentSource>(blocks_ * block_size_ * 2);
    for (const Operation& operation : partition_.operations) KLIK_CHECK(add(operation));
    if (!units_.empty()) {
      KLIK_TRY(const SourceRef decoded, decode_once(units_, std::make_unique<OperationDecoder>(payload_, std::move(blobs_)), context_.scratch, context_.pool));
      for (const std::size_t i : from_units_) pieces_[i].from = decoded;
    }
    auto source = extent_source(size_, std::move(pieces_));
    if (!source) return fail(source.error().code, partition_.at, "operations write the same block twice");
    image_.source = *std::move(source);
    image_.unwritten = left_;
    return std::move(image_);
  }

 private:
  std::span<const Blocks> targets(const Operation& operation) const {
    return std::span(partition_.targets).subspan(operation.first_target, operation.target_count);
  }

  // How many bytes the operation produces.
  Result<std::uint64_t> check_targets(const Operation& operation) {
    std::uint64_t blocks = 0;
    for (const Blocks& target : targets(operation)) {
      std::uint64_t& room = target.start == kHole ? holes_left_ : left_;
      if (target.start != kHole && (target.start > blocks_ || target.count > blocks_ - target.start))
        return fail(Code::bad_value, operation.at, "an operation writes outside its partition");
      if (target.count > room) return fail(Code::bad_value, operation.at, "the operations write more blocks than the partition has");
      room -= target.count;
      blocks += target.count;
    }
    return blocks * block_size_;   // at most twice the partition's size, which is within the budget
  }

  Result<void> add(const Operation& operation) {
    KLIK_TRY(const std::uint64_t length, check_targets(operation));
    if (operation.type == OperationType::zero || operation.type == OperationType::discard) {
      place(operation, nullptr, 0, length);
      return {};
    }
    const bool there = blobs_at_ <= payload_->size() && operation.data_at <= payload_->size() - blobs_at_ &&
                       operation.data_length <= payload_->size() - blobs_at_ - operation.data_at;
    if (!there) {
      image_.absent += length;
      place(operation, absent_, 0, length);
      return {};
    }
    const std::uint64_t blob_at = blobs_at_ + operation.data_at;
    append_extent(image_.extents, blob_at, operation.data_length);
    if (operation.type == OperationType::replace) {
      if (operation.data_length > length) return fail(Code::bad_value, operation.at, "an operation has more data than blocks");
      place(operation, payload_, blob_at, operation.data_length);
      return {};
    }
    if (length == 0) return {};
    if (std::max(length, operation.data_length) > context_.budget.unit_bytes)
      return fail(Code::over_budget, operation.at, "one operation is larger than what may be decoded in memory");
    const std::uint64_t unit_at = units_.empty() ? 0 : units_.back().at + units_.back().length;
    units_.push_back({unit_at, length});
    blobs_.push_back({operation.type, blob_at, operation.data_length, operation.data_digest});
    const std::size_t first = pieces_.size();
    place(operation, nullptr, unit_at, length);
    for (std::size_t i = first; i < pieces_.size(); ++i) from_units_.push_back(i);   // the source is made when all units are known
    return {};
  }

  // Lays `n` bytes of `from` over the operation's targets in turn; targets behind them are zeros.
  void place(const Operation& operation, const SourceRef& from, std::uint64_t from_at, std::uint64_t n) {
    for (const Blocks& target : targets(operation)) {
      const std::uint64_t length = target.count * block_size_, here = std::min(length, n);
      if (target.start != kHole && target.count > 0) {
        const std::uint64_t at = target.start * block_size_;
        const std::uint64_t inside = std::min(length, size_ - at);   // the last block may be a part of one
        const std::uint64_t data = std::min(here, inside);
        if (data > 0) pieces_.push_back({at, data, from, from_at});
        if (data < inside) pieces_.push_back({.at = at + data, .length = inside - data, .from = nullptr});
      }
      from_at += here;
      n -= here;
    }
  }

  const SourceRef& payload_;
  std::uint64_t blobs_at_, block_size_;
  const PartitionUpdate& partition_;
  OpenContext& context_;
  std::uint64_t size_, blocks_;
  std::uint64_t left_, holes_left_;   // blocks that may still be written, or thrown away
  SourceRef absent_;
  std::vector<Piece> pieces_;
  std::vector<std::size_t> from_units_;
  std::vector<UnitRange> units_;
  std::vector<Blob> blobs_;
  PartitionImage image_;
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

Result<PartitionImage> partition_image(const SourceRef& payload, std::uint64_t blobs_at, std::uint32_t block_size,
                                       const PartitionUpdate& partition, OpenContext& context) {
  return Builder(payload, blobs_at, block_size, partition, context).build();
}

}  // namespace klik::payload
