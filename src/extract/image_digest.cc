#include "extract/image_digest.h"

#include <algorithm>
#include <bit>

namespace klik {
namespace {

constexpr std::uint64_t kPart = std::uint64_t{8} << 20, kChunk = std::uint64_t{1} << 20, kAhead = std::uint64_t{64} << 20;
constexpr std::uint32_t kSmallestBlock = 1024, kLargestBlock = 65536;
static_assert(kChunk % kLargestBlock == 0, "no block lies in two chunks");

std::size_t digest_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::md5: return 16;
    case HashAlgorithm::sha1: return 20;
    case HashAlgorithm::sha224: return 28;
    case HashAlgorithm::sha256: return 32;
    case HashAlgorithm::sha384: return 48;
    case HashAlgorithm::sha512: return 64;
  }
  return 64;
}

std::uint64_t divided_up(std::uint64_t n, std::uint64_t by) { return n / by + (n % by != 0); }

bool is_block(std::uint32_t n) { return std::has_single_bit(n) && n >= kSmallestBlock && n <= kLargestBlock; }

// Digests of blocks, one after another.
class BlockHasher {
 public:
  BlockHasher(HashAlgorithm algorithm, Bytes salt) : algorithm_(algorithm), salt_(salt), hasher_(algorithm) {}
  // `block` and `padding` zeros behind it.
  void digest(Bytes block, std::uint64_t padding, MutableBytes out) {
    hasher_.update(salt_);
    hasher_.update(block);
    if (padding > 0) hasher_.update(Bytes(std::vector<std::uint8_t>(padding)));
    if (algorithm_ == HashAlgorithm::sha256) copy_bytes(out, 0, as_bytes(hasher_.finish_sha256()));
    else copy_bytes(out, 0, Bytes(hasher_.finish()));
  }

 private:
  HashAlgorithm algorithm_;
  Bytes salt_;
  Hasher hasher_;
};

}  // namespace

std::optional<HashAlgorithm> image_hash_algorithm(std::string_view name) {
  if (name == "sha1") return HashAlgorithm::sha1;
  if (name == "sha256") return HashAlgorithm::sha256;
  if (name == "sha512") return HashAlgorithm::sha512;
  return std::nullopt;
}

Result<TreeWork> TreeWork::plan(SourceRef image, TreeShape shape) {
  if (!is_block(shape.data_block) || !is_block(shape.hash_block)) return fail(Code::bad_value, 0, "a hash tree over blocks of an impossible size");
  if (shape.image_size == 0) return fail(Code::bad_value, 0, "a hash tree over nothing");
  if (shape.image_size > image->size()) return fail(Code::truncated, image->size(), "the image is shorter than what its hash tree covers");
  TreeWork work;
  work.slot_ = std::bit_ceil(digest_size(shape.algorithm));
  work.per_block_ = shape.hash_block / work.slot_;
  work.data_blocks_ = divided_up(shape.image_size, shape.data_block);
  for (std::uint64_t n = work.data_blocks_; n > 1; n = work.level_blocks_.back()) work.level_blocks_.push_back(divided_up(n, work.per_block_));
  for (const std::uint64_t n : work.level_blocks_) work.tree_bytes_ += n * shape.hash_block;
  const std::uint64_t lowest = work.level_blocks_.empty() ? 1 : work.level_blocks_.front();
  work.blocks_per_part_ = std::max<std::uint64_t>(1, kPart / (work.per_block_ * shape.data_block));
  work.parts_ = divided_up(lowest, work.blocks_per_part_);
  work.stored_here_ = shape.tree_size == work.tree_bytes_ && shape.tree_at <= image->size() && shape.tree_size <= image->size() - shape.tree_at;
  work.second_.resize(lowest * work.slot_);
  work.errors_.resize(work.parts_ + 1);   // the last is of the upper levels
  work.done_.resize(work.parts_);
  work.differs_.resize(work.parts_ + 1);
  work.written_.resize(work.parts_ + 1);
  work.image_ = std::move(image);
  work.shape_ = std::move(shape);
  return work;
}

// Levels are stored from the top down.
std::uint64_t TreeWork::stored_at(std::size_t level) const {
  std::uint64_t at = shape_.tree_at;
  for (std::size_t above = level + 1; above < level_blocks_.size(); ++above) at += level_blocks_[above] * shape_.hash_block;
  return at;
}

void TreeWork::compare(Bytes block, std::uint64_t at, std::size_t part) {
  if (!stored_here_) return;
  const auto there = image_->load(at, block.size());
  if (!there) {
    if (!errors_[part]) errors_[part] = there.error();
    return;
  }
  if (there->bytes().text() != block.text()) differs_[part] = 1;
  if (std::ranges::any_of(there->bytes(), [](std::uint8_t b) { return b != 0; })) written_[part] = 1;
}

