// What a structured value holds: its values with their places and names, without copying any. One for JSON, XML, forms, multipart,
// protocol buffers, MessagePack, CBOR, binary property lists and zip archives, so that a find at an offset gets the name of the value it
// lies in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

// A name stands in the bytes themselves, or is a number: of an element in a list, of a field.
struct PartName {
  std::uint64_t at = 0;
  std::uint32_t length = 0;    // 0: the number counts
  std::uint32_t number = 0;
};

enum class LeafKind : std::uint8_t {
  text,        // as it stands
  json_text,   // with JSON's escapes
  xml_text,    // with XML's references
  form_text,   // with percent escapes and + for a space
  base64_text, hex_text,   // begin something that is worth opening
  path,        // of a URL, before its query
  utf16be_text,   // as Apple's property lists have it
  bytes,
  integer,     // binary, in `value` as two's complement
  real,        // binary, the bits of a double in `value`
};

struct Leaf {
  std::uint64_t at, length;
  std::uint32_t container;     // index
  PartName name;
  LeafKind kind;
  std::uint64_t value = 0;     // of numbers; of a member of a zip archive its method, with kSealed when it is encrypted
  std::uint64_t type_at = 0;   // of multipart: its declared Content-Type; length 0: none
  std::uint32_t type_length = 0;
  std::uint32_t transfer_length = 0;   // of multipart: its Content-Transfer-Encoding
  std::uint64_t transfer_at = 0;
};

inline constexpr std::uint64_t kSealed = 1 << 16;

struct OutlineContainer {
  std::uint32_t parent;        // index; the root's is its own
  PartName name;
};

// No form of an identifier is shorter, so readers pass shorter texts over unless asked for them.
inline constexpr std::uint32_t kShortestValue = 5;

struct Outline {
  std::string_view format;     // "json", "ndjson", "xml", "form", "query", "cookie", "multipart", "protobuf", "msgpack", "cbor",
                               // "bplist", "zip", "delimited", "pieces"
  bool dotted_numbers = false;   // numbers are names of fields (".4"), not of elements ("[4]")
  bool cut = false;            // more values than kMostLeaves: the rest is not listed
  bool broken = false;         // the bytes end early; what is there was listed
  std::uint32_t shortest = kShortestValue;   // bytes of a value that is listed
  std::vector<OutlineContainer> containers{{0, {}}};
  std::vector<Leaf> leaves;    // in order of place

  std::uint32_t open(std::uint32_t parent, PartName name);
  // False when there are too many. Values shorter than `shortest` are passed over, numbers in binary are not.
  bool add(Leaf leaf);
  // For formats whose values need not follow one another: puts the leaves in order. Of two that share bytes the later is left out, so
  // that nobody is made to read the same bytes over and over; it counts as cut.
  void settle();
  // The leaf in which all of the range lies.
  std::optional<std::uint32_t> leaf_at(std::uint64_t at, std::uint64_t length) const;
  // "json.data[0].id". Names that may themselves be a person's data are masked as "*".
  std::string path(std::uint32_t leaf, Bytes of) const;
};

inline constexpr std::size_t kMostLeaves = 1 << 17;
inline constexpr std::uint32_t kMostContainers = 1 << 17;

// A name as it may stand in a path: letters, digits and _ . - $ [ ], up to 64, without long numbers; else "*".
std::string path_name(std::string_view raw);

// Each reads all of the bytes. Errors: bad_magic (not of this format), bad_value, truncated. None recurses on the input.
Result<Outline> read_json(Bytes bytes, std::uint32_t shortest = kShortestValue);          // also several values one after another (NDJSON) and after )]}'
Result<Outline> read_xml(Bytes bytes, std::uint32_t shortest = kShortestValue);           // also HTML, as far as it nests
Result<Outline> read_form(Bytes bytes, std::uint32_t shortest = kShortestValue);          // a=1&b=2
Result<Outline> read_query(Bytes bytes, std::uint32_t shortest = kShortestValue);         // what follows the first ? of a URL or path
Result<Outline> read_cookie(Bytes bytes, std::uint32_t shortest = kShortestValue);        // a=1; b=2
Result<Outline> read_multipart(Bytes bytes, std::string_view content_type, std::uint32_t shortest = kShortestValue);   // "" type: the first line is the boundary
Result<Outline> read_protobuf(Bytes bytes, std::uint32_t shortest = kShortestValue);
Result<Outline> read_delimited(Bytes bytes, std::uint32_t shortest = kShortestValue);     // two such messages or more, each behind its length as a varint
Result<Outline> read_msgpack(Bytes bytes, std::uint32_t shortest = kShortestValue);       // a map or an array that is all of the bytes
Result<Outline> read_cbor(Bytes bytes, std::uint32_t shortest = kShortestValue);          // the same
Result<Outline> read_bplist(Bytes bytes, std::uint32_t shortest = kShortestValue);        // Apple's binary property list; dates are left out
// Members (as packed) and names, from the local headers and from the directory; what is cut off or in one of the two only is listed too.
Result<Outline> read_zip(Bytes bytes, std::uint32_t shortest = kShortestValue);
// What lies in bytes of no format: JSON, base64 and hex that hold more, compressed bytes. By marks; what is all of the bytes is none.
inline constexpr std::size_t kMostPieces = 256;
Result<Outline> read_pieces(Bytes bytes, std::uint32_t shortest = kShortestValue, std::size_t most = kMostPieces);

}  // namespace klik::traffic
