#include "formats/net/gquic.h"

#include <algorithm>

#include "formats/net/cursor.h"

namespace klik::gquic {
namespace {

using net::Cursor;

constexpr std::uint64_t kHash = 12;            // over the packet, in place of a tag
constexpr std::uint16_t kMostEntries = 128;    // "QUIC Crypto", handshake messages
constexpr unsigned kFirstVersion = 9, kFirstLong = 46, kLastLong = 49;
constexpr unsigned kMostHits = 4;              // places of the word CHLO that are tried in one packet

// 43 of "Q043"; 0 for what is no version.
unsigned version_number(std::string_view text) {
  if (text.size() != 4 || text[0] != 'Q' || text[1] != '0' || text[2] < '0' || text[2] > '9' || text[3] < '0' || text[3] > '9') return 0;
  return static_cast<unsigned>(text[2] - '0') * 10 + static_cast<unsigned>(text[3] - '0');
}

Result<Header> parse_long(Bytes datagram) {
  Header h;
  Cursor in(datagram);
  KLIK_TRY(const std::uint8_t first, in.u8());
  if ((first & 0x40) == 0) return fail(Code::bad_value, 0, "a gQUIC packet without its fixed bit");
  KLIK_TRY(const Bytes version, in.take(4));
  const unsigned number = version_number(version.text());
  if (number < kFirstLong || number > kLastLong) return fail(Code::bad_magic, 1, "no version of gQUIC with long headers");
  h.version = version.text();
  // Four bits each for the lengths of two ids: none, or three less than the length.
  KLIK_TRY(const std::uint8_t lengths, in.u8());
  const auto length = [](unsigned bits) { return bits == 0 ? 0u : bits + 3; };
  KLIK_TRY(h.connection_id, in.take(length(lengths >> 4)));
  KLIK_TRY(const Bytes source, in.take(length(lengths & 15u)));
  if (h.connection_id.empty()) h.connection_id = source;
  KLIK_CHECK(in.take((first & 3u) + 1u));
  KLIK_CHECK(in.take(kHash));
  h.frames_at = in.at();
  return h;
}

Result<Header> parse_public(Bytes datagram) {
  Header h;
  Cursor in(datagram);
  KLIK_TRY(const std::uint8_t flags, in.u8());
  constexpr std::uint8_t kVersion = 1, kReset = 2, kId = 8, kUnused = 0x80;
  if ((flags & kVersion) == 0 || (flags & (kReset | kUnused)) != 0) return fail(Code::bad_magic, 0, "no gQUIC packet that says its version");
  if (flags & kId) {
    KLIK_TRY(h.connection_id, in.take(8));
  }
  KLIK_TRY(const Bytes version, in.take(4));
  const unsigned number = version_number(version.text());
  if (number < kFirstVersion || number >= kFirstLong) return fail(Code::bad_magic, in.at() - 4, "no version of gQUIC with public flags");
  h.version = version.text();
  constexpr std::uint8_t kNumberLengths[] = {1, 2, 4, 6};
  KLIK_CHECK(in.take(kNumberLengths[(flags >> 4) & 3u]));
  KLIK_CHECK(in.take(kHash));
  if (number < 34) KLIK_CHECK(in.u8());   // private flags
  h.frames_at = in.at();
  return h;
}

}  // namespace

Result<Header> parse_versioned_header(Bytes datagram) {
  if (datagram.empty()) return fail(Code::truncated, 0, "an empty gQUIC packet");
  return (datagram[0] & 0x80) != 0 ? parse_long(datagram) : parse_public(datagram);
}

Bytes HandshakeMessage::find(std::string_view four) const {
  const auto found = std::ranges::find(entries, four, &Entry::tag);
  return found == entries.end() ? Bytes() : found->value;
}

Result<HandshakeMessage> parse_message(Bytes bytes) {
  struct Head {
    std::uint8_t tag[4];
    U16le entries, padding;
  };
  struct TableEntry {
    U32le tag, end;   // end: of its value, from the start of the values
  };
  static_assert(sizeof(Head) == 8 && sizeof(TableEntry) == 8);
  KLIK_TRY(const Head* head, bytes.view<Head>(0));
  if (head->padding != 0 || head->entries == 0 || head->entries > kMostEntries) return fail(Code::bad_value, 4, "a gQUIC handshake message with a count that is not allowed");
  KLIK_TRY(const auto table, bytes.array<TableEntry>(sizeof(Head), head->entries));
  KLIK_TRY(const Bytes values, bytes.from(sizeof(Head) + table.size_bytes()));
  HandshakeMessage out;
  out.tag = Bytes(head->tag, 4).text();
  std::uint32_t start = 0, before = 0;
  for (const TableEntry& e : table) {
    const std::string_view tag = Bytes(e.tag.raw, 4).text();
    // Tags ascend as little-endian numbers.
    if (!out.entries.empty() && before >= e.tag) return fail(Code::bad_value, 8, "tags of a gQUIC handshake message that do not ascend");
    if (e.end < start) return fail(Code::bad_value, 8, "values of a gQUIC handshake message that do not ascend");
    const auto value = values.slice(start, e.end - start);
    out.entries.push_back({tag, value ? *value : Bytes()});
    start = e.end, before = e.tag;
  }
  return out;
}

Result<HandshakeMessage> find_client_hello(Bytes frames) {
  std::size_t from = 0;
  for (unsigned hit = 0; hit < kMostHits; ++hit) {
    const std::size_t at = frames.text().find("CHLO", from);
    if (at == std::string_view::npos) break;
    KLIK_TRY(const Bytes rest, frames.from(at));
    if (auto message = parse_message(rest)) return message;
    from = at + 1;
  }
  return fail(Code::absent, 0, "no client hello in a gQUIC packet");
}

}  // namespace klik::gquic
