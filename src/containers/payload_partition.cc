#include "containers/payload_partition.h"

#include <algorithm>

#include "containers/payload_operation.h"
#include "containers/verity_blocks.h"
#include "io/lazy_source.h"

namespace klik::payload {
namespace {

// Stands where bytes cannot be had: zeros would pass for content.
class AbsentSource final : public Source {
 public:
  AbsentSource(std::uint64_t size, Code code, const char* why) : size_(size), code_(code), why_(why) {}
  std::uint64_t size() const override { return size_; }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes) const override {
    return fail(code_, at, why_);
  }

 private:
  std::uint64_t size_;
  Code code_;
  const char* why_;
};

class Builder {
 public:
  Builder(const SourceRef& payload, std::uint64_t blobs_at, std::uint32_t block_size, const PartitionUpdate& partition, const OldImage& old_image, OpenContext& context)
      : payload_(payload), blobs_at_(blobs_at), block_size_(block_size), partition_(partition), old_(old_image), context_(context),
        size_(partition.after ? partition.after->size : 0), blocks_(size_ / block_size + (size_ % block_size != 0)), left_(blocks_), holes_left_(blocks_),
        old_reads_left_(4 * (size_ + (old_.source ? old_.source->size() : 0))) {}

  Result<PartitionImage> build() {
    if (size_ > context_.budget.item_bytes) return fail(Code::over_budget, partition_.at, "the partition is larger than the budget for one item");
    for (const Operation& operation : partition_.operations) KLIK_CHECK(add(operation));
    if (!ranges_.empty()) {
      KLIK_TRY(const SourceRef decoded, decode_once(ranges_, operation_decoder(payload_, old_.source, std::move(units_), context_.budget), context_.scratch, context_.pool));
      for (const std::size_t i : from_units_) pieces_[i].from = decoded;
      if (context_.pool) probe(*decoded);
    }
    KLIK_TRY(image_.source, put_together());
    KLIK_CHECK(generate_hash_tree());
    KLIK_CHECK(generate_error_correction());
    image_.unwritten = left_;
    return std::move(image_);
  }

 private:
  struct Probe {   // a difference, to be tried before anybody reads the image: what fails is said operation by operation
    UnitRange range;
    const Operation* operation;
  };

  std::span<const Blocks> targets(const Operation& operation) const {
    return std::span(partition_.targets).subspan(operation.first_target, operation.target_count);
  }

