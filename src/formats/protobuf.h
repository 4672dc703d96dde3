// Protocol buffers without a schema: fields with the place they stand at. Update metadata, APEX manifests
// and telemetry are read with it; a generated parser could not say where a value stands.
// Source: protobuf.dev, "Encoding".
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace klik::protobuf {

enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct Field {
  std::uint32_t number;
  Wire wire;
  std::uint64_t value;    // of varint, fixed64 and fixed32
  Bytes bytes;            // of a length-delimited field: text, nested message or packed list
  std::uint64_t at;       // of the value (not the key) in the message
};

// Walks one message. The message must outlive the reader.
class Reader {
 public:
  explicit Reader(Bytes message) : message_(message) {}
  bool at_end() const { return at_ >= message_.size(); }
  // Errors: truncated, bad_value (field 0, varint over 10 bytes), unsupported (groups).
  Result<Field> next();
  std::uint64_t position() const { return at_; }

 private:
  Result<std::uint64_t> varint();

  Bytes message_;
  std::uint64_t at_ = 0;
};

// A message that starts at `base` of an outer one: places of fields and of errors are told from the outer one's start.
class Message {
 public:
  Message(Bytes message, std::uint64_t base) : reader_(message), base_(base) {}
  bool at_end() const { return reader_.at_end(); }
  // Errors: those of Reader.
  Result<Field> next();

 private:
  Reader reader_;
  std::uint64_t base_;
};

// Calls visit(field) for each field of such a message, until it gives an error.
template <class Visit>
Result<void> each(Bytes message, std::uint64_t base, Visit visit) {
  for (Message m(message, base); !m.at_end();) {   // next() takes at least one byte or fails
    KLIK_TRY(const Field field, m.next());
    KLIK_CHECK(visit(field));
  }
  return {};
}

// What a field of a known type holds. Errors: bad_value (its wire type is another; a phone's parser would put the field
// aside, but the formats read here have no such fields).
Result<std::uint64_t> number(const Field& field);
Result<Bytes> bytes(const Field& field);

}  // namespace klik::protobuf
