#include "ledger/fact_record.h"

#include <algorithm>

namespace klik {
namespace {

// Numbers in groups of seven bits, the lowest first. A signed number has its sign in the lowest bit.
void put(std::vector<std::uint8_t>& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<std::uint8_t>(number | 0x80));
  out.push_back(static_cast<std::uint8_t>(number));
}
std::uint64_t folded(std::int64_t number) { return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63); }
std::int64_t unfolded(std::uint64_t number) { return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1)); }

void put(std::vector<std::uint8_t>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

class Cursor {
 public:
  explicit Cursor(std::span<const std::uint8_t> bytes) : left_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t b = left_.front();
      left_ = left_.subspan(1);
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
  }
  std::span<const std::uint8_t> take(std::size_t n) {
    const auto out = left_.first(n);
    left_ = left_.subspan(n);
    return out;
  }
  FactId id() {
    FactId id{};
    std::ranges::copy(take(id.size()), id.begin());
    return id;
  }
  std::span<const std::uint8_t> rest() const { return left_; }

 private:
  std::span<const std::uint8_t> left_;
};

// A value begins with a number: what it is, or the length of its text on top of these.
constexpr std::uint64_t kNull = 0, kInteger = 1, kText = 2;

}  // namespace

void FactRecord::append(std::vector<std::uint8_t>& out, const Fact& fact, const FactId& id, std::span<const std::uint32_t> blobs, std::uint32_t extractor) {
  const std::size_t start = out.size();
  out.resize(start + kHead);
  put(out, Bytes(id));
  put(out, blobs.front());
  put(out, extractor);
  // The length of the values is not known before they are written; four bytes hold it.
  const std::size_t values_at = out.size();
  out.resize(values_at + kHead);
  for (std::size_t i = 0; i < fact.kind->columns.size() && i < fact.values.size(); ++i) {
    const Value& value = fact.values[i];
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      put(out, kInteger);
      put(out, folded(*number));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      put(out, kText + text->size());
      put(out, Bytes::of(*text));
    } else {
      put(out, kNull);
    }
  }
  const auto put_length = [&out](std::size_t at, std::size_t length) {
    for (std::size_t i = 0; i < kHead; ++i) out[at + i] = static_cast<std::uint8_t>(length >> (8 * i));
  };
  put_length(values_at, out.size() - values_at - kHead);
  put(out, fact.origins.size());
  for (std::size_t i = 0; i < fact.origins.size(); ++i) {
    put(out, blobs[i + 1]);
    put(out, fact.origins[i].at);
    put(out, fact.origins[i].length);
  }
  put(out, fact.because.size());
  for (const FactId& because : fact.because) put(out, Bytes(because));
  put_length(start, out.size() - start);
}

std::uint32_t FactRecord::length_of(std::span<const std::uint8_t> head) {
  std::uint32_t length = 0;
  for (std::size_t i = kHead; i-- > 0;) length = length << 8 | head[i];
  return length;
}

FactId FactRecord::id_of(std::span<const std::uint8_t> record) { return Cursor(record.subspan(kHead)).id(); }

FactRecord::FactRecord(std::span<const std::uint8_t> record) : bytes_(record) {
  Cursor at(record.subspan(kHead));
  id_ = at.id();
  about_ = static_cast<std::uint32_t>(at.number());
  extractor_ = static_cast<std::uint32_t>(at.number());
  const std::uint32_t length = length_of(at.take(kHead));
  values_ = at.take(length);
  origins_ = at.rest();
}

void FactRecord::cells(const FactKind& kind, std::vector<Cell>& out) const {
  Cursor at(values_);
  for (const Column& c : kind.columns) {
    const std::uint64_t what = at.rest().empty() ? kNull : at.number();
    if (what == kNull) out.emplace_back();
    else if (what == kInteger) out.push_back(Cell::of(unfolded(at.number())));
    else if (const Bytes text(at.take(static_cast<std::size_t>(what - kText))); c.type == ColumnType::bytes) out.push_back(Cell::of(text));
    else out.push_back(Cell::of(text.text()));
  }
}

void FactRecord::origins(std::vector<RecordOrigin>& out) const {
  Cursor at(origins_);
  for (std::uint64_t left = at.number(); left > 0; --left) {
    RecordOrigin o;
    o.blob = static_cast<std::uint32_t>(at.number());
    o.at = static_cast<std::int64_t>(at.number());
    o.length = static_cast<std::int64_t>(at.number());
    out.push_back(o);
  }
  for (std::uint64_t left = at.number(); left > 0; --left) {
    RecordOrigin o;
    o.because = at.id();
    out.push_back(o);
  }
}

}  // namespace klik
