// What a fact is: one row of a kind that is declared as data, about a blob or a build, pointing at its bytes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"

namespace klik {

// Bytes are known by their SHA-256. No default constructor: that is what makes provenance impossible to forget.
class BlobId {
 public:
  explicit BlobId(const Sha256Digest& sha256) : sha256_(sha256) {}
  const Sha256Digest& sha256() const { return sha256_; }
  friend auto operator<=>(const BlobId&, const BlobId&) = default;

 private:
  Sha256Digest sha256_;
};

// A byte range of a blob, decoded: offset 0 is the blob's first byte, wherever it lies in what was handed in.
struct Place {
  BlobId blob;
  std::uint64_t at;
  std::uint64_t length;
};

enum class ColumnType : std::uint8_t { integer, text, boolean, bytes };

struct Column {
  std::string_view name;
  ColumnType type;
  std::string_view doc;        // one sentence for docs/case-file.md
  bool key = false;            // part of the fact's identity
  bool nullable = false;       // null means: not stated by the input
};

// One STRICT table of the case file. The table's name is "_" + name with '.' as '_': "app.package" → _app_package.
struct FactKind {
  std::string_view name;       // domain.noun
  std::string_view doc;        // one sentence
  std::span<const Column> columns;
  std::string_view index = "blob_id";   // columns by which views find its rows: "blob_id, number" where a blob may have very many
};

using Value = std::variant<std::monostate, std::int64_t, std::string>;   // null, integer or boolean, text or bytes

using FactId = std::array<std::uint8_t, 16>;

struct Fact {
  const FactKind* kind;
  BlobId about;                     // the blob it is a statement on; for facts on a build, the build's digest
  std::vector<Value> values;        // one per column, in the order of the declaration
  std::vector<Place> origins;       // the bytes it rests on; the first is where the statement itself stands
  std::string_view extractor;       // static name with version: "manifest@2"
  std::vector<FactId> because{};    // other facts that it follows from
};

// 128 bits of SHA-256 over kind, key columns, blob and place: equal across runs, machines and cases.
FactId fact_id(const Fact& fact);

enum class ProblemSeverity : std::uint8_t { info, error, data_loss };

// Something about bytes that a person should know before trusting a result.
struct Problem {
  Error error;                 // code, offset, literal sentence
  ProblemSeverity severity;
  std::string detail{};        // names and values from the input, raw
  std::string advice{};
  std::optional<BlobId> about{};   // of an image extractor: the blob that `error.at` is an offset in; none: the build
};

// Producers push, they never query.
class FactSink {
 public:
  virtual ~FactSink() = default;
  virtual void fact(Fact fact) = 0;
  // On the blob that the running extractor was given.
  virtual void problem(Problem problem) = 0;
};

class RecordingSink final : public FactSink {
 public:
  void fact(Fact f) override { facts.push_back(std::move(f)); }
  void problem(Problem p) override { problems.push_back(std::move(p)); }
  std::vector<Fact> facts;
  std::vector<Problem> problems;
};

// Facts with values named instead of counted: Row(kind).set("name", …).set("target_sdk", 30).values().
// A column left out is null. REQUIRES: the kind has the column (checked with an assertion in tests and builds).
class Row {
 public:
  explicit Row(const FactKind& kind) : kind_(kind), values_(kind.columns.size()) {}
  Row& set(std::string_view column, std::string_view text);
  Row& set(std::string_view column, const char* text) { return set(column, std::string_view(text)); }
  Row& set(std::string_view column, std::int64_t number);
  Row& set(std::string_view column, bool value) { return set(column, std::int64_t{value}); }
  template <class T>
  Row& set(std::string_view column, const std::optional<T>& value) {
    return value ? set(column, *value) : *this;
  }
  // Ends the row; the object is empty afterwards.
  std::vector<Value> values() { return std::move(values_); }

 private:
  Value& at(std::string_view column);

  const FactKind& kind_;
  std::vector<Value> values_;
  std::size_t next_ = 0;            // behind the column set last: most rows are filled in the order of the declaration
};

}  // namespace klik