  Result<SourceRef> put_together() {
    auto source = extent_source(size_, pieces_);
    if (!source) return fail(source.error().code, partition_.at, "operations write the same block twice");
    return source;
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

  // What it reads of the old image.
  Result<std::vector<Extent>> sources(const Operation& operation) const {
    std::vector<Extent> out;
    std::uint64_t total = 0;
    for (const Blocks& blocks : std::span(partition_.sources).subspan(operation.first_source, operation.source_count)) {
      const std::uint64_t most = context_.budget.item_bytes / block_size_;
      if (blocks.count > most - total || (blocks.start != kHole && blocks.start > most)) return fail(Code::bad_value, operation.at, "an operation reads far outside the old image");
      total += blocks.count;
      out.push_back({blocks.start == kHole ? kHole : blocks.start * block_size_, blocks.count * block_size_});
    }
    return out;
  }

  Result<void> add(const Operation& operation) {
    KLIK_TRY(const std::uint64_t length, check_targets(operation));
    if (operation.type == OperationType::zero || operation.type == OperationType::discard) {
      place(operation, nullptr, 0, length);
      return {};
    }
    if (operation.type == OperationType::source_copy) return add_copy(operation, length);
    if (!is_full(operation.type) && !is_difference(operation.type)) {
      lose(operation, length, Code::unsupported, operation_name(operation.type).empty() ? "an operation of an unknown kind" : "an operation that changes the old image in place");
      return {};
    }
    const bool there = blobs_at_ <= payload_->size() && operation.data_at <= payload_->size() - blobs_at_ &&
                       operation.data_length <= payload_->size() - blobs_at_ - operation.data_at;
    if (!there) {
      image_.absent += length;
      place_absent(operation, length, Code::truncated, "the data of this operation lies past the end of the payload");
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
    Unit unit{operation.type, blob_at, operation.data_length, operation.data_digest};
    std::uint64_t most = std::max(length, operation.data_length);
    if (is_difference(operation.type)) {
      KLIK_TRY(unit.sources, sources(operation));
      unit.source_digest = operation.source_digest;
      if (!usable(operation, length, unit.sources)) return {};
      std::uint64_t old_bytes = 0;
      for (const Extent& e : unit.sources) old_bytes += e.length;
      most = std::max(most, old_bytes);
    }
    if (most > context_.budget.unit_bytes) {
      if (is_full(operation.type)) return fail(Code::over_budget, operation.at, "one operation is larger than what may be decoded in memory");
      lose(operation, length, Code::over_budget, "one operation is larger than what may be decoded in memory");
      return {};
    }
    add_unit(operation, length, std::move(unit));
    return {};
  }

  void add_unit(const Operation& operation, std::uint64_t length, Unit unit) {
    const std::uint64_t unit_at = ranges_.empty() ? 0 : ranges_.back().at + ranges_.back().length;
    ranges_.push_back({unit_at, length});
    if (!is_full(unit.type)) probes_.push_back({ranges_.back(), &operation});
    units_.push_back(std::move(unit));
    const std::size_t first = pieces_.size();
    place(operation, nullptr, unit_at, length);
    for (std::size_t i = first; i < pieces_.size(); ++i) from_units_.push_back(i);   // the source is made when all units are known
  }

  Result<void> add_copy(const Operation& operation, std::uint64_t length) {
    KLIK_TRY(const std::vector<Extent> from, sources(operation));
    if (!usable(operation, length, from)) return {};
    std::uint64_t total = 0;
    std::vector<Piece> pieces;
    for (const Extent& e : from) {
      if (e.at == kHole) pieces.push_back({.at = total, .length = e.length, .from = nullptr});
      else if (e.length > 0) pieces.push_back({total, e.length, old_.source, e.at});
      total += e.length;
    }
    std::erase_if(pieces, [](const Piece& p) { return p.length == 0; });
    auto copied = extent_source(total, std::move(pieces));
    if (!copied) lose(operation, length, copied.error().code, "an operation reads behind the end of the old image");
    else place(operation, *copied, 0, std::min(total, length));
    return {};
  }

  // Whether the old image has what the operation reads. An image with the right digest has; of another one every operation is tried, for
  // parts of it may be as they were.
  bool usable(const Operation& operation, std::uint64_t length, const std::vector<Extent>& from) {
    if (!old_.source) {
      lose(operation, length, Code::absent, "an operation that needs the old image");
      return false;
    }
    if (old_.exact) return true;
    std::uint64_t total = 0;
    for (const Extent& e : from) total += e.length;
    if (!operation.source_digest || total > context_.budget.unit_bytes || total > old_reads_left_) {
      lose(operation, length, Code::absent, "an operation that builds on another old image");
      return false;
    }
    old_reads_left_ -= total;
    const auto read = read_sources(*old_.source, from, operation.source_digest);
    if (!read) lose(operation, length, read.error().code, read.error().what);
    return read.has_value();
  }

  // Only in a scan, which reads everything anyway: what works now is decoded and stays so.
  void probe(const Source& decoded) {
    for (const Probe& p : probes_) {
      decoded.will_need(p.range.at, ranges_.back().at + ranges_.back().length - p.range.at);
      std::uint8_t first = 0;
      if (auto read = decoded.read(p.range.at, MutableBytes(&first, 1)); !read) image_.lost.push_back({p.operation->type, p.operation->at, p.range.length, read.error().code, read.error().what});
    }
  }

  void lose(const Operation& operation, std::uint64_t length, Code code, const char* why) {
    image_.lost.push_back({operation.type, operation.at, length, code, why});
    place_absent(operation, length, code, why);
  }
  void place_absent(const Operation& operation, std::uint64_t length, Code code, const char* why) {
    place(operation, std::make_shared<AbsentSource>(length, code, why), 0, length);
  }

  // The bytes of generated blocks, and of what they are made of; nothing when they are not in the image.
  Result<std::pair<Extent, Extent>> generated(const Generated& g) {
    for (const Blocks& b : {g.data, g.to})
      if (b.start > size_ / block_size_ || b.count > size_ / block_size_ - b.start) return fail(Code::bad_value, partition_.at, "blocks that the device makes lie outside the partition");
    if (g.to.count > left_) return fail(Code::bad_value, partition_.at, "blocks that the device makes are written by operations too");
    left_ -= g.to.count;
    return std::pair(Extent{g.data.start * block_size_, g.data.count * block_size_}, Extent{g.to.start * block_size_, g.to.count * block_size_});
  }

  Result<void> generate_hash_tree() {
    if (!partition_.hash_tree) return {};
    KLIK_TRY(const auto where, generated(partition_.hash_tree));
    const auto& [data, to] = where;
    const auto algorithm = verity::algorithm_named(partition_.hash_algorithm);
    if (!algorithm || block_size_ < 512 || data.length == 0 || to.length > context_.budget.unit_bytes || verity::hash_tree_size(data.length, block_32(), *algorithm) != to.length) {
      image_.not_made += to.length;
      return {};
    }
    return lay_over(to, [body = image_.source, data = data, block = block_32(), algorithm = *algorithm, salt = partition_.salt] {
      return verity::hash_tree(*body, data.at, data.length, block, algorithm, Bytes(salt));
    });
  }

  Result<void> generate_error_correction() {
    if (!partition_.fec) return {};
    KLIK_TRY(const auto where, generated(partition_.fec));
    const auto& [data, to] = where;
    // Over a tree that is missing it would be another one.
    if (image_.not_made > 0 || block_size_ > (1u << 20) || to.length > context_.budget.unit_bytes || verity::error_correction_size(data.length, block_32(), partition_.fec_roots) != to.length) {
      image_.not_made += to.length;
      return {};
    }
    return lay_over(to, [body = image_.source, data = data, block = block_32(), roots = partition_.fec_roots] { return verity::error_correction(*body, data.at, data.length, block, roots); });
  }

  template <class Make>
  Result<void> lay_over(const Extent& to, Make make) {
    SourceRef made = lazy_source(to.length, [make = std::move(make)]() -> Result<SourceRef> {
      KLIK_TRY(auto bytes, make());
      return memory_source(std::move(bytes));
    });
    pieces_.push_back({to.at, to.length, std::move(made), 0});
    KLIK_TRY(image_.source, put_together());
    return {};
  }

  std::uint32_t block_32() const { return static_cast<std::uint32_t>(block_size_); }

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
  const OldImage& old_;
  OpenContext& context_;
  std::uint64_t size_, blocks_;
  std::uint64_t left_, holes_left_;   // blocks that may still be written, or thrown away
  std::uint64_t old_reads_left_;      // bytes of an inexact old image that may still be looked at beforehand
  std::vector<Piece> pieces_;
  std::vector<std::size_t> from_units_;
  std::vector<UnitRange> ranges_;
  std::vector<Unit> units_;
  std::vector<Probe> probes_;
  PartitionImage image_;
};

}  // namespace

Result<PartitionImage> partition_image(const SourceRef& payload, std::uint64_t blobs_at, std::uint32_t block_size,
                                       const PartitionUpdate& partition, const OldImage& old_image, OpenContext& context) {
  return Builder(payload, blobs_at, block_size, partition, old_image, context).build();
}

}  // namespace klik::payload
