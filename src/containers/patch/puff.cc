#include "containers/patch/puff.h"

#include <algorithm>

#include "containers/patch/huffman.h"

namespace klik::patch {
namespace {

enum BlockType : std::uint32_t { stored = 0, fixed = 1, dynamic = 2 };

// In a puff a block is: length of the description less one (u16 BE), the description, runs of literals and matches, an end mark.
// Description: final bit, type, bits skipped before a stored block; for dynamic blocks the three counts, the lengths of the
// code of codes (four bits each), then one byte per symbol of that code with its extra bits.
constexpr std::uint8_t kMatch = 0x80, kLongRun = 0x7F, kLongLength = 0x7F, kEndMark[] = {0xFF, 0x81};
constexpr std::size_t kLongestRun = 65536 + 127;
// A repeat symbol with its extra bits is one number: 16…19 repeat the last, 20…27 and 28…155 are zeros.
constexpr unsigned kRepeatLast = 16, kZeros = 20, kManyZeros = 28, kHighest = 155;

struct Repeat {
  unsigned symbol, bits, extra, times;
};
Repeat repeat_of(unsigned number) {
  if (number < kZeros) return {16, 2, number - kRepeatLast, 3 + number - kRepeatLast};
  if (number < kManyZeros) return {17, 3, number - kZeros, 3 + number - kZeros};
  return {18, 7, number - kManyZeros, 11 + number - kManyZeros};
}

// The lengths of both codes of a dynamic block follow each other, and a repeat may cross from one into the other.
class Lengths {
 public:
  Lengths(std::size_t literals, std::size_t distances) : literals_(literals), all_(literals + distances) {}
  bool full() const { return lengths_.size() == all_; }
  Result<void> add(unsigned number, std::uint64_t at) {
    if (number < kRepeatLast) {
      lengths_.push_back(static_cast<std::uint8_t>(number));
      return {};
    }
    const Repeat r = repeat_of(number);
    if (number < kZeros && lengths_.empty()) return fail(Code::bad_value, at, "a code length that repeats nothing");
    if (r.times > all_ - lengths_.size()) return fail(Code::bad_value, at, "more code lengths than the block names");
    lengths_.insert(lengths_.end(), r.times, number < kZeros ? lengths_.back() : std::uint8_t{0});
    return {};
  }
  Result<BlockCodes> codes() const {
    const std::span<const std::uint8_t> all(lengths_);
    KLIK_TRY(PrefixCode literals, PrefixCode::make(all.first(literals_)));
    KLIK_TRY(PrefixCode distances, PrefixCode::make(all.subspan(literals_)));
    return BlockCodes{std::move(literals), std::move(distances)};
  }

 private:
  std::vector<std::uint8_t> lengths_;
  std::size_t literals_, all_;
};

Result<void> check_counts(std::size_t literals, std::size_t distances, std::size_t code_lengths, std::uint64_t at) {
  if (literals > kLengthSymbols || distances > kDistanceSymbols || code_lengths > kLengthOrder.size()) return fail(Code::bad_value, at, "a dynamic block with too many codes");
  return {};
}

class Puffer {
 public:
  Puffer(Bytes bytes, std::uint64_t first, std::uint64_t most, std::uint64_t bits) : in_(bytes, first, bits), most_(most) {}

  Result<std::vector<std::uint8_t>> run() {
    while (in_.left() >= 8) KLIK_CHECK(block());   // a block has at least ten bits
    return std::move(out_);
  }

 private:
  Result<void> block() {
    KLIK_TRY(const std::uint32_t final, in_.take(1));
    KLIK_TRY(const std::uint32_t type, in_.take(2));
    const auto head = static_cast<std::uint8_t>(final << 7 | type << 5);
    switch (type) {
      case stored: return stored_block(head);
      case fixed:
        describe({head});
        return symbols(fixed_codes());
      case dynamic: {
        KLIK_TRY(const BlockCodes codes, dynamic_codes(head));
        return symbols(codes);
      }
      default: return fail(Code::bad_value, in_.position() / 8, "a deflate block of an unknown type");
    }
  }

