// Protocol buffers without their schema: numbers of fields stand for names. Source: protobuf.dev, "Encoding".
#include <algorithm>
#include <bit>

#include "base/text.h"
#include "formats/protobuf.h"
#include "traffic/compressed.h"
#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::uint32_t kDeepest = 12;

bool is_text(Bytes bytes) {
  return std::ranges::none_of(bytes.text(), [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; }) && text::is_clean_utf8(bytes.text());
}

// Whether the bytes are a message as a whole: two fields or more, or one that holds a text or such a message.
bool is_message(Bytes bytes) {
  for (std::uint32_t depth = 0; depth < kDeepest; ++depth) {
    std::size_t fields = 0;
    protobuf::Field last{};
    for (protobuf::Reader reader(bytes); !reader.at_end(); ++fields) {
      const auto field = reader.next();
      if (!field || field->number > 0x1fff'ffff) return false;
      last = *field;
    }
    if (fields != 1) return fields >= 2;
    if (last.wire != protobuf::Wire::bytes || last.bytes.size() < 2) return false;
    if (is_text(last.bytes)) return last.bytes.size() >= 4;
    bytes = last.bytes;
  }
  return false;
}

// By a mark that no message begins with but by chance. 78 is the one first byte of zlib in use; of the others 08 begins many messages.
bool is_marked(Bytes bytes) {
  if (bytes.starts_with("bplist0")) return true;
  const std::string_view mark = compression_of(bytes);
  return !mark.empty() && (mark != "zlib" || bytes[0] == 0x78);
}

}  // namespace

Result<Outline> read_protobuf(Bytes bytes, std::uint32_t shortest) {
  if (bytes.size() < 4 || !is_message(bytes)) return fail(Code::bad_magic, 0, "not a message as a whole");
  Outline out;
  out.shortest = shortest;
  out.format = "protobuf";
  out.dotted_numbers = true;
  struct Open {
    protobuf::Message message;
    std::uint32_t container;
  };
  std::vector<Open> stack{{protobuf::Message(bytes, 0), 0}};
  while (!stack.empty()) {
    if (stack.back().message.at_end()) {
      stack.pop_back();
      continue;
    }
    KLIK_TRY(const protobuf::Field field, stack.back().message.next());
    const PartName name{0, 0, field.number};
    const std::uint32_t container = stack.back().container;
    bool more = true;
    switch (field.wire) {
      case protobuf::Wire::varint: more = out.add({field.at, static_cast<std::uint64_t>(std::bit_width(field.value | 1) + 6) / 7, container, name, LeafKind::integer, field.value}); break;
      case protobuf::Wire::fixed64: more = out.add({field.at, 8, container, name, LeafKind::real, field.value}); break;
      case protobuf::Wire::fixed32: more = out.add({field.at, 4, container, name, LeafKind::real, std::bit_cast<std::uint64_t>(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(field.value))))}); break;
      case protobuf::Wire::bytes:
        if (field.bytes.size() >= 4 && stack.size() < kDeepest && !is_text(field.bytes) && !is_marked(field.bytes) && is_message(field.bytes)) stack.push_back({protobuf::Message(field.bytes, field.at), out.open(container, name)});
        else if (!field.bytes.empty()) more = out.add({field.at, field.bytes.size(), container, name, is_text(field.bytes) ? LeafKind::text : LeafKind::bytes});
        break;
    }
    if (!more) break;
  }
  return out;
}

// As writeDelimitedTo() of Google's libraries writes them into one file or body.
Result<Outline> read_delimited(Bytes bytes, std::uint32_t shortest) {
  Outline out;
  out.shortest = shortest;
  out.format = "delimited";
  std::uint64_t at = 0;
  for (std::uint32_t number = 0; at < bytes.size(); ++number) {
    std::uint64_t length = 0;
    for (unsigned shift = 0;; shift += 7, ++at) {
      if (at >= bytes.size() || shift > 28) return fail(Code::bad_magic, at, "no length of a message");
      length |= std::uint64_t{bytes[at] & 0x7fu} << shift;
      if (bytes[at] < 0x80) break;
    }
    ++at;
    KLIK_TRY(const Bytes message, bytes.slice(at, length));
    if (message.empty() || !is_message(message)) return fail(Code::bad_magic, at, "not a message as a whole");
    if (!out.add({at, length, 0, {0, 0, number}, LeafKind::bytes})) break;
    at += length;
  }
  if (out.leaves.size() < 2) return fail(Code::bad_magic, 0, "not several messages");
  return out;
}

}  // namespace klik::traffic
