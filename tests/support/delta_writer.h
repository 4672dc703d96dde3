// A pair of images and the incremental update between them, with an operation of every kind.
#pragma once

#include <string>
#include <vector>

#include "support/patch_writer.h"

namespace klik::test {

inline ByteVector words(std::size_t size, unsigned seed) {
  ByteVector out;
  std::uint32_t x = seed * 2654435761u + 1;
  while (out.size() < size) {
    x = x * 1664525u + 1013904223u;
    put(out, "word" + std::to_string((x >> 16) % 97) + ((x >> 24) % 11 == 0 ? "\n" : " "));
  }
  out.resize(size);
  return out;
}
inline ByteVector padded(ByteVector v) {
  v.resize((v.size() + 4095) / 4096 * 4096);
  return v;
}

// Lays pieces of the old and the new image and writes the operation that makes one of the other.
class DeltaWriter {
 public:
  // `data` makes `after` of `before`; both get whole blocks of their own, the old ones in two extents when there are several.
  void difference(std::uint32_t type, const ByteVector& before, const ByteVector& after, const ByteVector& data) {
    PayloadOperation operation{.type = type, .targets = {}, .data = data};
    operation.sources = append(before_, before);
    if (operation.sources.size() == 1 && operation.sources[0].second > 1) {
      const auto [start, count] = operation.sources[0];
      operation.sources = {{start, 1}, {start + 1, count - 1}};
    }
    operation.targets = append(after_, after);
    operation.source_bytes = padded(before);
    operations_.push_back(operation);
  }
  void copy(const ByteVector& bytes) { difference(4, bytes, padded(bytes), {}); }
  void whole(std::uint32_t type, const ByteVector& after, const ByteVector& data) { operations_.push_back({.type = type, .targets = append(after_, after), .data = data}); }
  void zeros(std::uint64_t blocks) { operations_.push_back({.type = 6, .targets = append(after_, ByteVector(blocks * 4096))}); }

  const ByteVector& before() const { return before_; }
  const ByteVector& after() const { return after_; }
  PayloadPartition partition(const std::string& name) const { return {.name = name, .size = after_.size(), .operations = operations_, .image = after_, .old_image = before_}; }

 private:
  static std::vector<std::pair<std::uint64_t, std::uint64_t>> append(ByteVector& image, const ByteVector& bytes) {
    const std::uint64_t start = image.size() / 4096;
    put(image, Bytes(padded(bytes)));
    return {{start, image.size() / 4096 - start}};
  }

  ByteVector before_, after_;
  std::vector<PayloadOperation> operations_;
};

inline DeltaWriter every_delta() {
  DeltaWriter w;
  const auto file_of = [](const ByteVector& content) {
    PuffinFile file{.bytes = padded(pattern(100, 3)), .deflates = {}};
    const ByteVector stream = deflated(content);
    file.deflates = {{file.bytes.size() * 8, stream.size() * 8}};
    put(file.bytes, Bytes(stream));
    file.bytes = padded(file.bytes);
    return file;
  };
  const ByteVector old_words = words(30000, 1), new_words = words(31000, 1);
  w.whole(0, pattern(4096, 9), pattern(4096, 9));
  w.copy(pattern(5 * 4096, 1));
  w.difference(5, pattern(9000, 2), words(12000, 2), bsdiff(padded(pattern(9000, 2)), words(12000, 2)));
  w.difference(10, old_words, new_words, bsdiff(padded(old_words), new_words, std::vector<BsdiffStep>{{30000, 1000, 0}}, {2, 2, 2}));
  const PuffinFile a = file_of(old_words), b = file_of(new_words);
  w.difference(9, a.bytes, b.bytes, puffin(a, b));
  w.difference(11, padded(pattern(5000, 7)), padded(pattern(8000, 8)), zucchini_of_nothing(padded(pattern(5000, 7)), padded(pattern(8000, 8))));
  const Lz4File old_lz4 = lz4_file(words(40000, 5)), new_lz4 = lz4_file(words(42000, 5));
  ByteVector old_plain = old_lz4.plain;   // behind the last block the old image has its padding
  old_plain.resize(old_plain.size() + padded(old_lz4.packed).size() - old_lz4.packed.size());
  w.difference(12, old_lz4.packed, new_lz4.packed, lz4diff(old_lz4, new_lz4, bsdiff(old_plain, new_lz4.plain, std::vector<BsdiffStep>{{40000, 2000, 0}})));
  w.difference(13, old_lz4.packed, new_lz4.packed, lz4diff(old_lz4, new_lz4, puffin({old_plain, {}}, {new_lz4.plain, {}}), {.kind = 1}));
  w.whole(8, words(20000, 6), xz(words(20000, 6)));
  w.zeros(2);
  return w;
}

}  // namespace klik::test