  Result<void> stored_block(std::uint8_t head) {
    const unsigned aside = static_cast<unsigned>((8 - in_.position() % 8) % 8);
    KLIK_TRY(const std::uint32_t skipped, in_.take(aside));
    KLIK_TRY(const std::uint32_t length, in_.take(16));
    KLIK_TRY(const std::uint32_t check, in_.take(16));
    if ((length ^ check) != 0xFFFF) return fail(Code::bad_value, in_.position() / 8, "a stored block whose length does not match its check");
    describe({static_cast<std::uint8_t>(head | skipped)});
    KLIK_TRY(const Bytes raw, in_.take_bytes(length));
    KLIK_CHECK(room(length + 8));
    run_.insert(run_.end(), raw.begin(), raw.end());
    flush_run();
    out_.insert(out_.end(), std::begin(kEndMark), std::end(kEndMark));
    return {};
  }

  Result<BlockCodes> dynamic_codes(std::uint8_t head) {
    std::vector<std::uint8_t> description{head};
    KLIK_TRY(const std::uint32_t literals, in_.take(5));
    KLIK_TRY(const std::uint32_t distances, in_.take(5));
    KLIK_TRY(const std::uint32_t code_lengths, in_.take(4));
    for (const std::uint32_t n : {literals, distances, code_lengths}) description.push_back(static_cast<std::uint8_t>(n));
    KLIK_CHECK(check_counts(literals + 257, distances + 1, code_lengths + 4, in_.position() / 8));
    std::array<std::uint8_t, kLengthOrder.size()> of_codes{};
    for (std::size_t i = 0; i < code_lengths + 4; ++i) {
      KLIK_TRY(const std::uint32_t length, in_.take(3));
      of_codes[kLengthOrder[i]] = static_cast<std::uint8_t>(length);
      if (i % 2 == 0) description.push_back(static_cast<std::uint8_t>(length << 4));
      else description.back() = static_cast<std::uint8_t>(description.back() | length);
    }
    KLIK_TRY(const PrefixCode code, PrefixCode::make(of_codes));
    Lengths lengths(literals + 257, distances + 1);
    while (!lengths.full()) {
      KLIK_TRY(unsigned number, code.read(in_));
      if (number >= 16) {
        const unsigned base = number == 16 ? kRepeatLast : number == 17 ? kZeros : kManyZeros;
        KLIK_TRY(const std::uint32_t extra, in_.take(repeat_of(base).bits));
        number = base + extra;
      }
      description.push_back(static_cast<std::uint8_t>(number));
      KLIK_CHECK(lengths.add(number, in_.position() / 8));
    }
    describe(description);
    return lengths.codes();
  }

  Result<void> symbols(const BlockCodes& codes) {
    for (;;) {   // every symbol takes at least one bit
      KLIK_TRY(const unsigned symbol, codes.literals.read(in_));
      if (symbol < kEndOfBlock) {
        run_.push_back(static_cast<std::uint8_t>(symbol));
        if (run_.size() == kLongestRun) flush_run();
        continue;
      }
      flush_run();
      KLIK_CHECK(room(kLongestRun + 8));
      if (symbol == kEndOfBlock) {
        out_.insert(out_.end(), std::begin(kEndMark), std::end(kEndMark));
        return {};
      }
      if (symbol >= kLengthSymbols) return fail(Code::bad_value, in_.position() / 8, "a match of an unknown length");
      const RangeCode l = kLengths[symbol - 257];
      KLIK_TRY(const std::uint32_t more, in_.take(l.extra_bits));
      KLIK_TRY(const unsigned distance_symbol, codes.distances.read(in_));
      const RangeCode d = kDistances[distance_symbol];
      KLIK_TRY(const std::uint32_t farther, in_.take(d.extra_bits));
      match(l.base + more, d.base + farther);
    }
  }

  void match(std::uint32_t length, std::uint32_t distance) {
    const std::uint32_t less = length - 3;
    if (less < kLongLength) {
      out_.push_back(static_cast<std::uint8_t>(kMatch | less));
    } else {
      out_.push_back(kMatch | kLongLength);
      out_.push_back(static_cast<std::uint8_t>(less - kLongLength));
    }
    put_be(distance - 1);
  }

