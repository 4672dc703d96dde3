#include "formats/android/string_pool.h"

namespace klik::res {
namespace {

struct PoolHeader {
  ChunkHeader chunk;
  U32le string_count, style_count, flags, strings_start, styles_start;
};
static_assert(sizeof(PoolHeader) == 28);

constexpr std::uint32_t kUtf8 = 0x100;

// One or two units: the top bit of the first says that the second follows.
struct Length {
  std::uint64_t value, units;
};

// How many UTF-16 units the phone makes of these bytes; it looks at lead bytes only. Nothing when the last
// character is cut.
bool utf16_length_is(Bytes text, std::uint64_t expected) {
  std::uint64_t units = 0;
  for (std::uint64_t i = 0; i < text.size();) {   // advances by 1 to 4
    const unsigned lead = text[i];
    const std::uint64_t n = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (n > text.size() - i) return false;
    const bool beyond = n == 4 && (((lead & 7u) << 18) | ((text[i + 1] & 0x3Fu) << 12)) > 0xFFFF;
    units += beyond ? 2 : 1;
    i += n;
  }
  return units == expected;
}

void append_wtf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t b) { out += static_cast<char>(static_cast<std::uint8_t>(b)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

std::uint32_t unit(Bytes text, std::uint64_t i) { return text[i] | static_cast<std::uint32_t>(text[i + 1]) << 8; }

std::string from_utf16(Bytes text) {
  std::string out;
  out.reserve(text.size() / 2);
  for (std::uint64_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint32_t c = unit(text, i);
    if (c >= 0xD800 && c < 0xDC00 && text.size() - i >= 4) {
      const std::uint32_t low = unit(text, i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    append_wtf8(out, c);
  }
  return out;
}

}  // namespace

Result<StringPool> StringPool::open(Bytes file, std::uint64_t at, Oddities& oddities) {
  KLIK_TRY(const PoolHeader* header, file.view<PoolHeader>(at));
  const std::uint64_t there = file.size() - at;
  std::uint64_t size = header->chunk.size;
  if (size > there) {
    oddities.add(Code::truncated, at + 4, "string pool past the end of the file", true);
    size = there;
  }
  KLIK_TRY(const Bytes chunk, file.slice(at, size));
  const std::uint64_t header_size = header->chunk.header_size;

  StringPool pool;
  pool.utf8_ = header->flags & kUtf8;
  if (header->string_count == 0) return pool;
  // A count that reaches into the characters is what the phone takes; one that leaves the chunk it refuses.
  const std::uint64_t room = header_size < size ? (size - header_size) / sizeof(U32le) : 0;
  std::uint64_t count = header->string_count;
  if (count > room) {
    oddities.add(Code::bad_value, at + 8, "string pool: more strings than fit");
    const std::uint64_t start = header->strings_start;
    const std::uint64_t before = start > header_size && start <= size ? (start - header_size) / sizeof(U32le) : room;
    count = before;
  } else if (header->strings_start > header_size && count > (header->strings_start - header_size) / sizeof(U32le)) {
    oddities.add(Code::deviation, at + 8, "string pool: offsets overlap the characters");
  }
  if (header->strings_start >= size) {
    oddities.add(Code::bad_value, at + 20, "string pool: characters start past its end", true);
    return pool;
  }
  std::uint64_t end = size;
  if (header->style_count != 0) {
    if (header->styles_start > header->strings_start && header->styles_start <= size) end = header->styles_start;
    else oddities.add(Code::bad_value, at + 24, "string pool: styles do not follow the characters");
  } else if (header->styles_start != 0) {
    oddities.add(Code::deviation, at + 24, "string pool: offset of styles that are not there");
  }
  KLIK_TRY(pool.offsets_, chunk.array<U32le>(header_size, count));
  KLIK_TRY(pool.data_, chunk.slice(header->strings_start, end - header->strings_start));
  pool.data_at_ = at + header->strings_start;
  pool.count_ = static_cast<std::uint32_t>(count);
  return pool;
}

StringPool::Raw StringPool::raw_utf8(std::uint64_t offset) const {
  const auto length = [&](std::uint64_t at) -> Length {
    if (at >= data_.size()) return {0, 0};
    const unsigned first = data_[at];
    if (!(first & 0x80)) return {first, 1};
    if (data_.size() - at < 2) return {0, 0};
    return {(first & 0x7Fu) << 8 | data_[at + 1], 2};
  };
  const Length units = length(offset);
  const Length bytes = length(offset + units.units);
  if (units.units == 0 || bytes.units == 0) return {};
  const std::uint64_t start = offset + units.units + bytes.units;
  // The prefix holds 15 bits; of a longer string the phone looks for the terminator in steps of 32 KiB.
  for (std::uint64_t n = bytes.value; start < data_.size() && n < data_.size() - start; n += 0x8000) {
    if (data_[start + n] != 0) continue;
    const Bytes text = *data_.slice(start, n);
    if (!utf16_length_is(text, units.value)) return {};
    return {text, data_at_ + start, false};
  }
  return {};
}

StringPool::Raw StringPool::raw_utf16(std::uint64_t offset) const {
  std::uint64_t at = offset & ~std::uint64_t{1};
  const auto first = data_.get<U16le>(at);
  if (!first) return {};
  at += 2;
  std::uint64_t length = *first;
  if (length & 0x8000) {
    const auto low = data_.get<U16le>(at);
    if (!low) return {};
    at += 2;
    length = (length & 0x7FFF) << 16 | *low;
  }
  const auto text = data_.slice(at, length * 2);
  const auto terminator = data_.get<U16le>(at + length * 2);
  if (!text || !terminator || *terminator != 0) return {};
  return {*text, data_at_ + at, false};
}

StringPool::Raw StringPool::raw(std::uint32_t index) const {
  if (index >= offsets_.size()) return {};
  const std::uint64_t offset = offsets_[index];
  if (offset >= data_.size()) return {};
  return utf8_ ? raw_utf8(offset) : raw_utf16(offset);
}

PoolString StringPool::get(std::uint32_t index) const {
  const Raw r = raw(index);
  return {utf8_ ? std::string(r.characters.text()) : from_utf16(r.characters), r.at, r.characters.size(), r.broken};
}

bool StringPool::equals(std::uint32_t index, std::string_view text) const {
  const Raw r = raw(index);
  if (r.broken) return false;
  if (utf8_) return r.characters.text() == text;
  if (r.characters.size() != text.size() * 2) return from_utf16(r.characters) == text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t u = unit(r.characters, 2 * i);
    if (u >= 0x80) return from_utf16(r.characters) == text;
    if (u != static_cast<std::uint8_t>(text[i])) return false;
  }
  return true;
}

}  // namespace klik::res