void TreeWork::run(std::size_t part) {
  digest_blocks(part);
  done_[part] = 1;
}

void TreeWork::digest_blocks(std::size_t part) {
  const std::uint64_t lowest = second_.size() / slot_, first = part * blocks_per_part_, end = std::min(lowest, first + blocks_per_part_);
  BlockHasher hasher(shape_.algorithm, Bytes(shape_.salt));
  const MutableBytes second(second_);
  std::vector<std::uint8_t> block(shape_.hash_block);
  image_->will_need(first * per_block_ * shape_.data_block, std::min(kAhead, image_->size()));
  for (std::uint64_t b = first; b < end; ++b) {
    const std::uint64_t from = b * per_block_ * shape_.data_block;
    const std::uint64_t length = std::min(per_block_ * shape_.data_block, shape_.image_size - from);
    std::ranges::fill(block, std::uint8_t{0});
    // Large blocks of small digests stand for 128 MiB of data each: that much is never held at once.
    for (std::uint64_t chunk = 0, i = 0; chunk < length; chunk += kChunk) {
      const auto data = image_->load(from + chunk, std::min(kChunk, length - chunk));
      if (!data) {
        errors_[part] = data.error();
        return;
      }
      if (level_blocks_.empty()) {   // one block of data: its digest is the root
        hasher.digest(data->bytes(), shape_.data_block - length, second);
        return;
      }
      for (std::uint64_t at = 0; at < data->size(); at += shape_.data_block, ++i) {
        const std::uint64_t n = std::min<std::uint64_t>(shape_.data_block, data->size() - at);
        hasher.digest(*data->bytes().slice(at, n), shape_.data_block - n, MutableBytes(block).subspan(i * slot_, slot_));
      }
    }
    hasher.digest(Bytes(block), 0, second.subspan(b * slot_, slot_));
    compare(Bytes(block), stored_at(0) + b * shape_.hash_block, part);
  }
}

Result<TreeDigest> TreeWork::finish() {
  if (std::ranges::count(done_, std::uint8_t{0}) > 0) return fail(Code::internal, 0, "the hash tree could not be computed");
  std::vector<std::uint8_t> below = std::move(second_);
  BlockHasher hasher(shape_.algorithm, Bytes(shape_.salt));
  std::vector<std::uint8_t> block(shape_.hash_block);
  for (std::size_t level = 1; level < level_blocks_.size(); ++level) {
    std::vector<std::uint8_t> digests(level_blocks_[level] * slot_);
    for (std::uint64_t b = 0; b < level_blocks_[level]; ++b) {
      std::ranges::fill(block, std::uint8_t{0});
      const std::uint64_t from = b * per_block_ * slot_, n = std::min<std::uint64_t>(per_block_ * slot_, below.size() - from);
      copy_bytes(block, 0, *Bytes(below).slice(from, n));
      hasher.digest(Bytes(block), 0, MutableBytes(digests).subspan(b * slot_, slot_));
      compare(Bytes(block), stored_at(level) + b * shape_.hash_block, parts_);
    }
    below = std::move(digests);
  }
  for (const std::optional<Error>& error : errors_)
    if (error) return fail(*error);
  const auto any = [](const std::vector<std::uint8_t>& flags) { return std::ranges::any_of(flags, [](std::uint8_t f) { return f != 0; }); };
  below.resize(digest_size(shape_.algorithm));
  return TreeDigest{std::move(below), !stored_here_ ? StoredTree::elsewhere : !any(differs_) ? StoredTree::equal : any(written_) ? StoredTree::different : StoredTree::unwritten};
}

Result<TreeDigest> tree_digest(const SourceRef& image, const TreeShape& shape) {
  KLIK_TRY(TreeWork work, TreeWork::plan(image, shape));
  for (std::size_t part = 0; part < work.parts(); ++part) work.run(part);
  return work.finish();
}

Result<std::vector<std::uint8_t>> salted_digest(const Source& image, std::uint64_t size, Bytes salt, HashAlgorithm algorithm) {
  if (size > image.size()) return fail(Code::truncated, image.size(), "the image is shorter than what its digest covers");
  Hasher hasher(algorithm);
  hasher.update(salt);
  for (std::uint64_t at = 0; at < size; at += kChunk) {
    image.will_need(at, std::min(kAhead, size - at));
    KLIK_TRY(const Blob part, image.load(at, std::min(kChunk, size - at)));
    hasher.update(part.bytes());
  }
  return hasher.finish();
}

}  // namespace klik
