#include "traffic/packed_marks.h"

#define ZLIB_CONST   // else it wants to be able to write what it reads
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <string>

#include "traffic/structure.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool begins_zlib(std::string_view bytes) {
  // Of the first bytes that may be, the one in use: a window of 32 KiB; and the four levels of compression with it.
  return bytes.size() >= 2 && bytes[0] == 0x78 && std::string_view("\x01\x5e\x9c\xda", 4).contains(bytes[1]);
}

// By zlib's own reader. Nothing when it is broken before it gave anything that looks like more than chance.
std::optional<std::uint64_t> inflated_extent(Bytes bytes, bool gzip, std::uint64_t& room) {
  z_stream z{};
  if (inflateInit2(&z, gzip ? 31 : 15) != Z_OK) return std::nullopt;
  std::array<std::uint8_t, 4096> out;
  std::string start;
  std::uint64_t made = 0;
  z.next_in = bytes.data();
  const std::uint64_t given_in = std::min<std::uint64_t>({bytes.size(), room, UINT32_MAX});   // empty blocks give nothing and take as much
  z.avail_in = static_cast<uInt>(given_in);
  int status = Z_OK;
  while (status == Z_OK && made < room) {
    z.next_out = out.data();
    z.avail_out = out.size();
    status = inflate(&z, Z_NO_FLUSH);
    const std::size_t given = out.size() - z.avail_out;
    if (start.size() < 512) start.append(Bytes(std::span(out).first(given)).text().substr(0, 512 - start.size()));
    made += given;
    if (given == 0 && status == Z_OK) break;
  }
  const std::uint64_t taken = z.total_in;
  inflateEnd(&z);
  const bool all = given_in == bytes.size() && made < room;
  room -= std::min(room, made + taken);
  if (status == Z_STREAM_END) return taken;
  if (!all) return std::nullopt;
  // It is cut, or its end is another's: what came out may tell.
  if (gzip ? made == 0 : start.size() < 16 || !(looks_text(Bytes::of(start)) || begins_packed(start))) return std::nullopt;
  return bytes.size();
}

}  // namespace

bool begins_json(std::string_view text) {
  if (!text.starts_with('{') && !text.starts_with('[')) return false;
  const auto next = text.find_first_not_of(kBlanks, 1);
  if (next == text.npos) return text.size() > 1;
  return text[next] == '"' || (text[0] == '[' && (text[next] == '{' || text[next] == '['));
}

bool begins_packed(std::string_view bytes) {
  return (bytes.starts_with("\x1f\x8b\x08") && (bytes.size() < 4 || (bytes[3] & 0xe0) == 0)) || begins_zlib(bytes) || bytes.starts_with("\x28\xb5\x2f\xfd") || bytes.starts_with("\x04\x22\x4d\x18") || bytes.starts_with("PK\3\4") ||
         bytes.starts_with("bplist0") || begins_json(bytes);
}

bool begins_packed_base64(std::string_view text) {
  // The first letters of all that may follow, once and twice encoded.
  if (text.size() < kShortestPiece || !std::string_view("HKBeUYWSQZV").contains(text[0])) return false;
  const auto bytes = base64_start(text.substr(0, 16));
  if (bytes.size() < 12) return false;
  const std::string_view inner = Bytes(bytes).text();
  if (begins_packed(inner)) return true;
  if (!std::ranges::all_of(inner, [](char c) { return base64_value(c) >= 0; })) return false;
  const auto innermost = base64_start(inner);
  return begins_packed(Bytes(innermost).text());
}

bool begins_packed_hex(std::string_view text) {
  if (text.size() < kShortestPiece || !std::string_view("120756").contains(text[0])) return false;
  const auto bytes = decoded_hex(text.substr(0, 16));
  return bytes && begins_packed(*bytes);
}

std::optional<std::uint64_t> json_extent(std::string_view text, std::uint64_t& room) {
  if (!begins_json(text)) return std::nullopt;
  const std::uint64_t most = room;
  std::string open;   // of each level how it closes
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    room = most - std::min<std::uint64_t>(most, at);
    if (room == 0) return std::nullopt;
    const char c = text[at];
    if (quoted) {
      if (c == '"') quoted = false;
      else if (c == '\\') ++at;
      else if (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') return std::nullopt;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (open.size() >= 512) return std::nullopt;
      open += c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (open.back() != c) return std::nullopt;
      open.pop_back();
      if (open.empty()) return at + 1;
    } else if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !std::string_view(" \t\r\n,:+-.").contains(c)) {
      return std::nullopt;
    }
  }
  return text.size();
}

std::optional<std::uint64_t> packed_extent(Bytes bytes, std::string_view name, std::uint64_t& room) {
  if (name == "gzip" || name == "zlib") return inflated_extent(bytes, name == "gzip", room);
  if (name == "zstd") {
    const std::size_t size = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
    return ZSTD_isError(size) ? bytes.size() : size;   // a frame that is cut
  }
  return bytes.size();
}

}  // namespace klik::traffic
