// CBOR. Source: RFC 8949 §3.
#include <algorithm>
#include <bit>
#include <cmath>

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kDeepest = 128;
constexpr std::uint64_t kIndefinite = UINT64_MAX;

struct Head {
  unsigned major;
  std::uint64_t argument;        // kIndefinite: ends with a break
  std::uint64_t size;
  unsigned info;
};

Result<Head> head_at(Bytes bytes, std::uint64_t at) {
  KLIK_TRY(const std::uint8_t b, bytes.get<std::uint8_t>(at));
  Head head{static_cast<unsigned>(b >> 5), b & 31u, 1, b & 31u};
  if (head.info < 24) return head;
  if (head.info == 31) {
    if (head.major < 2 || head.major == 6) return fail(Code::bad_value, at, "an item without an end");
    head.argument = kIndefinite;
    return head;
  }
  switch (head.info) {
    case 24: {
      KLIK_TRY(head.argument, bytes.get<std::uint8_t>(at + 1));
      break;
    }
    case 25: {
      KLIK_TRY(head.argument, bytes.get<U16be>(at + 1));
      break;
    }
    case 26: {
      KLIK_TRY(head.argument, bytes.get<U32be>(at + 1));
      break;
    }
    case 27: {
      KLIK_TRY(head.argument, bytes.get<U64be>(at + 1));
      break;
    }
    default: return fail(Code::bad_value, at, "a length that is reserved");
  }
  head.size = 1 + (std::uint64_t{1} << (head.info - 24));
  return head;
}

double half(std::uint64_t bits) {   // RFC 8949, appendix D
  const int exponent = static_cast<int>(bits >> 10 & 31), mantissa = static_cast<int>(bits & 1023);
  const double size = exponent == 0 ? std::ldexp(mantissa, -24) : exponent != 31 ? std::ldexp(mantissa + 1024, exponent - 25) : HUGE_VAL;
  return bits & 0x8000 ? -size : size;
}

}  // namespace

Result<Outline> read_cbor(Bytes bytes, std::uint32_t shortest) {
  struct Frame {
    std::uint64_t left;          // kIndefinite: until a break
    std::uint32_t container, number;
    bool map, chunks;            // chunks: of a text or byte string of unknown length
    bool at_key = true;
    PartName name{};
  };
  Outline out;
  out.shortest = shortest;
  out.format = "cbor";
  std::vector<Frame> stack;
  std::uint64_t at = 0;
  bool begun = false;
  while (true) {   // each turn takes a byte at least
    while (!stack.empty() && stack.back().left == 0) stack.pop_back();
    if (stack.empty() && begun) break;
    KLIK_TRY(const Head head, head_at(bytes, at));
    if (head.major == 6) {   // a tag says how to take what follows
      at += head.size;
      continue;
    }
    if (head.major == 7 && head.info == 31) {
      if (stack.empty() || stack.back().left != kIndefinite || (stack.back().map && !stack.back().at_key)) return fail(Code::bad_value, at, "a break where none belongs");
      stack.pop_back();
      ++at;
      continue;
    }
    const bool nested = head.major == 4 || head.major == 5, string = head.major == 2 || head.major == 3;
    if (!begun && (!nested || head.argument == 0)) return fail(Code::bad_magic, 0, "not a map or an array");
    const bool first = !begun;
    begun = true;
    const std::uint64_t content = at + head.size, length = string && head.argument != kIndefinite ? head.argument : 0;
    if (content > bytes.size() || length > bytes.size() - content) return fail(Code::truncated, at, "an item past the end");
    std::uint32_t container = 0;
    PartName name{0, 0, UINT32_MAX};
    if (!stack.empty()) {
      Frame& top = stack.back();
      container = top.container;
      if (top.left != kIndefinite) --top.left;
      if (top.chunks) {
        if (!string || head.argument == kIndefinite) return fail(Code::bad_value, at, "a string whose parts are none");
        name = top.name;
      } else if (top.map && top.at_key) {
        if (nested || head.argument == kIndefinite) return fail(Code::bad_value, at, "a key that is no text or number");
        top.name = string ? PartName{content, static_cast<std::uint32_t>(std::min<std::uint64_t>(length, 256)), 0} : PartName{0, 0, static_cast<std::uint32_t>(head.argument)};
        top.at_key = false;
        at = content + length;
        continue;
      } else {
        name = top.map ? top.name : PartName{0, 0, top.number++};
        top.at_key = true;
      }
    }
    at = content + length;
    if (nested || (string && head.argument == kIndefinite)) {
      std::uint64_t items = head.argument;
      if (items != kIndefinite) {
        if (items > (bytes.size() - at) / (head.major == 5 ? 2 : 1)) return fail(Code::truncated, at, "more items than bytes");
        if (head.major == 5) items *= 2;
      }
      if (stack.size() >= kDeepest) return fail(Code::over_budget, at, "nested too deeply");
      Frame frame{items, string || first ? container : out.open(container, name), 0, head.major == 5, string};
      if (string) frame.name = name;
      stack.push_back(frame);
    } else if (string) {
      if (length > 0) out.add({content, length, container, name, head.major == 3 ? LeafKind::text : LeafKind::bytes});
    } else if (head.major <= 1) {
      out.add({content - (head.size - 1), head.size - 1, container, name, LeafKind::integer, head.major == 0 ? head.argument : ~head.argument});
    } else if (head.info >= 25) {
      const double value = head.info == 25 ? half(head.argument) : head.info == 26 ? std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)) : std::bit_cast<double>(head.argument);
      out.add({content - (head.size - 1), head.size - 1, container, name, LeafKind::real, std::bit_cast<std::uint64_t>(value)});
    }
  }
  if (at != bytes.size()) return fail(Code::bad_magic, at, "bytes after the end");
  return out;
}

}  // namespace klik::traffic
