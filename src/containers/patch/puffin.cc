#include "containers/patch/puffin.h"

#include <algorithm>

#include "containers/patch/bsdiff.h"
#include "containers/patch/puff.h"
#include "containers/patch/zucchini_stream.h"
#include "formats/protobuf.h"

namespace klik::patch {
namespace {

using protobuf::Field;
using protobuf::Reader;

constexpr std::uint64_t kMaxStreams = 1u << 20;   // of one file; an app of a gigabyte has some hundred thousand blocks

struct Header {
  char magic[4];
  U32be size;   // of the message behind it
};
static_assert(sizeof(Header) == 8);

enum InnerKind : std::uint64_t { inner_bsdiff = 0, inner_zucchini = 1 };

struct Range {
  std::uint64_t at = 0, length = 0;
};

// One file: where its deflate streams lie, in bits, and where their puffs lie in the puffed file, in bytes.
struct File {
  std::vector<Range> deflates, puffs;
  std::uint64_t puffed_size = 0;
};

struct Patch {
  File before, after;
  std::uint64_t kind = inner_bsdiff;
  Bytes inner;
};

Result<Range> read_range(Bytes message, std::uint64_t scale) {
  Range range;
  for (Reader r(message); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 1) range.at = f.value / scale;
    if (f.number == 2) range.length = f.value / scale;
  }
  return range;
}

Result<void> read_file(Bytes message, File& file) {
  for (Reader r(message); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 1 || f.number == 2) {
      std::vector<Range>& ranges = f.number == 1 ? file.deflates : file.puffs;
      if (ranges.size() == kMaxStreams) return fail(Code::over_budget, f.at, "more deflate streams than the budget allows");
      KLIK_TRY(const Range range, read_range(f.bytes, f.number == 1 ? 1 : 8));
      ranges.push_back(range);
    }
    if (f.number == 3) file.puffed_size = f.value;
  }
  return {};
}

Result<Patch> read_patch(Bytes bytes) {
  KLIK_TRY(const Header* header, bytes.view<Header>(0));
  if (!bytes.starts_with("PUF1")) return fail(Code::bad_magic, 0, "not a Puffin patch");
  KLIK_TRY(const Bytes message, bytes.slice(sizeof(Header), header->size));
  Patch patch;
  for (Reader r(message); !r.at_end();) {
    KLIK_TRY(const Field f, r.next());
    if (f.number == 2) KLIK_CHECK(read_file(f.bytes, patch.before));
    if (f.number == 3) KLIK_CHECK(read_file(f.bytes, patch.after));
    if (f.number == 4) patch.kind = f.value;
  }
  KLIK_TRY(patch.inner, bytes.from(sizeof(Header) + header->size));
  return patch;
}

// How many bytes the puffed file holds between one stream that ends at bit `end` and one that begins at bit `next`: whole bytes,
// and the bits that share a byte with a stream as a byte of their own.
std::uint64_t bytes_between(std::uint64_t end, std::uint64_t next) { return end == next ? 0 : (next + 7) / 8 - end / 8; }

// Streams must follow each other, and puffs must lie where the bytes between streams put them: then sizes cannot wrap below.
Result<void> check(const File& file, std::uint64_t most) {
  if (file.deflates.size() != file.puffs.size()) return fail(Code::bad_value, sizeof(Header), "not one puff for each deflate stream");
  if (file.puffed_size > most) return fail(Code::over_budget, sizeof(Header), "a puffed file is larger than the budget for one piece");
  std::uint64_t end = 0, puff_end = 0;
  for (std::size_t i = 0; i < file.deflates.size(); ++i) {
    const Range deflate = file.deflates[i], puff_range = file.puffs[i];
    if (deflate.at < end || deflate.at > most * 8 || deflate.length > most * 8 - deflate.at) return fail(Code::bad_value, sizeof(Header), "deflate streams that overlap or leave the file");
    if (puff_range.at != puff_end + bytes_between(end, deflate.at)) return fail(Code::bad_value, sizeof(Header), "a puff is not where the bytes before it put it");
    if (puff_range.at > file.puffed_size || puff_range.length > file.puffed_size - puff_range.at) return fail(Code::bad_value, sizeof(Header), "a puff leaves the puffed file");
    end = deflate.at + deflate.length;
    puff_end = puff_range.at + puff_range.length;
  }
  return {};
}

// Bytes of `file` from bit `end` on that belong to no stream, up to bit `next`: the first without the bits of the stream before it, the
// last without those of the stream behind it.
Result<void> take_between(Bytes file, std::uint64_t end, std::uint64_t next, std::vector<std::uint8_t>& out) {
  KLIK_TRY(const Bytes part, file.slice(end / 8, bytes_between(end, next)));
  if (part.empty()) return {};
  const std::size_t first = out.size();
  out.insert(out.end(), part.begin(), part.end());
  if (next % 8 != 0) out.back() = static_cast<std::uint8_t>(out.back() & ((1u << next % 8) - 1));
  if (end % 8 != 0) out[first] = static_cast<std::uint8_t>(out[first] >> end % 8);
  return {};
}

