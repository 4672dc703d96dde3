// What an identifier may look like on the wire: separators, case, encodings, digests, packed numbers; and what must stand around such
// bytes for them to be it and not a chance.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/identifiers.h"

namespace klik::traffic {

// What may not stand directly before and after.
enum class Neighbours : std::uint8_t { any, digits, hex, word, number };   // word: letters and digits; number: a digit, beside a digit of the text

// What may follow the bytes that are searched for.
enum class Tail : std::uint8_t {
  none,
  hex_digest,   // all of `whole`, its start or its end, with nothing beside it (hex_run_search.h)
  raw_digest,   // more of the digest in `whole`, up to one of the lengths that digests are cut to
  decimals,     // more decimals, that do not contradict `whole`, a number of degrees
  imei,         // nothing, or two digits of a software version
  geohash,      // more of `whole`
  utdid,        // what makes of `bytes` the middle of an id of Alibaba's libraries (utdid.h)
  // `bytes` are an encoding of `whole` in base64, base32, hex or UTF-16: bits that share a character with what stands beside are
  // compared too, and `neighbours` are of the decoded bytes.
  base64,
  base32,
  hex,
  utf16le,
  utf16be,
};

// Of forms that hold half of an identifier: the two must stand in one message. none: a form that holds all of it.
enum class Axis : std::uint8_t { none, latitude, longitude, country, network };
inline bool is_first(Axis axis) { return axis == Axis::latitude || axis == Axis::country; }
inline bool is_degrees(Axis axis) { return axis == Axis::latitude || axis == Axis::longitude; }

struct Form {
  std::uint32_t identifier;      // in the list given
  std::string name;              // "plain", "upper.md5.hex", "base64.phase1", "packed_bcd"; of a cut digest the length is added
  std::string bytes;             // that are searched for
  std::string whole;             // for tails; else ""
  Neighbours neighbours = Neighbours::any;
  Tail tail = Tail::none;
  Axis axis = Axis::none;
  unsigned phase = 0;            // of base64 and base32: bytes of the group of three or five that stand before
  bool rare = false;             // of a digest: only its start and all of it count, not its end
  bool any_case = false;         // letters of ASCII count in either case; those of `bytes` are small
  bool in_groups = false;        // digits with signs between them (number_run_search.h)
  bool own_name = false;         // counts only as the value of a name of key_words(), not merely beside one
  bool needs_key = false;        // so short or common that it counts only beside a name like "imei" or "phone"
  bool weak = false;             // counts, and is told as weak
  bool encoding = false;         // of the text in hex, base64 or percent escapes, which may also be undone
};

// In a fixed order: of the identifiers, then from plain to far-fetched. The same bytes are one form of an identifier, the first.
std::vector<Form> forms_of(std::span<const Identifier> identifiers, std::span<const Salt> salts = {});

// Lower-case parts of names beside which a form that needs one counts.
std::span<const std::string_view> key_words(IdentifierKind kind);

}  // namespace klik::traffic
