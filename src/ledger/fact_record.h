// A fact as the writer of a case keeps it until the end: a short row of bytes, about half the size of its row in a table.
// Made and read by the same process only: never input, never kept.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "facts/fact.h"

namespace klik {

// A value as it stands in a record or in a row of a table. The text lies in the record.
struct Cell {
  enum class Type : std::uint8_t { null, integer, text, blob };
  Type type = Type::null;
  std::int64_t number = 0;
  std::string_view text{};

  static Cell of(std::int64_t number) { return {Type::integer, number, {}}; }
  static Cell of(std::string_view text) { return {Type::text, 0, text}; }
  static Cell of(Bytes bytes) { return {Type::blob, 0, bytes.text()}; }
  // In the order in which SQLite compares values.
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

// What the numbers in a record stand for is kept by StagedFacts.
struct RecordOrigin {
  static constexpr std::uint32_t kBecause = ~std::uint32_t{0};
  std::uint32_t blob = kBecause;           // kBecause: it follows from another fact
  std::int64_t at = 0, length = 0;
  FactId because{};
  friend bool operator==(const RecordOrigin&, const RecordOrigin&) = default;
};

// Borrows the bytes of the record.
class FactRecord {
 public:
  explicit FactRecord(std::span<const std::uint8_t> record);
  std::span<const std::uint8_t> bytes() const { return bytes_; }
  const FactId& id() const { return id_; }
  std::uint32_t about() const { return about_; }
  std::uint32_t extractor() const { return extractor_; }
  // One per column of the kind.
  void cells(const FactKind& kind, std::vector<Cell>& out) const;
  // In the order of the fact: places first, then facts that it follows from.
  void origins(std::vector<RecordOrigin>& out) const;

  // Appends the record of a fact to `out`. `blobs`: numbers of about and of each place.
  static void append(std::vector<std::uint8_t>& out, const Fact& fact, const FactId& id, std::span<const std::uint32_t> blobs, std::uint32_t extractor);
  static constexpr std::size_t kHead = 4;  // the first bytes hold the length of the whole
  static std::uint32_t length_of(std::span<const std::uint8_t> head);
  static FactId id_of(std::span<const std::uint8_t> record);

 private:
  std::span<const std::uint8_t> bytes_;
  FactId id_;
  std::uint32_t about_, extractor_;
  std::span<const std::uint8_t> values_, origins_;
};

}  // namespace klik
