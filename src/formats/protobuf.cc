#include "formats/protobuf.h"

namespace klik::protobuf {

Result<std::uint64_t> Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    KLIK_TRY(const std::uint8_t byte, message_.get<std::uint8_t>(at_));
    ++at_;
    if (shift == 63 && byte > 1) return fail(Code::bad_value, at_ - 1, "varint over 64 bits");
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if ((byte & 0x80u) == 0) return value;
  }
  return fail(Code::bad_value, at_, "varint over ten bytes");
}

Result<Field> Reader::next() {
  const std::uint64_t start = at_;
  KLIK_TRY(const std::uint64_t key, varint());
  const std::uint64_t number = key >> 3;
  if (number == 0 || number > 0x1FFFFFFF) return fail(Code::bad_value, start, "field number out of range");
  Field field{static_cast<std::uint32_t>(number), static_cast<Wire>(key & 7), 0, {}, at_};
  switch (field.wire) {
    case Wire::varint: {
      KLIK_TRY(field.value, varint());
      return field;
    }
    case Wire::fixed64: {
      KLIK_TRY(field.value, message_.get<U64le>(at_));
      at_ += 8;
      return field;
    }
    case Wire::fixed32: {
      KLIK_TRY(field.value, message_.get<U32le>(at_));
      at_ += 4;
      return field;
    }
    case Wire::bytes: {
      KLIK_TRY(const std::uint64_t length, varint());
      field.at = at_;
      KLIK_TRY(field.bytes, message_.slice(at_, length));
      at_ += length;
      return field;
    }
  }
  return fail(Code::unsupported, start, "protobuf group or unknown wire type");
}

Result<Field> Message::next() {
  auto field = reader_.next();
  if (!field) {
    Error error = field.error();
    error.at += base_;
    return fail(error);
  }
  field->at += base_;
  return field;
}

Result<std::uint64_t> number(const Field& field) {
  if (field.wire != Wire::varint) return fail(Code::bad_value, field.at, "a number of another wire type");
  return field.value;
}

Result<Bytes> bytes(const Field& field) {
  if (field.wire != Wire::bytes) return fail(Code::bad_value, field.at, "bytes of another wire type");
  return field.bytes;
}

}  // namespace klik::protobuf