  void describe(std::span<const std::uint8_t> description) {
    put_be(static_cast<std::uint32_t>(description.size() - 1));
    out_.insert(out_.end(), description.begin(), description.end());
  }
  void describe(std::initializer_list<std::uint8_t> description) { describe(std::span(description.begin(), description.size())); }

  void flush_run() {
    if (run_.empty()) return;
    const std::size_t less = run_.size() - 1;
    if (less < kLongRun) {
      out_.push_back(static_cast<std::uint8_t>(less));
    } else {
      out_.push_back(kLongRun);
      put_be(static_cast<std::uint32_t>(less - kLongRun));
    }
    out_.insert(out_.end(), run_.begin(), run_.end());
    run_.clear();
  }

  void put_be(std::uint32_t number) {
    out_.push_back(static_cast<std::uint8_t>(number >> 8));
    out_.push_back(static_cast<std::uint8_t>(number));
  }

  // The bound is loose by one run: it guards memory, the exact size is the patch's to check.
  Result<void> room(std::uint64_t more) const {
    if (out_.size() > most_ + more) return fail(Code::over_budget, in_.position() / 8, "the deflate stream makes more than the budget for one piece allows");
    return {};
  }

  BitReader in_;
  std::uint64_t most_;
  std::vector<std::uint8_t> out_, run_;   // run_: literals not yet written, whose number is not known
};

class Huffer {
 public:
  Huffer(Bytes puffed, BitWriter& out) : in_(puffed), out_(out) {}

  Result<void> run() {
    while (at_ < in_.size()) KLIK_CHECK(block());   // a block has at least three bytes
    return {};
  }

 private:
  Result<void> block() {
    KLIK_TRY(const std::uint32_t less, number_be());
    KLIK_TRY(const Bytes description, take(less + 1));
    const std::uint8_t head = description[0];
    const std::uint32_t type = head >> 5 & 3;
    out_.put(head >> 7, 1);
    out_.put(type, 2);
    switch (type) {
      case stored: return stored_block(head & 0x1F);
      case fixed: return symbols(fixed_codes());
      case dynamic: {
        KLIK_TRY(const BlockCodes codes, dynamic_codes(description));
        return symbols(codes);
      }
      default: return fail(Code::bad_value, at_, "a puffed block of an unknown type");
    }
  }

  Result<void> stored_block(std::uint32_t skipped) {
    out_.put(skipped, static_cast<unsigned>((8 - out_.position() % 8) % 8));
    KLIK_TRY(const std::uint8_t mark, take_byte());
    Bytes raw;
    if (mark == kEndMark[0]) {
      KLIK_CHECK(end_mark());
    } else {
      if (mark & kMatch) return fail(Code::bad_value, at_, "a match in a stored block");
      KLIK_TRY(raw, literals(mark));
      KLIK_TRY(const std::uint8_t next, take_byte());
      if (next != kEndMark[0]) return fail(Code::bad_value, at_, "a stored block that does not end");
      KLIK_CHECK(end_mark());
    }
    if (raw.size() > 0xFFFF) return fail(Code::bad_value, at_, "a stored block that is too long");
    out_.put(static_cast<std::uint32_t>(raw.size()), 16);
    out_.put(~static_cast<std::uint32_t>(raw.size()), 16);
    out_.put_bytes(raw);
    return {};
  }

