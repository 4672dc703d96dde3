#include "cache/pack.h"

#include <zstd.h>

#include <algorithm>

namespace klik::cache {
namespace {

constexpr std::string_view kMagic = "klikspaan cache\1";
constexpr std::uint64_t kLargestIndex = std::uint64_t{256} << 20;

struct PackHeader {
  std::uint8_t magic[16];
  std::uint8_t program[32];      // whose records these are
};
static_assert(sizeof(PackHeader) == 48);

struct PackFooter {
  U64le index_at;
  U32le blocks, records;
  std::uint8_t digest[32];       // SHA-256 of the header and of the index
  std::uint8_t magic[16];
};
static_assert(sizeof(PackFooter) == 64);

template <class Number>
Number wire(std::uint64_t value) {
  Number n{};
  for (std::size_t i = 0; i < sizeof n.raw; ++i) n.raw[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return n;
}

bool less(const RecordEntry& a, const Key& key) { return std::ranges::lexicographical_compare(a.key, key); }

Sha256Digest index_digest(const PackHeader& header, Bytes index) {
  Hasher hasher;
  hasher.update(Bytes::of_struct(header));
  hasher.update(index);
  return hasher.finish_sha256();
}

}  // namespace

bool begins_as_pack(Bytes start) { return kMagic.starts_with(start.text().substr(0, kMagic.size())); }

Result<PackReader> PackReader::open(SourceRef file, const Sha256Digest& program) {
  KLIK_TRY(const PackHeader header, file->get<PackHeader>(0));
  if (Bytes(header.magic).text() != kMagic) return fail(Code::bad_magic, 0, "no pack of the cache, or one of another format");
  if (!std::ranges::equal(header.program, program)) return fail(Code::bad_magic, 16, "a pack of another program");
  if (file->size() < sizeof(PackHeader) + sizeof(PackFooter)) return fail(Code::truncated, 0, "no room for the end of a pack");
  const std::uint64_t end = file->size() - sizeof(PackFooter);
  KLIK_TRY(const PackFooter footer, file->get<PackFooter>(end));
  if (Bytes(footer.magic).text() != kMagic) return fail(Code::truncated, end, "the end of the pack is not there");
  const std::uint64_t at = footer.index_at;
  if (at < sizeof(PackHeader) || at > end || end - at > kLargestIndex) return fail(Code::bad_value, end, "the index lies outside the pack");
  PackReader reader;
  KLIK_TRY(reader.index_, file->load(at, end - at));
  const Bytes index = reader.index_.bytes();
  if (!std::ranges::equal(index_digest(header, index), footer.digest)) return fail(Code::bad_checksum, at, "the index is not the one that was written");
  KLIK_TRY(reader.blocks_, index.array<BlockEntry>(0, footer.blocks));
  KLIK_TRY(reader.records_, index.array<RecordEntry>(std::uint64_t{footer.blocks} * sizeof(BlockEntry), footer.records));
  reader.file_ = std::move(file);
  return reader;
}

std::optional<RecordEntry> PackReader::find(const Key& key) const {
  const auto found = std::lower_bound(records_.begin(), records_.end(), key, less);
  if (found == records_.end() || !std::ranges::equal(found->key, key)) return std::nullopt;
  return *found;
}

Result<Blob> PackReader::packed_block(std::uint32_t n) const {
  if (n >= blocks_.size()) return fail(Code::bad_value, 0, "no such block");
  const BlockEntry& b = blocks_[n];
  if (b.size > kLargestBlock || b.packed > kLargestBlock * 2) return fail(Code::over_budget, b.at, "a block larger than any that is written");
  KLIK_TRY(Blob packed, file_->load(b.at, b.packed));
  const Sha256Digest digest = sha256(packed.bytes());
  if (!std::ranges::equal(std::span(digest).first(sizeof b.digest), b.digest)) return fail(Code::bad_checksum, b.at, "a block is not the one that was written");
  return packed;
}

Result<Blob> PackReader::block(std::uint32_t n) const {
  KLIK_TRY(const Blob packed, packed_block(n));
  std::vector<std::uint8_t> raw(blocks_[n].size);
  const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), packed.bytes().data(), packed.size());
  if (ZSTD_isError(size) || size != raw.size()) return fail(Code::bad_value, blocks_[n].at, "a block cannot be unpacked");
  return Blob(std::move(raw));
}

std::optional<PackedBlock> pack_block(std::string_view raw) {
  PackedBlock out{std::string(ZSTD_compressBound(raw.size()), '\0'), static_cast<std::uint32_t>(raw.size())};
  const std::size_t size = ZSTD_compress(out.packed.data(), out.packed.size(), raw.data(), raw.size(), 1);
  if (ZSTD_isError(size)) return std::nullopt;
  out.packed.resize(size);
  return out;
}

PackWriter::PackWriter(const Sha256Digest& program, Write write) : write_(std::move(write)), program_(program) {
  PackHeader header{};
  copy_bytes(header.magic, 0, Bytes::of(kMagic));
  copy_bytes(header.program, 0, as_bytes(program));
  put(Bytes::of_struct(header));
}

void PackWriter::put(Bytes bytes) {
  failed_ = failed_ || !write_(bytes);
  at_ += bytes.size();
}

std::uint32_t PackWriter::add_block(Bytes packed, std::uint32_t size) {
  BlockEntry entry{};
  entry.at = wire<U64le>(at_);
  entry.packed = wire<U32le>(packed.size());
  entry.size = wire<U32le>(size);
  const Sha256Digest digest = sha256(packed);
  copy_bytes(entry.digest, 0, Bytes(std::span(digest).first(sizeof entry.digest)));
  blocks_.push_back(entry);
  put(packed);
  return static_cast<std::uint32_t>(blocks_.size() - 1);
}

void PackWriter::add_record(const Key& key, std::uint32_t block, std::uint32_t at, std::uint32_t size) {
  RecordEntry entry{};
  copy_bytes(entry.key, 0, as_bytes(key));
  entry.block = wire<U32le>(block);
  entry.at = wire<U32le>(at);
  entry.size = wire<U32le>(size);
  records_.push_back(entry);
}

bool PackWriter::finish() {
  std::ranges::sort(records_, [](const RecordEntry& a, const RecordEntry& b) { return std::ranges::lexicographical_compare(a.key, b.key); });
  std::string index;
  for (const BlockEntry& b : blocks_) index += Bytes::of_struct(b).text();
  for (const RecordEntry& r : records_) index += Bytes::of_struct(r).text();
  PackHeader header{};
  copy_bytes(header.magic, 0, Bytes::of(kMagic));
  copy_bytes(header.program, 0, as_bytes(program_));
  PackFooter footer{};
  footer.index_at = wire<U64le>(at_);
  footer.blocks = wire<U32le>(blocks_.size());
  footer.records = wire<U32le>(records_.size());
  copy_bytes(footer.digest, 0, as_bytes(index_digest(header, Bytes::of(index))));
  copy_bytes(footer.magic, 0, Bytes::of(kMagic));
  put(Bytes::of(index));
  put(Bytes::of_struct(footer));
  return !failed_;
}

}  // namespace klik::cache
