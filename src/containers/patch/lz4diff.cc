#include "containers/patch/lz4diff.h"

#include <lz4.h>
#include <lz4hc.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/hash.h"
#include "containers/patch/bsdiff.h"
#include "containers/patch/puffin.h"
#include "formats/protobuf.h"

namespace klik::patch {
namespace {

using protobuf::Field;
using protobuf::Reader;

constexpr std::uint64_t kMaxBlocks = 1u << 20;
constexpr std::uint64_t kMaxPadding = 4096;   // zeros before the data of one block, as EROFS lays them

struct Header {
  char magic[7];      // the version stands right behind it, not at an even place
  U32be version, size;
  std::uint8_t unused;
};
static_assert(sizeof(Header) == 16);

enum Algorithm : std::uint64_t { uncompressed = 0, lz4 = 1, lz4_high = 2 };

struct Block {
  std::uint64_t at = 0, length = 0, packed = 0;   // at, length: decompressed
  std::optional<Sha256Digest> digest;             // of the block as the maker's LZ4 made it, before its correction
  Bytes correction;                               // a bsdiff patch, or empty
  bool compressed() const { return packed < length; }
};

struct File {
  std::vector<Block> blocks;
  std::uint64_t algorithm = uncompressed;
  int level = 0;
  bool padding_first = false;
  std::uint64_t length = 0, packed = 0;
};

struct Patch {
  File before, after;
  std::uint64_t kind = 0;   // of the inner patch: 0 bsdiff, 1 Puffin
  Bytes inner;
};

Result<Block> read_block(const Field& message) {
  Block block;
  for (Reader r(message.bytes); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 1) block.at = f.value;
    if (f.number == 2) block.length = f.value;
    if (f.number == 3) block.packed = f.value;
    if (f.number == 4 && !f.bytes.empty()) {
      Sha256Digest digest{};
      if (f.bytes.size() != digest.size()) return fail(Code::bad_value, f.at, "a block's digest that is not SHA-256");
      std::ranges::copy(f.bytes.span(), digest.begin());
      block.digest = digest;
    }
    if (f.number == 5) block.correction = f.bytes;
  }
  return block;
}

Result<void> read_algorithm(Bytes message, File& file) {
  for (Reader r(message); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 1) file.algorithm = f.value;
    if (f.number == 2) file.level = static_cast<int>(static_cast<std::int32_t>(f.value));
  }
  return {};
}

// Blocks follow each other, and both sums stay within the budget.
Result<void> read_file(Bytes message, File& file, std::uint64_t most) {
  for (Reader r(message); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 1) KLIK_CHECK(read_algorithm(f.bytes, file));
    if (f.number == 3) file.padding_first = f.value != 0;
    if (f.number != 2) continue;
    if (file.blocks.size() == kMaxBlocks) return fail(Code::over_budget, f.at, "more blocks than the budget allows");
    KLIK_TRY(const Block block, read_block(f));
    if (block.at != file.length) return fail(Code::bad_value, f.at, "blocks that do not follow each other");
    if (block.length > most - file.length || block.packed > most - file.packed) return fail(Code::over_budget, f.at, "the blocks are larger than the budget for one piece");
    file.length += block.length;
    file.packed += block.packed;
    file.blocks.push_back(block);
  }
  return {};
}

Result<Patch> read_patch(Bytes bytes, std::uint64_t most) {
  KLIK_TRY(const Header* header, bytes.view<Header>(0));
  if (!bytes.starts_with("LZ4DIFF")) return fail(Code::bad_magic, 0, "not an LZ4DIFF patch");
  if (header->version != 1) return fail(Code::unsupported, 7, "an LZ4DIFF patch of another version than 1");
  KLIK_TRY(const Bytes message, bytes.slice(sizeof(Header), header->size));
  Patch patch;
  for (Reader r(message); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 1) KLIK_CHECK(read_file(f.bytes, patch.before, most));
    if (f.number == 2) KLIK_CHECK(read_file(f.bytes, patch.after, most));
    if (f.number == 3) patch.kind = f.value;
  }
  if (patch.kind > 1) return fail(Code::unsupported, sizeof(Header), "an LZ4DIFF patch with an inner patch of an unknown kind");
  KLIK_TRY(patch.inner, bytes.from(sizeof(Header) + header->size));
  return patch;
}

// liblz4 speaks in characters; views of the same bytes.
const char* characters(Bytes bytes) { return bytes.text().data(); }
char* characters(MutableBytes bytes) { return static_cast<char*>(static_cast<void*>(bytes.data())); }