  Result<BlockCodes> dynamic_codes(Bytes description) {
    const auto at = [&](std::uint64_t i) -> Result<std::uint8_t> {
      if (i >= description.size()) return fail(Code::truncated, at_, "the description of a puffed block is cut short");
      return description[i];
    };
    KLIK_TRY(const std::uint8_t literals, at(1));
    KLIK_TRY(const std::uint8_t distances, at(2));
    KLIK_TRY(const std::uint8_t code_lengths, at(3));
    KLIK_CHECK(check_counts(literals + 257u, distances + 1u, code_lengths + 4u, at_));
    out_.put(literals, 5);
    out_.put(distances, 5);
    out_.put(code_lengths, 4);
    std::array<std::uint8_t, kLengthOrder.size()> of_codes{};
    for (std::size_t i = 0; i < code_lengths + 4u; ++i) {
      KLIK_TRY(const std::uint8_t pair, at(4 + i / 2));
      const std::uint8_t length = i % 2 == 0 ? pair >> 4 : pair & 0xF;
      if (length > 7) return fail(Code::bad_value, at_, "a code length of a puffed block is too long");
      of_codes[kLengthOrder[i]] = length;
      out_.put(length, 3);
    }
    KLIK_TRY(const PrefixCode code, PrefixCode::make(of_codes));
    Lengths lengths(literals + 257u, distances + 1u);
    std::uint64_t next = 4 + (code_lengths + 5u) / 2;
    while (!lengths.full()) {
      KLIK_TRY(const std::uint8_t number, at(next++));
      if (number > kHighest) return fail(Code::bad_value, at_, "a repeat of code lengths that does not exist");
      if (number < kRepeatLast) {
        KLIK_CHECK(code.write(number, out_));
      } else {
        const Repeat r = repeat_of(number);
        KLIK_CHECK(code.write(r.symbol, out_));
        out_.put(r.extra, r.bits);
      }
      KLIK_CHECK(lengths.add(number, at_));
    }
    if (next != description.size()) return fail(Code::bad_value, at_, "the description of a puffed block is too long");
    return lengths.codes();
  }

  Result<void> symbols(const BlockCodes& codes) {
    for (;;) {   // every turn takes at least one byte
      KLIK_TRY(const std::uint8_t mark, take_byte());
      if (!(mark & kMatch)) {
        KLIK_TRY(const Bytes run, literals(mark));
        for (const std::uint8_t literal : run) KLIK_CHECK(codes.literals.write(literal, out_));
        continue;
      }
      std::uint32_t length = 3u + (mark & kLongLength);
      if (length == 3u + kLongLength) {
        KLIK_TRY(const std::uint8_t more, take_byte());
        length += more;
      }
      if (length == 259) return codes.literals.write(kEndOfBlock, out_);
      if (length > 259) return fail(Code::bad_value, at_, "a match that is too long");
      KLIK_TRY(const std::uint32_t distance, number_be());
      if (distance >= 32768) return fail(Code::bad_value, at_, "a match that reaches too far back");
      KLIK_CHECK(ranged(kLengths, length, 257, codes.literals));
      KLIK_CHECK(ranged(kDistances, distance + 1, 0, codes.distances));
    }
  }

  // The last range that does not begin behind `value`.
  template <std::size_t N>
  Result<void> ranged(const std::array<RangeCode, N>& ranges, std::uint32_t value, unsigned first_symbol, const PrefixCode& code) {
    const auto after = std::ranges::upper_bound(ranges, value, {}, &RangeCode::base);
    const auto index = static_cast<std::size_t>(after - ranges.begin()) - 1;   // the first range begins at the least value
    KLIK_CHECK(code.write(first_symbol + static_cast<unsigned>(index), out_));
    out_.put(value - ranges[index].base, ranges[index].extra_bits);
    return {};
  }

  Result<Bytes> literals(std::uint8_t mark) {
    std::uint64_t less = mark;
    if (less == kLongRun) {
      KLIK_TRY(const std::uint32_t more, number_be());
      less += more;
    }
    return take(less + 1);
  }
  Result<void> end_mark() {
    KLIK_TRY(const std::uint8_t second, take_byte());
    if (second != kEndMark[1]) return fail(Code::bad_value, at_, "a puffed block that does not end");
    return {};
  }
  Result<Bytes> take(std::uint64_t count) {
    KLIK_TRY(const Bytes part, in_.slice(at_, count));
    at_ += count;
    return part;
  }
  Result<std::uint8_t> take_byte() {
    KLIK_TRY(const Bytes one, take(1));
    return one[0];
  }
  Result<std::uint32_t> number_be() {
    KLIK_TRY(const Bytes two, take(2));
    return std::uint32_t{two[0]} << 8 | two[1];
  }

  Bytes in_;
  BitWriter& out_;
  std::uint64_t at_ = 0;
};

}  // namespace

Result<std::vector<std::uint8_t>> puff(Bytes bytes, std::uint64_t first, std::uint64_t most, std::uint64_t bits) { return Puffer(bytes, first, most, bits).run(); }

Result<void> huff(Bytes puffed, BitWriter& out) { return Huffer(puffed, out).run(); }

}  // namespace klik::patch