Result<std::vector<std::uint8_t>> puffed(Bytes bytes, const File& file) {
  std::vector<std::uint8_t> out;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < file.deflates.size(); ++i) {
    const Range deflate = file.deflates[i];
    const std::uint64_t first_byte = deflate.at / 8, last_byte = (deflate.at + deflate.length + 7) / 8;
    KLIK_CHECK(take_between(bytes, end, deflate.at, out));
    KLIK_TRY(const Bytes around, bytes.slice(first_byte, last_byte - first_byte));
    auto one = puff(around, deflate.at % 8, file.puffs[i].length, deflate.length);
    if (!one) return fail(Code::conflict, first_byte + one.error().at, one.error().what);
    if (one->size() != file.puffs[i].length) return fail(Code::conflict, first_byte, "a deflate stream of the old file is not the one that the patch was made for");
    out.insert(out.end(), one->begin(), one->end());
    end = deflate.at + deflate.length;
  }
  const std::uint64_t rest = file.puffed_size - out.size();   // check() saw to it that this is not negative
  KLIK_TRY(const Bytes tail, bytes.slice(end / 8, rest));
  const std::size_t first = out.size();
  out.insert(out.end(), tail.begin(), tail.end());
  if (!tail.empty()) out[first] = static_cast<std::uint8_t>(out[first] >> end % 8);
  return out;
}

// Writes the bits that take_between() took.
Result<void> put_between(Bytes bytes, std::uint64_t next, BitWriter& out) {
  std::uint64_t at = 0;
  if (out.position() % 8 != 0 && out.position() < next) {
    KLIK_TRY(const std::uint8_t byte, bytes.get<std::uint8_t>(at++));
    out.put(byte, static_cast<unsigned>(std::min<std::uint64_t>(8 - out.position() % 8, next - out.position())));
  }
  if (const std::uint64_t whole = next / 8 * 8; out.position() < whole) {
    KLIK_TRY(const Bytes part, bytes.slice(at, (whole - out.position()) / 8));
    out.put_bytes(part);
    at += part.size();
  }
  if (out.position() < next) {
    KLIK_TRY(const std::uint8_t byte, bytes.get<std::uint8_t>(at));
    out.put(byte, static_cast<unsigned>(next - out.position()));
  }
  return {};
}

// How much huffed() writes: whole bytes up to the last stream's end, and what is behind it, which may begin inside a byte.
// REQUIRES: check().
std::uint64_t size_of(const File& file) {
  const std::uint64_t end = file.deflates.empty() ? 0 : file.deflates.back().at + file.deflates.back().length;
  const std::uint64_t puff_end = file.puffs.empty() ? 0 : file.puffs.back().at + file.puffs.back().length;
  return std::max((end + 7) / 8, end / 8 + (file.puffed_size - puff_end));
}

Result<std::vector<std::uint8_t>> huffed(Bytes puffed_bytes, const File& file, std::uint64_t most) {
  BitWriter out;
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < file.deflates.size(); ++i) {
    const Range deflate = file.deflates[i], puff_range = file.puffs[i];
    KLIK_TRY(const Bytes between, puffed_bytes.slice(at, puff_range.at - at));
    KLIK_CHECK(put_between(between, deflate.at, out));
    KLIK_TRY(const Bytes one, puffed_bytes.slice(puff_range.at, puff_range.length));
    KLIK_CHECK(huff(one, out));
    const std::uint64_t end = deflate.at + deflate.length;
    if (out.position() > end || end - out.position() >= 8) return fail(Code::bad_value, puff_range.at, "a deflate stream does not get the length that the patch names");
    out.put(0, static_cast<unsigned>(end - out.position()));
    at = puff_range.at + puff_range.length;
  }
  KLIK_TRY(const Bytes tail, puffed_bytes.from(at));
  if (out.size() + tail.size() > most) return fail(Code::over_budget, 0, "the patch makes more than there is room for");
  const std::uint64_t end = out.position();
  if (!tail.empty()) KLIK_CHECK(put_between(tail, (end / 8 + tail.size()) * 8, out));
  return std::move(out).finish();
}

}  // namespace

Result<std::vector<std::uint8_t>> apply_puffin(Bytes old_bytes, Bytes patch_bytes, const Budget& budget, std::uint64_t most) {
  KLIK_TRY(const Patch patch, read_patch(patch_bytes));
  if (patch.kind != inner_bsdiff && patch.kind != inner_zucchini) return fail(Code::unsupported, sizeof(Header), "a Puffin patch with an inner patch of an unknown kind");
  KLIK_CHECK(check(patch.before, budget.unit_bytes));
  KLIK_CHECK(check(patch.after, budget.unit_bytes));
  most = std::min(most, budget.unit_bytes);
  // Of nothing puffed are there more than four bytes for two bits, and the codes of a block are few.
  if (size_of(patch.after) > most || patch.after.puffed_size / 32 > most) return fail(Code::over_budget, sizeof(Header), "the patch makes more than there is room for");
  KLIK_TRY(const auto before, puffed(old_bytes, patch.before));
  auto after = patch.kind == inner_bsdiff ? apply_bsdiff(Bytes(before), patch.inner, budget.unit_bytes) : apply_zucchini(Bytes(before), patch.inner, budget);
  if (!after) {
    Error error = after.error();
    const std::uint64_t inner_at = patch_bytes.size() - patch.inner.size();
    error.at = patch.kind == inner_bsdiff ? inner_at + error.at : inner_at;   // the other's lies in what brotli makes
    return fail(error);
  }
  if (after->size() != patch.after.puffed_size) return fail(Code::bad_value, sizeof(Header), "the inner patch makes another size than the header names");
  return huffed(Bytes(*after), patch.after, most);
}

Result<Bytes> inner_bsdiff_of_puffin(Bytes patch_bytes) {
  KLIK_TRY(const Patch patch, read_patch(patch_bytes));
  return patch.kind == inner_bsdiff ? patch.inner : Bytes();
}

}  // namespace klik::patch
