#include "formats/android/string_pool.h"

#include <algorithm>

namespace klik::android {
namespace {

struct PoolHeader {
  ChunkHeader chunk;
  U32le string_count, style_count, flags, strings_start, styles_start;
};
static_assert(sizeof(PoolHeader) == 28);

constexpr std::uint32_t kUtf8 = 0x100;

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

}  // namespace

Result<StringPool> StringPool::read(Bytes chunk) {
  KLIK_TRY(const PoolHeader* header, chunk.view<PoolHeader>(0));
  if (header->chunk.header_size < sizeof(PoolHeader)) return fail(Code::bad_value, 2, "string pool header too small");
  StringPool pool;
  pool.chunk_ = chunk;
  pool.offsets_at_ = header->chunk.header_size;
  pool.strings_at_ = header->strings_start;
  pool.utf8_ = (header->flags & kUtf8) != 0;
  const std::uint64_t room = pool.offsets_at_ < chunk.size() ? (chunk.size() - pool.offsets_at_) / 4 : 0;
  pool.count_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(header->string_count, room));
  if (pool.count_ > 0 && pool.strings_at_ > chunk.size()) return fail(Code::truncated, 20, "strings start past the pool");
  return pool;
}

std::string StringPool::get(std::uint32_t index) const {
  if (index >= count_) return {};
  const auto offset = chunk_.get<U32le>(offsets_at_ + std::uint64_t{4} * index);
  if (!offset) return {};
  const std::uint64_t at = strings_at_ + std::uint64_t{*offset};
  return utf8_ ? utf8_at(at) : utf16_at(at);
}

std::string StringPool::utf8_at(std::uint64_t at) const {
  // Two lengths, in UTF-16 units and in bytes, each one or two bytes long.
  const auto length = [&]() -> Result<std::uint32_t> {
    KLIK_TRY(const std::uint8_t first, chunk_.get<std::uint8_t>(at));
    ++at;
    if ((first & 0x80) == 0) return first;
    KLIK_TRY(const std::uint8_t second, chunk_.get<std::uint8_t>(at));
    ++at;
    return static_cast<std::uint32_t>(((first & 0x7Fu) << 8) | second);
  };
  if (!length()) return {};
  const auto bytes = length();
  if (!bytes) return {};
  const auto text = chunk_.slice(at, *bytes);
  if (text) return std::string(text->text());
  // A false length: up to the terminator, if there is one.
  const auto rest = chunk_.from(at);
  if (!rest) return {};
  const auto end = rest->text().find('\0');
  return end == std::string_view::npos ? std::string() : std::string(rest->text().substr(0, end));
}

std::string StringPool::utf16_at(std::uint64_t at) const {
  const auto first = chunk_.get<U16le>(at);
  if (!first) return {};
  std::uint64_t units = *first;
  at += 2;
  if ((units & 0x8000) != 0) {
    const auto second = chunk_.get<U16le>(at);
    if (!second) return {};
    units = ((units & 0x7FFF) << 16) | *second;
    at += 2;
  }
  const auto text = chunk_.array<U16le>(at, units);
  if (!text) return {};
  std::string out;
  out.reserve(text->size());
  for (std::size_t i = 0; i < text->size(); ++i) {
    std::uint32_t c = (*text)[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < text->size()) {
      const std::uint32_t low = (*text)[i + 1];
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        ++i;
      }
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace klik::android
