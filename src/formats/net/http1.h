// The text of HTTP/1: start lines, header fields, chunk sizes, and how long a body is. Lenient where programs are: bare line feeds,
// empty lines before a message, folded fields. Nothing here keeps state.
// Source: RFC 9112 (HTTP/1.1), RFC 9110 (fields), RFC 1945 (HTTP/1.0).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::http1 {

// The start of a message, looked at before it is whole.
enum class Looks : std::uint8_t { no, more, request, response };

// By the first line. A known method and the start of a path are enough for a request; any other method needs its whole line.
Looks looks_like(Bytes start);

// The end of the header section, its empty line included, when it is in `bytes`. `from`: where to go on looking, 0 at first; set to
// where the next look starts, so that each byte is looked at once.
std::optional<std::uint64_t> head_end(Bytes bytes, std::uint64_t& from);
// The end of the first line, its line feed included.
std::optional<std::uint64_t> line_end(Bytes bytes, std::uint64_t& from);

struct Field {
  std::string_view name, value;   // without white space around; a folded value holds its line breaks
};

struct Head {
  bool request = true;
  std::string_view method, target;   // of a request
  std::string_view reason;           // of a response: words behind the status
  std::uint32_t status = 0;          // of a response: 0 … 999
  std::uint32_t minor = 1;           // of the version: HTTP/1.minor
  std::vector<Field> fields;
  std::vector<std::string_view> odd_lines;   // among the fields, that are none

  // The values of a field, in order, by its name in lower case.
  std::vector<std::string_view> values(std::string_view lower_name) const;
  // Whether a comma-separated field lists this token, given in lower case.
  bool lists(std::string_view lower_name, std::string_view lower_token) const;
};

inline constexpr std::size_t kMostFields = 1'000;

// `head`: as head_end() found it. Views point into it. Errors: bad_magic when the first line is neither kind, over_budget for more
// than kMostFields fields.
Result<Head> read_head(Bytes head);

// The fields of a trailer section: lines up to an empty one. Views point into it. Never fails; lines that are no fields are put into `odd`.
std::vector<Field> read_fields(Bytes lines, std::vector<std::string_view>& odd);

struct BodyLength {
  enum class Kind : std::uint8_t { none, length, chunked, until_close } kind = Kind::none;
  std::uint64_t length = 0;
  bool conflict = false;   // the fields contradict each other; this is the reading of RFC 9112 §6.3
};

// RFC 9112 §6.3. For responses: to_method is the method that it answers; "" when that is not known.
BodyLength body_length(const Head& head, std::string_view to_method);

// The size in "1a;name=value\r\n". Errors: bad_value when it starts with no hexadecimal digit or does not fit in 63 bits.
Result<std::uint64_t> chunk_size(Bytes line);

}  // namespace klik::net::http1