Result<std::vector<std::uint8_t>> decompressed(Bytes bytes, const File& file) {
  std::vector<std::uint8_t> out(file.length);
  std::uint64_t at = 0;
  for (const Block& block : file.blocks) {
    KLIK_TRY(Bytes packed, bytes.slice(at, block.packed));
    at += block.packed;
    const MutableBytes to = MutableBytes(out).subspan(block.at, block.length);
    if (!block.compressed()) {
      copy_bytes(to, 0, Bytes(packed.span().first(to.size())));
      continue;
    }
    if (file.padding_first) {
      std::uint64_t zeros = 0;
      while (zeros < std::min(kMaxPadding, packed.size()) && packed[zeros] == 0) ++zeros;
      KLIK_TRY(packed, packed.from(zeros));
    }
    // Blocks are part of one budget for a piece, so their sizes fit an int.
    const int size = static_cast<int>(to.size());
    if (LZ4_decompress_safe_partial(characters(packed), characters(to), static_cast<int>(packed.size()), size, size) != size)
      return fail(Code::conflict, at - block.packed, "an LZ4 block of the old file is not the one that the patch was made for");
  }
  KLIK_TRY(const Bytes rest, bytes.from(at));   // behind the last block: padding and attributes, as they are
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

class Compressor {
 public:
  explicit Compressor(const File& file) : file_(file), high_(file.algorithm == lz4_high ? LZ4_createStreamHC() : nullptr) {}

  // A block of exactly `block.packed` bytes. LZ4 may look at bytes behind the block: the maker's did.
  Result<std::vector<std::uint8_t>> compress(Bytes all, const Block& block) const {
    KLIK_TRY(const Bytes from, all.slice(block.at, file_.length - block.at));
    std::vector<std::uint8_t> out(block.packed);
    int taken = static_cast<int>(from.size());
    const int room = static_cast<int>(out.size());
    int made = 0;
    if (file_.algorithm == lz4) made = LZ4_compress_destSize(characters(from), characters(MutableBytes(out)), &taken, room);
    else if (file_.algorithm == lz4_high && high_) made = LZ4_compress_HC_destSize(high_.get(), characters(from), characters(MutableBytes(out)), &taken, room, file_.level);
    else return fail(Code::unsupported, sizeof(Header), "an LZ4DIFF patch that compresses in an unknown way");
    if (made < 0 || made > room) return fail(Code::internal, sizeof(Header), "LZ4 failed");
    const auto used = static_cast<std::size_t>(made);
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(used), out.end(), std::uint8_t{0});
    if (file_.padding_first) std::rotate(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(used), out.end());
    return out;
  }

 private:
  struct Free {
    void operator()(LZ4_streamHC_t* stream) const { LZ4_freeStreamHC(stream); }
  };
  const File& file_;
  std::unique_ptr<LZ4_streamHC_t, Free> high_;
};

Result<std::vector<std::uint8_t>> compressed(Bytes bytes, const File& file) {
  if (bytes.size() < file.length) return fail(Code::bad_value, sizeof(Header), "the inner patch makes less than the blocks need");
  const Compressor compressor(file);
  std::vector<std::uint8_t> out;
  out.reserve(file.packed);
  for (const Block& block : file.blocks) {
    if (!block.compressed()) {
      KLIK_TRY(const Bytes part, bytes.slice(block.at, block.length));
      out.insert(out.end(), part.begin(), part.end());
      out.insert(out.end(), block.packed - block.length, std::uint8_t{0});
      continue;
    }
    KLIK_TRY(std::vector<std::uint8_t> packed, compressor.compress(bytes, block));
    if (block.digest && sha256(Bytes(packed)) != *block.digest)
      return fail(Code::unsupported, sizeof(Header), "this release of LZ4 compresses a block otherwise than the maker's, whose result the patch builds on");
    if (!block.correction.empty()) {
      KLIK_TRY(packed, apply_bsdiff(Bytes(packed), block.correction, block.packed));
    }
    out.insert(out.end(), packed.begin(), packed.end());
  }
  KLIK_TRY(const Bytes rest, bytes.from(file.length));
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

}  // namespace

Result<std::vector<std::uint8_t>> apply_lz4diff(Bytes old_bytes, Bytes patch_bytes, const Budget& budget, std::uint64_t most) {
  const std::uint64_t most_between = std::min<std::uint64_t>(budget.unit_bytes, LZ4_MAX_INPUT_SIZE);
  most = std::min(most, most_between);
  KLIK_TRY(const Patch patch, read_patch(patch_bytes, most_between));
  // LZ4 makes 255 bytes of one at the most.
  if (patch.after.packed > most || patch.after.length / 256 > patch.after.packed) return fail(Code::over_budget, sizeof(Header), "the patch makes more than there is room for");
  KLIK_TRY(const auto before, decompressed(old_bytes, patch.before));
  // What is behind the blocks goes as it is.
  const std::uint64_t most_inner = std::min(most_between, patch.after.length + (most - patch.after.packed));
  auto after = patch.kind == 0 ? apply_bsdiff(Bytes(before), patch.inner, most_inner) : apply_puffin(Bytes(before), patch.inner, budget, most_inner);
  if (!after) {
    Error error = after.error();
    error.at += patch_bytes.size() - patch.inner.size();
    return fail(error);
  }
  return compressed(Bytes(*after), patch.after);
}

Result<Lz4Inner> inner_of_lz4diff(Bytes patch_bytes) {
  KLIK_TRY(const Patch patch, read_patch(patch_bytes, LZ4_MAX_INPUT_SIZE));
  return Lz4Inner{patch.inner, patch.kind == 1};
}

}  // namespace klik::patch
