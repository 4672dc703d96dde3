#include "apps/signing/signing_block.h"

#include <algorithm>

namespace klik::apk {
namespace {

struct EndRecord {
  U32le magic;
  U16le disk, directory_disk, entries_here, entries;
  U32le directory_size, directory_at;
  U16le comment_size;
};
static_assert(sizeof(EndRecord) == 22);

struct Footer {
  U64le size;            // of the block without its first eight bytes
  U64le magic_low, magic_high;
};
static_assert(sizeof(Footer) == 24);

constexpr std::uint32_t kEndMagic = 0x06054B50, kZip64LocatorMagic = 0x07064B50;
constexpr std::uint64_t kMostComment = 0xFFFF;
constexpr std::uint64_t kMagicLow = 0x20676953204B5041, kMagicHigh = 0x3234206B636F6C42;   // "APK Sig Block 42"
constexpr std::uint64_t kZip64LocatorSize = 20;

// The end record must end exactly at the end of the file; the shortest comment that fits wins.
Result<std::optional<ApkLayout>> find_end(const Source& apk) {
  const std::uint64_t size = apk.size();
  if (size < sizeof(EndRecord)) return std::nullopt;
  const std::uint64_t n = std::min<std::uint64_t>(size, sizeof(EndRecord) + kMostComment);
  KLIK_TRY(const Blob tail, apk.load(size - n, n));
  for (std::uint64_t comment = 0; comment <= n - sizeof(EndRecord); ++comment) {
    const std::uint64_t at = n - sizeof(EndRecord) - comment;
    KLIK_TRY(const EndRecord* record, tail.bytes().view<EndRecord>(at));
    if (record->magic != kEndMagic || record->comment_size != comment) continue;
    ApkLayout layout;
    layout.directory_at = record->directory_at;
    layout.directory_size = record->directory_size;
    layout.end_record_at = size - n + at;
    layout.size = size;
    layout.entry_count = record->entries;
    layout.covered_end = std::min(layout.directory_at, layout.end_record_at);
    return layout;
  }
  return std::nullopt;
}

// Values of the block, until one leaves it.
void read_pairs(SigningBlock& block) {
  const Bytes bytes = block.bytes.bytes();
  const std::uint64_t end = bytes.size() - sizeof(Footer);
  for (std::uint64_t at = 8; end - at >= 12;) {   // advances by 12 or more
    const auto length = bytes.get<U64le>(at);
    const auto id = bytes.get<U32le>(at + 8);
    if (!length || !id || *length < 4 || *length > end - at - 8) return;
    const auto value = bytes.slice(at + 12, *length - 4);
    if (!value) return;
    block.pairs.push_back({*id, {*value, block.at + at + 12}});
    at += 8 + *length;
  }
}

}  // namespace

const Part* SigningBlock::find(std::uint32_t id) const {
  const auto found = std::ranges::find(pairs, id, &Pair::id);
  return found == pairs.end() ? nullptr : &found->value;
}

Result<SigningBlockSearch> find_signing_block(const Source& apk, const Budget& budget) {
  SigningBlockSearch search;
  KLIK_TRY(search.layout, find_end(apk));
  if (!search.layout) {
    search.missing = "no end record at the end of the file";
    return search;
  }
  ApkLayout& layout = *search.layout;
  if (layout.end_record_at >= kZip64LocatorSize) {
    KLIK_TRY(const U32le magic, apk.get<U32le>(layout.end_record_at - kZip64LocatorSize));
    if (magic == kZip64LocatorMagic) {
      search.missing = "a zip64 archive: the phone looks for no signing block";
      return search;
    }
  }
  if (layout.directory_at > layout.end_record_at) {
    search.missing = "the directory is said to start behind the end record";
    return search;
  }
  Footer footer{};
  std::uint64_t stored = 0;   // of the block, as its footer states it
  if (layout.directory_at >= sizeof(Footer) + 8) {
    KLIK_TRY(footer, apk.get<Footer>(layout.directory_at - sizeof(Footer)));
    stored = footer.size;
  }
  const bool low = footer.magic_low == kMagicLow, high = footer.magic_high == kMagicHigh;
  if (layout.directory_size != layout.end_record_at - layout.directory_at) {
    search.missing = low && high ? "bytes between directory and end record: the phone does not see the signing block"
                                 : "bytes between directory and end record: the phone looks for no signing block";
    return search;
  }
  if (!low || !high) {
    // Half of the magic is no accident: somebody made the block invisible.
    if (low || high) search.missing = "the signing block's magic is damaged: the phone does not see it";
    return search;
  }
  if (stored < sizeof(Footer) || stored > layout.directory_at - 8) {
    search.missing = "the signing block's size is impossible: the phone does not see it";
    return search;
  }
  const std::uint64_t at = layout.directory_at - stored - 8;
  KLIK_TRY(const U64le first, apk.get<U64le>(at));
  if (first != stored) {
    search.missing = "the signing block states two sizes: the phone does not see it";
    return search;
  }
  if (stored > budget.metadata_bytes) return fail(Code::over_budget, at, "the signing block is larger than its budget");
  SigningBlock block;
  block.at = at;
  block.size = stored + 8;
  KLIK_TRY(block.bytes, apk.load(at, block.size));
  read_pairs(block);
  layout.covered_end = at;
  search.block = std::move(block);
  return search;
}

Result<std::uint32_t> PrefixedReader::number() {
  KLIK_TRY(const U32le value, part_.bytes.get<U32le>(at_));
  at_ += 4;
  return static_cast<std::uint32_t>(value);
}

Result<Part> PrefixedReader::value() {
  KLIK_TRY(const U32le length, part_.bytes.get<U32le>(at_));
  KLIK_TRY(const Bytes bytes, part_.bytes.slice(at_ + 4, length));
  const Part part{bytes, part_.at + at_ + 4};
  at_ += 4 + bytes.size();
  return part;
}

Part PrefixedReader::rest() const {
  const auto bytes = part_.bytes.from(at_);
  return bytes ? Part{*bytes, part_.at + at_} : Part{};
}

}  // namespace klik::apk
